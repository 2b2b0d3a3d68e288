import { Button, Menu, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SqlAnswer } from "../api/sql";
import { useNumbers } from "../format/numbers";
import { CopyButton } from "../parts/Copy";
import { Icon } from "../parts/icons";
import { Dimmed, Empty, LoadingRows, ProgressLine } from "../parts/States";
import { SQL_VIEWS, type SqlView } from "../url/sql";
import { tabbed } from "./cell";
import { Examples } from "./Examples";
import type { Example } from "./examples";
import classes from "./Result.module.css";
import { ResultChart } from "./ResultChart";
import { ResultTable } from "./ResultTable";
import { SqlError } from "./SqlError";
import type { Download } from "./useDownload";
import type { SqlRun } from "./useSqlRun";

export interface ResultPanelProps {
  run: SqlRun;
  download: Download;
  view: SqlView;
  onView: (view: SqlView) => void;
  /** Whether there is a query to run. */
  hasQuery: boolean;
  onRun: () => void;
  onPlace: (line: number, column: number) => void;
  examples: readonly Example[];
  onExample: (sql: string) => void;
}

/** What became of the query: rows, picture, refusal, or how to begin. */
export function ResultPanel(props: ResultPanelProps) {
  const { run } = props;
  const { t } = useTranslation();
  const busy = run.since !== undefined;
  const failed = run.error !== undefined;
  return (
    <section className="tm-panel" aria-label={t("sql.result")}>
      <ProgressLine on={busy} />
      {failed && <SqlError error={run.error} onRetry={props.onRun} onPlace={props.onPlace} />}
      {run.cancelled && (
        <p className={classes.note} role="status">
          {t("sql.cancelled")}
        </p>
      )}
      {run.last ? (
        // After a failure the rows of the query before it are still worth something, and marked as old.
        <>
          {failed && <p className={classes.note}>{t("sql.earlier")}</p>}
          <Dimmed on={busy || failed}>
            <Answer {...props} sql={run.last.sql} answer={run.last.answer} />
          </Dimmed>
        </>
      ) : busy ? (
        <LoadingRows rows={6} />
      ) : failed || run.cancelled ? null : props.hasQuery ? (
        <Empty
          icon="sql"
          title={t("sql.notRun")}
          actions={
            <Button variant="light" leftSection={<Icon name="play" size={15} />} onClick={props.onRun}>
              {t("sql.run")}
            </Button>
          }
        >
          {t("sql.notRunText")}
        </Empty>
      ) : (
        <Examples examples={props.examples} onOpen={props.onExample} />
      )}
    </section>
  );
}

function Answer({ sql, answer, view, onView, download }: ResultPanelProps & { sql: string; answer: SqlAnswer }) {
  const { t } = useTranslation();
  const nothing = answer.rows.length === 0;
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label={t("sql.view.label")}
          value={view}
          data={SQL_VIEWS.map((one) => ({ value: one, label: t(`sql.view.${one}`) }))}
          onChange={(next) => onView(SQL_VIEWS.find((one) => one === next) ?? "table")}
        />
        <Facts answer={answer} />
        <div className={classes.actions}>
          {!nothing && <CopyButton text={() => tabbed(answer)} label={t("sql.copyRows")} variant="default" />}
          <DownloadMenu download={download} sql={sql} />
        </div>
      </div>
      <Warnings answer={answer} />
      {download.error !== undefined && (
        <SqlError error={download.error} onRetry={() => download.start(sql, "csv")} />
      )}
      {nothing ? (
        <Empty icon="search" title={t("sql.noRows")}>
          {t("sql.noRowsText")}
        </Empty>
      ) : view === "table" ? (
        <ResultTable answer={answer} />
      ) : (
        <ResultChart answer={answer} kind={view} />
      )}
    </>
  );
}

function Facts({ answer }: { answer: SqlAnswer }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <p className={classes.told} role="status">
      <strong>{t("sql.rowCount", { count: answer.rows.length, number: numbers.full(answer.rows.length) })}</strong>
      {` · ${t("sql.took", { ms: numbers.milliseconds(answer.elapsedMs) })}`}
      {answer.snapshot !== undefined && (
        <span className="tm-quiet">{` · ${t("sql.snapshot", { number: numbers.full(answer.snapshot) })}`}</span>
      )}
    </p>
  );
}

function Warnings({ answer }: { answer: SqlAnswer }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const all = [
    ...(answer.truncated ? [t("sql.truncated", { number: numbers.full(answer.rows.length) })] : []),
    ...answer.warnings,
  ];
  if (all.length === 0) return null;
  return (
    <ul className={classes.warnings} aria-label={t("sql.warnings")}>
      {all.map((one) => (
        <li key={one}>
          <Icon name="warning" size={15} /> {one}
        </li>
      ))}
    </ul>
  );
}

function DownloadMenu({ download, sql }: { download: Download; sql: string }) {
  const { t } = useTranslation();
  if (download.busy) {
    return (
      <Button variant="default" leftSection={<Icon name="close" size={15} />} onClick={download.cancel}>
        {t("sql.cancelDownload")}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" shadow="md" width={250}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={16} />} rightSection={<Icon name="down" size={13} />}>
          {t("sql.download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(["csv", "parquet"] as const).map((format) => (
          <Menu.Item key={format} onClick={() => download.start(sql, format)}>
            {t(`sql.file.${format}.name`)}
            <span className={classes.menuNote}>{t(`sql.file.${format}.note`)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
