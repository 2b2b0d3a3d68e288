import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Project, WorkflowRow } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { ExplainLine } from "../insights/frame/ExplainLine";
import { useReport } from "../insights/frame/useAnswer";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { type SessionsLink, workflowQuestionOf } from "../url/reports";
import { PersonLink } from "./PersonLink";
import classes from "./Sessions.module.css";
import { WorkflowDetail } from "./WorkflowDetail";

interface WorkflowListProps {
  project: Pick<Project, "id" | "time_zone">;
  link: SessionsLink;
}

/** Workflow summaries of Sunbird's events, the newest first; each opens in full. */
export function WorkflowList({ project, link }: WorkflowListProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [opened, setOpened] = useState<number>();
  const { data, error, busy, stale, answeredAt, retry } = useReport(project.id, "workflow", workflowQuestionOf(link));
  const rows = data?.workflows as readonly WorkflowRow[] | undefined;
  return (
    <>
      <ProgressLine on={busy} />
      {!data || !rows ? (
        error ? (
          <ErrorPanel error={error} onRetry={retry} />
        ) : (
          <LoadingRows rows={10} />
        )
      ) : (
        <Dimmed on={stale}>
          {rows.length === 0 ? (
            <Empty icon="sessions" title={t("sessions.noWorkflows")}>
              {t("sessions.noWorkflowsText")}
            </Empty>
          ) : (
            <>
              <Rows project={project} rows={rows} onOpen={setOpened} />
              <p className={classes.foot}>
                <span className="tm-quiet">
                  {t("people.shown", { shown: numbers.full(rows.length), of: numbers.full(data.count) })}
                </span>
              </p>
            </>
          )}
          <ExplainLine explain={data.explain} timeZone={project.time_zone} answeredAt={answeredAt} onRefresh={retry} />
        </Dimmed>
      )}
      <WorkflowDetail
        workflow={opened === undefined ? undefined : rows?.[opened]}
        timeZone={project.time_zone}
        onClose={() => setOpened(undefined)}
      />
    </>
  );
}

interface RowsProps extends Pick<WorkflowListProps, "project"> {
  rows: readonly WorkflowRow[];
  onOpen: (at: number) => void;
}

function Rows({ project, rows, onOpen }: RowsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("sessions.tab.workflow")}>
        <thead>
          <tr>
            <th scope="col">{t("sessions.start")}</th>
            <th scope="col">{t("sessions.type")}</th>
            <th scope="col">{t("people.person")}</th>
            <th scope="col" className="tm-number">
              {t("sessions.spent")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.interactions")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.perMinute")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.pages")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.answers")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={`${row.device_id} ${row.start} ${row.type} ${row.mode} ${at}`} data-open-able>
              <td className={classes.when}>
                <button type="button" className={classes.open} onClick={() => onOpen(at)}>
                  {dates.instant(row.start)}
                </button>
              </td>
              <td className={classes.text}>{[row.type, row.mode].filter(Boolean).join(" · ")}</td>
              <td className={classes.text}>
                <PersonLink projectId={project.id} row={row} />
              </td>
              <td className="tm-number">{numbers.duration(row.time_spent_s)}</td>
              <td className="tm-number">{numbers.full(row.interactions)}</td>
              <td className="tm-number">{numbers.full(row.interactions_per_minute)}</td>
              <td className="tm-number">{numbers.full(row.pages.length)}</td>
              <td className="tm-number">{numbers.full(row.items.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
