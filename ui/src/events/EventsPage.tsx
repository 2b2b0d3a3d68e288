import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { catalogueQuery, eventsQuery } from "../api/queries";
import { isComplete } from "../parts/filters/operators";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { useProperties } from "../parts/useProperties";
import { useProject } from "../shell/useProject";
import { type EventsLink, eventsQuestionOf } from "../url/events";
import { present } from "../url/read";
import { EventsView } from "./EventsView";

export function EventsPage() {
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/events" });
  const link = useSearch({ from: "/p/$projectId/events" });
  const catalogue = useQuery(catalogueQuery(project.id));
  const properties = useProperties(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const filters = link.filters?.filter(isComplete);
  const question = eventsQuestionOf(present({ ...link, filters: filters?.length ? filters : undefined } as EventsLink));
  const pages = useInfiniteQuery(eventsQuery(project.id, question));
  return (
    <EventsView
      project={project}
      link={link}
      events={catalogue.data?.events ?? []}
      properties={properties}
      never={catalogue.data?.events.length === 0}
      useValues={useValues}
      rows={pages.data?.pages.flatMap((page) => page.events)}
      explain={pages.data?.pages[0]?.explain}
      error={pages.error}
      busy={pages.isFetching}
      stale={pages.isPlaceholderData}
      hasMore={pages.hasNextPage}
      onMore={() => void pages.fetchNextPage()}
      onRetry={() => void pages.refetch()}
      onChange={(next) => void navigate({ search: present(next) })}
    />
  );
}
