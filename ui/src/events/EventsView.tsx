import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogueEvent, EventRow, Explain, Project } from "../api/words";
import { useNumbers } from "../format/numbers";
import { EventPicker } from "../parts/EventPicker";
import { Filters } from "../parts/filters/Filters";
import type { ValuesHook } from "../parts/filters/FilterValue";
import { Icon } from "../parts/icons";
import type { Properties } from "../parts/properties";
import { Page, Panel } from "../parts/Page";
import { RangePicker } from "../parts/RangePicker";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import type { EventsLink } from "../url/events";
import { EventDetail } from "./EventDetail";
import classes from "./Events.module.css";
import { EventTable } from "./EventTable";

interface EventsViewProps {
  project: Pick<Project, "id" | "time_zone">;
  link: EventsLink;
  events: readonly CatalogueEvent[];
  properties: Properties;
  /** Whether this app never sent an event. */
  never: boolean;
  useValues: ValuesHook;
  /** Undefined before the first answer. */
  rows: readonly EventRow[] | undefined;
  explain: Explain | undefined;
  error: unknown;
  busy: boolean;
  /** Whether the rows answer an older question. */
  stale: boolean;
  hasMore: boolean;
  onMore: () => void;
  onRetry: () => void;
  onChange: (link: EventsLink) => void;
}

/** The events themselves, newest first. */
export function EventsView(props: EventsViewProps) {
  const { project, link, rows, error, onChange } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const trends = (
    <Link
      to="/p/$projectId/trends"
      params={{ projectId: project.id }}
      search={{
        series: [{ event: link.event ?? null, math: "total" }],
        ...(link.filters ? { filters: link.filters } : {}),
      }}
    >
      <Button component="span" variant="default" leftSection={<Icon name="trends" size={16} />}>
        {t("live.seeTrend")}
      </Button>
    </Link>
  );
  return (
    <Page
      title={t("nav.events")}
      actions={
        <>
          {trends}
          <Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={props.onRetry}>
            {t("action.refresh")}
          </Button>
        </>
      }
    >
      <Question {...props} />
      <Panel flush>
        <ProgressLine on={props.busy} />
        {error && rows === undefined ? (
          <ErrorPanel error={error} onRetry={props.onRetry} />
        ) : rows === undefined ? (
          <LoadingRows rows={10} />
        ) : rows.length === 0 && props.never ? (
          <Empty
            icon="live"
            title={t("live.empty")}
            actions={
              <Link to="/p/$projectId/start" params={{ projectId: project.id }}>
                <Button component="span" variant="light">
                  {t("live.howToSend")}
                </Button>
              </Link>
            }
          >
            {t("live.emptyText")}
          </Empty>
        ) : rows.length === 0 ? (
          <Empty
            icon="search"
            title={t("events.empty")}
            actions={
              <Button variant="light" onClick={() => onChange({ date_from: "-30d" })}>
                {t("action.clearFilters")}
              </Button>
            }
          >
            {t("events.emptyText")}
          </Empty>
        ) : (
          <Dimmed on={props.stale}>
            <EventTable label={t("nav.events")} rows={rows} timeZone={project.time_zone} onOpen={setOpen} />
            <Foot {...props} shown={rows.length} />
          </Dimmed>
        )}
      </Panel>
      <EventDetail
        row={rows?.find((row) => row.uuid === open) ?? null}
        timeZone={project.time_zone}
        projectId={project.id}
        onClose={() => setOpen(null)}
      />
    </Page>
  );
}

/** What is asked for: event, person, range, conditions. */
function Question({ link, events, properties, useValues, onChange }: EventsViewProps) {
  const { t } = useTranslation();
  const [person, setPerson] = useState(link.person ?? "");
  const [shown, setShown] = useState(link.person ?? "");
  if (shown !== (link.person ?? "")) {
    // The address changed elsewhere: the field follows it.
    setShown(link.person ?? "");
    setPerson(link.person ?? "");
  }
  const set = (part: Partial<EventsLink>) => onChange({ ...link, ...part });
  const commit = () => {
    const { person: _old, ...rest } = link;
    if (person.trim() !== (link.person ?? "")) onChange(person.trim() ? { ...rest, person: person.trim() } : rest);
  };
  return (
    <Panel>
      <div className={classes.bar}>
        <EventPicker
          label={t("events.event")}
          value={link.event ?? null}
          events={events}
          onChange={(event) => {
            const { event: _old, ...rest } = link;
            onChange(event ? { ...rest, event } : rest);
          }}
        />
        <TextInput
          className={classes.personInput}
          aria-label={t("events.distinctId")}
          placeholder={t("events.distinctId")}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(key) => key.key === "Enter" && commit()}
        />
        <RangePicker
          range={{ from: link.date_from ?? "-24h", ...(link.date_to ? { to: link.date_to } : {}) }}
          onChange={(range) => {
            const { date_to: _old, ...rest } = link;
            onChange({ ...rest, date_from: range.from, ...(range.to ? { date_to: range.to } : {}) });
          }}
        />
      </div>
      <div style={{ marginBlockStart: 10 }}>
        <Filters
          filters={link.filters ?? []}
          properties={properties}
          useValues={useValues}
          onChange={(filters) => set({ filters })}
        />
      </div>
    </Panel>
  );
}

function Foot({ explain, hasMore, busy, onMore, shown }: EventsViewProps & { shown: number }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <div className={classes.more}>
      <span>
        {t("events.shown", { count: shown, number: numbers.full(shown) })}
        {explain &&
          ` · ${t("explain.cost", { rows: numbers.full(explain.rows_read), ms: numbers.milliseconds(explain.milliseconds) })}`}
      </span>
      {hasMore && (
        <Button variant="default" loading={busy} onClick={onMore}>
          {t("events.more")}
        </Button>
      )}
    </div>
  );
}
