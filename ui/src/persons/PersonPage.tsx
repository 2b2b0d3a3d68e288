import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/errors";
import { eventsQuery, personQuery } from "../api/queries";
import { EventDetail } from "../events/EventDetail";
import { EventTable } from "../events/EventTable";
import { useNumbers } from "../format/numbers";
import { Page, Panel } from "../parts/Page";
import { RangePicker } from "../parts/RangePicker";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { useProject } from "../shell/useProject";
import { PAGE_ROWS } from "../url/events";
import { type PersonLink, readPersonLink } from "../url/people";
import classes from "./Persons.module.css";
import { IdentityMark, Profile } from "./Profile";

/** One person: what is known of them, and what they did. */
export function PersonPage() {
  const { t } = useTranslation();
  const project = useProject();
  const link = useSearch({ from: "/p/$projectId/person" });
  const person = useQuery(personQuery(project.id, link.id));
  if (person.error instanceof ApiError && person.error.status === 404) {
    return (
      <Page title={link.id || t("nav.people")}>
        <section className="tm-panel">
          <Empty
            icon="people"
            title={t("persons.missing")}
            actions={
              <Link to="/p/$projectId/people" params={{ projectId: project.id }}>
                <Button component="span">{t("nav.people")}</Button>
              </Link>
            }
          />
        </section>
      </Page>
    );
  }
  return (
    <Page title={person.data?.person ?? link.id} {...(person.data ? { marks: <IdentityMark person={person.data} /> } : {})}>
      <section className="tm-panel" aria-label={t("persons.properties")}>
        {person.data ? (
          <Profile person={person.data} timeZone={project.time_zone} />
        ) : person.error ? (
          <ErrorPanel error={person.error} onRetry={() => void person.refetch()} />
        ) : (
          <LoadingRows rows={4} />
        )}
      </section>
      <Timeline link={link} />
    </Page>
  );
}

/** Their events, the newest first. */
function Timeline({ link }: { link: PersonLink }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/person" });
  const [opened, setOpened] = useState<string>();
  const { id } = link;
  const range = { from: link.date_from ?? "-30d", ...(link.date_to ? { to: link.date_to } : {}) };
  const pages = useInfiniteQuery(
    eventsQuery(project.id, { person: id, date_from: range.from, ...(link.date_to ? { date_to: link.date_to } : {}), limit: PAGE_ROWS }),
  );
  const rows = pages.data?.pages.flatMap((page) => page.events);
  const detail = rows?.find((row) => row.uuid === opened);
  return (
    <Panel
      title={t("persons.timeline")}
      flush
      actions={
        <RangePicker
          range={range}
          onChange={({ from, to }) =>
            void navigate({ search: readPersonLink({ id, date_from: from, ...(to ? { date_to: to } : {}) }) })
          }
        />
      }
    >
      <ProgressLine on={pages.isFetching} />
      {!rows ? (
        pages.error ? (
          <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />
        ) : (
          <LoadingRows rows={8} />
        )
      ) : rows.length === 0 ? (
        <Empty icon="events" title={t("events.empty")}>
          {t("persons.emptyText")}
        </Empty>
      ) : (
        <Dimmed on={pages.isPlaceholderData}>
          <EventTable label={t("persons.timeline")} rows={rows} timeZone={project.time_zone} onOpen={setOpened} />
          <div className={classes.foot}>
            <span className="tm-quiet">{t("events.shown", { count: rows.length, number: numbers.full(rows.length) })}</span>
            {pages.hasNextPage && (
              <Button variant="light" size="compact-sm" loading={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
                {t("events.more")}
              </Button>
            )}
          </div>
        </Dimmed>
      )}
      <EventDetail projectId={project.id} timeZone={project.time_zone} row={detail ?? null} onClose={() => setOpened(undefined)} />
    </Panel>
  );
}
