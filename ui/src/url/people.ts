/** What links to the list of persons and to one person carry. */
import type { Filter, TrendsQuestion } from "../api/words";
import { isComplete } from "../parts/filters/operators";
import { readRange, readSomeFilters } from "./insight";
import { present, readText } from "./read";

export interface PeopleLink {
  /** Part of an id that they sent. */
  search?: string;
  date_from?: string;
  date_to?: string;
  filters?: Filter[];
}

export function readPeopleLink(search: Record<string, unknown>): PeopleLink {
  const { date_from, date_to } = readRange(search);
  return present({ search: readText(search["search"]), date_from, date_to, filters: readSomeFilters(search["filters"]) } as PeopleLink);
}

/** Whoever had an event; its first number opens into the list. */
export function activeQuestionOf({ search, date_from, date_to, filters }: PeopleLink): TrendsQuestion {
  const asked: Filter[] = [
    ...(filters?.filter(isComplete) ?? []),
    ...(search ? [{ property: "distinct_id", operator: "icontains", value: search }] : []),
  ];
  return {
    series: [{ event: null, math: "dau" }],
    interval: "month",
    explicitDate: true,
    date_from: date_from ?? "-30d",
    ...(date_to ? { date_to } : {}),
    ...(asked.length > 0 ? { filters: asked } : {}),
  };
}

export interface PersonLink {
  /** Any id of the person. */
  id: string;
  date_from?: string;
  date_to?: string;
}

export function readPersonLink(search: Record<string, unknown>): PersonLink {
  const { date_from, date_to } = readRange(search);
  return present({ id: readText(search["id"]) ?? "", date_from, date_to } as PersonLink);
}
