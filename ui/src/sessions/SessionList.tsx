import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sessionsQuery } from "../api/queries";
import type { Project, SessionRow } from "../api/words";
import { useDates } from "../format/dates";
import { useLocale } from "../format/locale";
import { NO_NUMBER, useNumbers } from "../format/numbers";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { type SessionsLink, sessionsQuestionOf } from "../url/reports";
import { rowName } from "../web/names";
import { PersonLink } from "./PersonLink";
import classes from "./Sessions.module.css";

interface SessionListProps {
  project: Pick<Project, "id" | "time_zone">;
  link: SessionsLink;
  onChange: (link: SessionsLink) => void;
}

/** Sessions, the newest first. */
export function SessionList({ project, link, onChange }: SessionListProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const pages = useInfiniteQuery(sessionsQuery(project.id, sessionsQuestionOf(link)));
  const rows = pages.data?.pages.flatMap((page) => page.sessions);
  const count = pages.data?.pages[0]?.count ?? 0;
  return (
    <>
      <ProgressLine on={pages.isFetching} />
      {!rows ? (
        pages.error ? (
          <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />
        ) : (
          <LoadingRows rows={10} />
        )
      ) : rows.length === 0 ? (
        <Empty
          icon="sessions"
          title={t("sessions.empty")}
          actions={!link.infer && <Button onClick={() => onChange({ ...link, infer: true })}>{t("web.infer")}</Button>}
        >
          {t("sessions.emptyText")}
        </Empty>
      ) : (
        <Dimmed on={pages.isPlaceholderData}>
          <Rows project={project} rows={rows} />
          <div className={classes.foot}>
            <span className="tm-quiet">{t("people.shown", { shown: numbers.full(rows.length), of: numbers.full(count) })}</span>
            {pages.hasNextPage && (
              <Button variant="light" size="compact-sm" loading={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
                {t("events.more")}
              </Button>
            )}
          </div>
        </Dimmed>
      )}
    </>
  );
}

function Rows({ project, rows }: Pick<SessionListProps, "project"> & { rows: readonly SessionRow[] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const locale = useLocale();
  const dates = useDates(project.time_zone);
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("nav.sessions")}>
        <thead>
          <tr>
            <th scope="col">{t("sessions.start")}</th>
            <th scope="col">{t("people.person")}</th>
            <th scope="col" className="tm-number">
              {t("sessions.duration")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.seen")}
            </th>
            <th scope="col" className="tm-number">
              {t("sessions.clicks")}
            </th>
            <th scope="col">{t("sessions.way")}</th>
            <th scope="col">{t("web.table.channels")}</th>
            <th scope="col">{t("web.table.devices")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.session_id} data-open-able>
              <td className={classes.when}>{dates.instant(row.start)}</td>
              <td className={classes.text}>
                <PersonLink projectId={project.id} row={row} />
              </td>
              <td className="tm-number">
                {numbers.duration(row.duration_s)}
                {row.bounce === true && <span className="tm-quiet"> · {t("sessions.bounce")}</span>}
              </td>
              <td className="tm-number">{numbers.full(row.pageviews + row.screens)}</td>
              <td className="tm-number">{numbers.full(row.clicks)}</td>
              <td className={classes.text}>
                {[...new Set([row.entry_page, row.exit_page])].filter(Boolean).join(" → ") || NO_NUMBER}
              </td>
              <td>{rowName(t, locale, "channels", row.channel)}</td>
              <td className={classes.text}>{[row.device, row.browser].filter(Boolean).join(", ") || NO_NUMBER}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
