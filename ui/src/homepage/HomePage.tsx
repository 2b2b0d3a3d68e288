import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { answerQuery, catalogueQuery, insightsQuery } from "../api/queries";
import { useProject } from "../shell/useProject";
import { HomeView } from "./HomeView";
import { dayAt, pageEventOf, pagesQuestion, pulseQuestion } from "./pulse";

/** How old the pulse may be. */
const PULSE_MS = 60_000;

/** Now, to the minute; a page that is not looked at stands still. */
function useMinute(): string {
  const read = () => new Date(Math.floor(Date.now() / PULSE_MS) * PULSE_MS).toISOString();
  const [minute, setMinute] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && setMinute(read()), PULSE_MS);
    return () => clearInterval(timer);
  }, []);
  return minute;
}

/** How the day goes, what changed, and where the work was left. */
export function HomePage() {
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/home" });
  const chosen = useSearch({ from: "/p/$projectId/home" }).day;
  const now = useMinute();
  const day = chosen ?? dayAt(now, project.time_zone);
  const catalogue = useQuery(catalogueQuery(project.id));
  const pages = catalogue.data && pageEventOf(catalogue.data.events);
  const known = catalogue.data !== undefined && catalogue.data.events.length > 0;
  const pulse = useQuery({ ...answerQuery(project.id, { kind: "trends", ...pulseQuestion(day, now, pages) }), enabled: known });
  const seen = useQuery({
    ...answerQuery(project.id, {
      kind: "trends",
      ...pagesQuestion(day, now, pages ?? { event: "$pageview", property: "$pathname" }),
    }),
    enabled: pages !== undefined,
  });
  const insights = useQuery(insightsQuery(project.id));
  return (
    <HomeView
      project={project}
      now={now}
      day={day}
      onDay={(next) => void navigate({ search: { day: next } })}
      never={catalogue.data?.events.length === 0}
      pageEvent={pages}
      pulse={pulse.data}
      pages={seen.data}
      insights={insights.data?.insights}
      stale={pulse.isPlaceholderData || seen.isPlaceholderData}
      busy={pulse.isFetching || seen.isFetching}
      error={catalogue.error ?? pulse.error ?? seen.error ?? insights.error}
      onRetry={() => {
        for (const query of [catalogue, pulse, seen, insights]) if (query.error) void query.refetch();
      }}
    />
  );
}
