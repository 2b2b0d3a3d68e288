import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SqlSchema } from "../api/sql";
import { Loaded, LoadingRows } from "../parts/States";
import { HistoryList } from "./HistoryList";
import { SchemaTree } from "./SchemaTree";
import classes from "./Sql.module.css";
import type { History } from "./useHistory";

export interface SidePanelProps {
  schema: { data: SqlSchema | undefined; error: unknown; refetch: () => unknown };
  history: History;
  timeZone: string;
  now: number;
  onInsert: (text: string) => void;
  onOpen: (sql: string) => void;
}

/** Beside the editor: what can be asked for, and what was asked before. */
export function SidePanel({ schema, history, timeZone, now, onInsert, onOpen }: SidePanelProps) {
  const { t } = useTranslation();
  return (
    <Tabs defaultValue="tables" keepMounted={false} className={classes.side}>
      <Tabs.List>
        <Tabs.Tab value="tables">{t("sql.tables")}</Tabs.Tab>
        <Tabs.Tab value="history">{t("sql.history")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="tables" className={classes.sidePart}>
        <Loaded query={schema} loading={<LoadingRows rows={8} height={14} />}>
          {(known) => <SchemaTree tables={known.tables} onInsert={onInsert} />}
        </Loaded>
      </Tabs.Panel>
      <Tabs.Panel value="history" className={classes.sidePart}>
        <HistoryList history={history} timeZone={timeZone} now={now} onOpen={onOpen} />
      </Tabs.Panel>
    </Tabs>
  );
}
