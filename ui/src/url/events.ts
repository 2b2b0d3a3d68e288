/** What a link to the events explorer carries. */
import type { EventsQuestion, Filter } from "../api/words";
import { present, readFilters, readText } from "./read";

export interface EventsLink {
  event?: string;
  person?: string;
  date_from?: string;
  date_to?: string;
  filters?: Filter[];
}

/** How many events one page fetches. */
export const PAGE_ROWS = 100;

export function readEventsLink(search: Record<string, unknown>): EventsLink {
  const filters = readFilters(search["filters"]);
  return present<EventsLink>({
    event: readText(search["event"]),
    person: readText(search["person"]),
    date_from: readText(search["date_from"]),
    date_to: readText(search["date_to"]),
    filters: filters.length > 0 ? filters : undefined,
  } as EventsLink);
}

export const eventsQuestionOf = (link: EventsLink): EventsQuestion => ({
  ...link,
  date_from: link.date_from ?? "-24h",
  limit: PAGE_ROWS,
});
