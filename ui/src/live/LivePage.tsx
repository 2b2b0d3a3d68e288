import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { catalogueQuery, eventsQuery } from "../api/queries";
import type { EventRow } from "../api/words";
import { useProject } from "../shell/useProject";
import { withEvents } from "./liveBuffer";
import { LiveView } from "./LiveView";
import { useLive } from "./useLive";

/** How many events from before the page was opened stand below the stream. */
const RECENT_ROWS = 50;

export function LivePage() {
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/live" });
  const search = useSearch({ from: "/p/$projectId/live" });
  const [paused, setPaused] = useState(false);
  const filter = {
    ...(search.event ? { event: search.event } : {}),
    ...(search.distinct_id ? { distinctId: search.distinct_id } : {}),
  };
  const live = useLive(project.id, filter, paused);
  const recent = useInfiniteQuery({
    ...eventsQuery(project.id, {
      ...(search.event ? { event: search.event } : {}),
      ...(search.distinct_id ? { person: search.distinct_id } : {}),
      date_from: "-24h",
      limit: RECENT_ROWS,
    }),
    staleTime: 0,
  });
  const catalogue = useQuery({ ...catalogueQuery(project.id), refetchOnMount: search.first ? "always" : true });
  const before: EventRow[] | undefined = recent.data?.pages[0]?.events;
  const rows = useMemo(() => withEvents(live.rows, before ?? []), [live.rows, before]);
  const busiest = catalogue.data?.events[0]?.name ?? rows[0]?.event;
  return (
    <LiveView
      project={project}
      live={{ ...live, rows }}
      recent={{ loading: recent.isPending, error: recent.error, retry: () => void recent.refetch() }}
      events={catalogue.data?.events ?? []}
      event={search.event ?? null}
      distinctId={search.distinct_id ?? ""}
      first={search.first === true}
      {...(busiest ? { busiest } : {})}
      paused={paused}
      onPause={setPaused}
      onFilter={(next) =>
        void navigate({
          search: {
            ...(next.event ? { event: next.event } : {}),
            ...(next.distinctId ? { distinct_id: next.distinctId } : {}),
          },
          replace: true,
        })
      }
    />
  );
}
