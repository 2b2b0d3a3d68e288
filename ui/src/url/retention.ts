/** What a link to a retention carries, and how its intervals stand for a range. */
import { PERIODS, type RetentionQuestion, STARTS } from "../api/words";
import { type InsightUrl, readCount, readMatch, readSomeFilters } from "./insight";
import { present, readOneOf, readText } from "./read";
import { readBreakdown } from "./trends";

export const INTERVALS_MAX = 100;
export const DEFAULT_INTERVALS = 8;

export const retentionUrl: InsightUrl<RetentionQuestion> = {
  subject: "start_event",
  defaults: { period: "day", start: "recurring", intervals: DEFAULT_INTERVALS, reference: "total" },
  read: (search) =>
    present({
      start_event: readMatch(search["start_event"]),
      return_event: readMatch(search["return_event"]),
      start: readOneOf(search["start"], STARTS),
      period: readOneOf(search["period"], PERIODS),
      intervals: readCount(search["intervals"], 1, INTERVALS_MAX),
      date_to: readText(search["date_to"]),
      rolling: search["rolling"] === true ? true : undefined,
      cumulative: search["cumulative"] === true ? true : undefined,
      minimum_occurrences: readCount(search["minimum_occurrences"], 2, 1_000),
      reference: readOneOf(search["reference"], ["total", "previous"] as const),
      breakdown: readBreakdown(search["breakdown"]),
      filters: readSomeFilters(search["filters"]),
    }) as Partial<RetentionQuestion>,
  begin: ({ subjects, filters, range }) => ({
    start_event: subjects[0] ?? { event: null },
    ...(subjects[1] ? { return_event: subjects[1] } : {}),
    period: "day",
    intervals: DEFAULT_INTERVALS,
    ...(range?.to ? { date_to: range.to } : {}),
    ...(filters && filters.length > 0 ? { filters } : {}),
  }),
  subjects: ({ start_event, return_event }) => (return_event ? [start_event, return_event] : [start_event]),
};
