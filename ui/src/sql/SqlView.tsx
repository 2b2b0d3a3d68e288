import { Button, Drawer, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogueProperty, Project } from "../api/words";
import { useNumbers } from "../format/numbers";
import { CopyButton } from "../parts/Copy";
import { Icon } from "../parts/icons";
import { Page } from "../parts/Page";
import { LoadingRows } from "../parts/States";
import type { SqlView as View } from "../url/sql";
import { described } from "./about";
import type { EditorHandle } from "./editor/SqlEditor";
import { examplesFor } from "./examples";
import { ResultPanel } from "./ResultPanel";
import { SidePanel, type SidePanelProps } from "./SidePanel";
import classes from "./Sql.module.css";
import { Unavailable } from "./Unavailable";
import { useDraft } from "./useDraft";
import type { Download } from "./useDownload";
import type { History } from "./useHistory";
import type { SqlRun } from "./useSqlRun";

export interface SqlViewProps {
  project: Pick<Project, "id" | "time_zone">;
  /** The query in the address; empty when there is none. */
  linked: string;
  view: View;
  schema: SidePanelProps["schema"];
  properties: readonly CatalogueProperty[];
  history: History;
  run: SqlRun;
  download: Download;
  /** The address of a query; null when it is too long for one. */
  linkOf: (sql: string) => string | null;
  onDraft: (sql: string) => void;
  onView: (view: View) => void;
}

/** CodeMirror is most of the page's weight; tables, history and results do not wait for it. */
const SqlEditor = lazy(() => import("./editor/SqlEditor").then((module) => ({ default: module.SqlEditor })));

/** SQL over the project's events: the query and what can be asked above, what came of it below. */
export function SqlView(props: SqlViewProps) {
  const { project, schema, properties, history, run, linkOf } = props;
  const { t } = useTranslation();
  const editor = useRef<EditorHandle>(null);
  const draft = useDraft(props.linked, editor, props.onDraft);
  const narrow = useMediaQuery("(max-width: 62em)") ?? false;
  const [side, setSide] = useState(false);
  const tables = useMemo(() => described(t, schema.data?.tables ?? []), [t, schema.data]);
  const names = useMemo(() => properties.map((one) => one.name), [properties]);
  const start = (sql: string) => {
    if (sql.trim() !== "") run.run(sql);
  };
  const open = (sql: string) => {
    draft.open(sql);
    setSide(false);
  };
  const link = linkOf(draft.sql);
  const panel = (
    <SidePanel
      schema={schema}
      history={history}
      timeZone={project.time_zone}
      now={Date.now()}
      onInsert={(text) => {
        setSide(false);
        editor.current?.insert(text);
      }}
      onOpen={open}
    />
  );
  if (schema.data?.available === false) {
    return (
      <Page title={t("nav.sql")}>
        <Unavailable onRetry={() => void schema.refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={t("nav.sql")}
      actions={
        <>
          {narrow && (
            <Button variant="default" leftSection={<Icon name="data" size={16} />} onClick={() => setSide(true)}>
              {t("sql.sideTitle")}
            </Button>
          )}
          {link === null ? (
            <Tooltip label={t("sql.linkTooLong")}>
              <Button variant="default" data-disabled aria-disabled leftSection={<Icon name="copy" size={16} />}>
                {t("action.copyLink")}
              </Button>
            </Tooltip>
          ) : (
            <CopyButton text={link} label={t("action.copyLink")} variant="default" />
          )}
        </>
      }
    >
      <div className={classes.desk}>
        <section className={`tm-panel ${classes.writing}`} aria-label={t("sql.query")}>
          <div className={classes.editor}>
            <Suspense fallback={<LoadingRows rows={4} height={14} />}>
              <SqlEditor
                ref={editor}
                initial={draft.sql}
                tables={tables}
                properties={names}
                onChange={draft.typed}
                onRun={start}
              />
            </Suspense>
          </div>
          <div className={classes.toolbar}>
            <RunButton run={run} empty={draft.sql.trim() === ""} onRun={() => start(draft.sql)} />
          </div>
        </section>
        {!narrow && <aside className={`tm-panel ${classes.aside}`}>{panel}</aside>}
      </div>
      <ResultPanel
        run={run}
        download={props.download}
        view={props.view}
        onView={props.onView}
        hasQuery={draft.sql.trim() !== ""}
        onRun={() => start(draft.sql)}
        onPlace={(line, column) => editor.current?.goTo(line, column)}
        examples={examplesFor(tables, properties)}
        onExample={(sql) => {
          draft.open(sql);
          start(sql);
        }}
      />
      {narrow && (
        <Drawer
          opened={side}
          onClose={() => setSide(false)}
          title={t("sql.sideTitle")}
          size="sm"
          closeButtonProps={{ "aria-label": t("action.close") }}
          returnFocus={false}
        >
          {panel}
        </Drawer>
      )}
    </Page>
  );
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

function RunButton({ run, empty, onRun }: { run: SqlRun; empty: boolean; onRun: () => void }) {
  const { t } = useTranslation();
  if (run.since !== undefined) {
    return (
      <>
        <Button color="red" variant="light" leftSection={<Icon name="close" size={15} />} onClick={run.cancel}>
          {t("sql.cancel")}
        </Button>
        <Elapsed since={run.since} />
      </>
    );
  }
  return (
    <>
      <Button leftSection={<Icon name="play" size={15} />} disabled={empty} onClick={onRun}>
        {t("sql.run")}
      </Button>
      <span className={`${classes.keys} ${classes.shortcut}`}>
        <kbd>{isMac() ? "⌘" : "Ctrl"}</kbd> <kbd>↵</kbd>
      </span>
    </>
  );
}

/** For how long a query has been running. */
function Elapsed({ since }: { since: number }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return <span className={classes.keys}>{t("sql.running", { seconds: numbers.full(Math.round((now - since) / 1000)) })}</span>;
}
