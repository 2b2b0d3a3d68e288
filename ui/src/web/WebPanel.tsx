import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { WebAnswer, WebRowFilter, WebTable } from "../api/words";
import { Panel } from "../parts/Page";
import { Empty, LoadingRows } from "../parts/States";
import { PANELS, type PanelName, shownTable, type WebLink, withTable } from "../url/web";
import classes from "./Web.module.css";
import { WebRows } from "./WebRows";

interface WebPanelProps {
  panel: PanelName;
  link: WebLink;
  answer: WebAnswer;
  onChange: (link: WebLink) => void;
  /** Narrows the page to the visits in a row. */
  onPick: (row: WebRowFilter) => void;
  /** Opens the people of a row. */
  onOpen: (row: WebRowFilter) => void;
}

/** Tables about one matter, one of them shown. */
export function WebPanel({ panel, link, answer, onChange, onPick, onOpen }: WebPanelProps) {
  const { t } = useTranslation();
  const shown = shownTable(link, panel);
  const tables: readonly WebTable[] = PANELS[panel];
  const found = answer.tables.find(({ table }) => table === shown);
  return (
    <Panel
      title={t(`web.panel.${panel}`)}
      flush
      actions={
        <SegmentedControl
          size="xs"
          className={classes.tabs}
          aria-label={t(`web.panel.${panel}`)}
          data={tables.map((table) => ({ value: table, label: t(`web.tab.${table}`) }))}
          value={shown}
          onChange={(next) => {
            const table = tables.find((one) => one === next);
            if (table) onChange(withTable(link, panel, table));
          }}
        />
      }
    >
      {!found ? (
        <LoadingRows rows={5} height={22} />
      ) : found.rows.length === 0 ? (
        <Empty icon="web" title={t("web.noRows")} />
      ) : (
        <WebRows table={found} compared={answer.previous !== null && answer.previous !== undefined} {...{ link, onPick, onOpen }} />
      )}
    </Panel>
  );
}
