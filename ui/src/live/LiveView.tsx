import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogueEvent, Project } from "../api/words";
import { EventDetail } from "../events/EventDetail";
import { EventTable } from "../events/EventTable";
import { EventPicker } from "../parts/EventPicker";
import { Icon } from "../parts/icons";
import { Page, Panel } from "../parts/Page";
import { Empty, ErrorPanel, LoadingRows } from "../parts/States";
import { Freshness } from "./Freshness";
import classes from "./Live.module.css";
import { NotKeptNotices } from "./NotKeptNotices";
import type { Live, LiveFilter } from "./useLive";

interface LiveViewProps {
  project: Pick<Project, "id" | "name" | "time_zone">;
  live: Live;
  /** The events from before the stream. */
  recent: { loading: boolean; error: unknown; retry: () => void };
  events: readonly CatalogueEvent[];
  event: string | null;
  distinctId: string;
  /** Whether the very first event has just come. */
  first: boolean;
  /** The event that a first trend is about. */
  busiest?: string;
  paused: boolean;
  onPause: (paused: boolean) => void;
  onFilter: (filter: LiveFilter) => void;
}

/** Events as they come in. */
export function LiveView(props: LiveViewProps) {
  const { project, live, recent, events, event, distinctId, first, busiest, paused, onPause, onFilter } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const [draft, setDraft] = useState(distinctId);
  const filtered = event !== null || distinctId !== "";
  const commit = () =>
    draft !== distinctId && onFilter({ ...(event ? { event } : {}), ...(draft ? { distinctId: draft.trim() } : {}) });
  const trend = busiest !== undefined && (
    <Link
      to="/p/$projectId/trends"
      params={{ projectId: project.id }}
      search={{ series: [{ event: busiest, math: "total" }], date_from: "-24h", interval: "hour" }}
      className={first ? classes.trendStrong : classes.trend}
    >
      <Icon name="trends" size={16} />
      {t("live.seeTrend")}
    </Link>
  );
  return (
    <Page
      title={t("nav.live")}
      marks={<Freshness live={live} paused={paused} />}
      actions={
        <>
          {!first && trend}
          <Button
            variant={paused ? "filled" : "default"}
            leftSection={<Icon name={paused ? "play" : "pause"} size={16} />}
            onClick={() => onPause(!paused)}
          >
            {paused ? t("live.resume", { count: live.held }) : t("live.pause")}
          </Button>
        </>
      }
    >
      {first && (
        <div className={classes.first} role="status">
          <Icon name="check" />
          <span className={classes.firstText}>{t("live.firstArrived")}</span>
          {trend}
        </div>
      )}
      <NotKeptNotices project={project.id} notices={live.notKept} />
      {live.missed > 0 && (
        <p role="status" className={classes.missed}>
          {t("live.missed")}
        </p>
      )}
      <Panel
        flush
        actions={
          <>
            <EventPicker
              label={t("live.filterEvent")}
              value={event}
              events={events}
              onChange={(next) => onFilter({ ...(next ? { event: next } : {}), ...(distinctId ? { distinctId } : {}) })}
            />
            <TextInput
              aria-label={t("live.filterPerson")}
              placeholder={t("live.filterPerson")}
              value={draft}
              onChange={(change) => setDraft(change.currentTarget.value)}
              onBlur={commit}
              onKeyDown={(key) => key.key === "Enter" && commit()}
            />
          </>
        }
      >
        {live.rows.length > 0 ? (
          <EventTable label={t("nav.live")} rows={live.rows} timeZone={project.time_zone} onOpen={setOpen} withMillis />
        ) : recent.error ? (
          <ErrorPanel error={recent.error} onRetry={recent.retry} />
        ) : recent.loading ? (
          <LoadingRows rows={8} />
        ) : (
          <Empty
            icon="live"
            title={filtered ? t("live.emptyFiltered") : t("live.empty")}
            actions={
              filtered ? (
                <Button variant="light" onClick={() => (setDraft(""), onFilter({}))}>
                  {t("action.clearFilters")}
                </Button>
              ) : (
                <Link to="/p/$projectId/start" params={{ projectId: project.id }}>
                  <Button component="span" variant="light">
                    {t("live.howToSend")}
                  </Button>
                </Link>
              )
            }
          >
            {filtered ? t("live.emptyFilteredText") : t("live.emptyText")}
          </Empty>
        )}
      </Panel>
      <EventDetail
        row={live.rows.find((row) => row.uuid === open) ?? null}
        timeZone={project.time_zone}
        projectId={project.id}
        onClose={() => setOpen(null)}
      />
    </Page>
  );
}
