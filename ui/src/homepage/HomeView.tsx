import { Button, SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Insight, Project, TrendsAnswer } from "../api/words";
import { useDates } from "../format/dates";
import { Page, Panel } from "../parts/Page";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { gistOf } from "../insights/saved/gist";
import { screenOf } from "../insights/saved/screenOf";
import classes from "./Home.module.css";
import { PagesTable } from "./PagesTable";
import { type Day, DAYS, type PageEvent, pagesOf } from "./pulse";
import { PulsePanel } from "./PulsePanel";

interface HomeViewProps {
  project: Pick<Project, "id" | "name" | "time_zone">;
  /** RFC 3339; both days end at this time of day. */
  now: string;
  day: Day;
  onDay: (day: Day) => void;
  /** Whether this app never sent an event. */
  never: boolean;
  pageEvent: PageEvent | undefined;
  /** Undefined before the first answer. */
  pulse: TrendsAnswer | undefined;
  pages: TrendsAnswer | undefined;
  insights: readonly Insight[] | undefined;
  busy: boolean;
  /** Whether the numbers are of the other day still. */
  stale: boolean;
  error: unknown;
  onRetry: () => void;
}

/** As many as fit beside the pages. */
const RECENT_MAX = 8;

/** The first page of the morning. A new app sees what to do next instead. */
export function HomeView(props: HomeViewProps) {
  const { project, now, day, onDay, never, pageEvent, pulse, pages, insights, busy, stale, error, onRetry } = props;
  const { t } = useTranslation();
  const dates = useDates(project.time_zone);
  if (never) return <FirstSteps project={project} />;
  const waiting = error ? <ErrorPanel error={error} onRetry={onRetry} /> : <LoadingRows rows={7} height={28} />;
  return (
    <Page
      title={project.name}
      lead={day === "today" ? t("home.lead", { at: dates.instant(now) }) : t("home.leadYesterday")}
      actions={
        <SegmentedControl
          aria-label={t("home.which")}
          data={DAYS.map((one) => ({ value: one, label: t(`home.day.${one}`) }))}
          value={day}
          onChange={(next) => onDay(DAYS.find((one) => one === next) ?? day)}
        />
      }
    >
      <section className="tm-panel" aria-label={t("home.pulse")}>
        <ProgressLine on={busy} />
        {pulse ? (
          <Dimmed on={stale}>
            <PulsePanel answer={pulse} {...{ project, day, pageEvent }} />
          </Dimmed>
        ) : (
          waiting
        )}
      </section>
      <div className={classes.halves}>
        {pageEvent && (
          <Panel title={t("home.pages")} flush>
            {pages ? (
              <Dimmed on={stale}>
                <PagesTable projectId={project.id} pageEvent={pageEvent} rows={pagesOf(pages)} />
              </Dimmed>
            ) : (
              waiting
            )}
          </Panel>
        )}
        <Panel
          title={t("home.recent")}
          flush
          actions={
            <Link to="/p/$projectId/dashboard" params={{ projectId: project.id }}>
              {t("home.dashboard")}
            </Link>
          }
        >
          {insights ? <Recent project={project} insights={insights} /> : waiting}
        </Panel>
      </div>
    </Page>
  );
}

/** What was saved or changed last. */
function Recent({ project, insights }: Pick<HomeViewProps, "project"> & { insights: readonly Insight[] }) {
  const { t } = useTranslation();
  const dates = useDates(project.time_zone);
  if (insights.length === 0) return <Empty icon="insights" title={t("saved.empty")} />;
  const recent = [...insights].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)).slice(0, RECENT_MAX);
  return (
    <table className="tm-table" aria-label={t("home.recent")}>
      <tbody>
        {recent.map((insight) => (
          <tr key={insight.id} data-open-able>
            <td>
              <Link to={screenOf(insight)} params={{ projectId: project.id }} search={{ insight: insight.id }}>
                {insight.name}
              </Link>
              <div className={`${classes.gist} tm-clip`}>{gistOf(t, insight)}</div>
            </td>
            <td className="tm-number tm-quiet">{dates.day(insight.updated_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FirstSteps({ project }: Pick<HomeViewProps, "project">) {
  const { t } = useTranslation();
  return (
    <Page title={project.name}>
      <section className="tm-panel">
        <Empty
          icon="live"
          title={t("live.empty")}
          actions={
            <Link to="/p/$projectId/start" params={{ projectId: project.id }}>
              <Button component="span">{t("live.howToSend")}</Button>
            </Link>
          }
        >
          {t("home.firstText")}
        </Empty>
      </section>
    </Page>
  );
}
