/**
 * The pulse of a project: today until now, beside the same weekday a week ago until the same time; or all of yesterday
 * beside the same weekday.
 */
import { type Beside, besideOf } from "../parts/Change";
import type { CatalogueEvent, Series, SeriesAnswer, TrendsAnswer, TrendsQuestion } from "../api/words";

/** How a page is told by those who send page views. */
const PAGE_EVENTS = [
  { event: "IMPRESSION", property: "edata.pageid" },
  { event: "$pageview", property: "$pathname" },
  { event: "$screen", property: "$screen_name" },
] as const;
export type PageEvent = (typeof PAGE_EVENTS)[number];

/** Pages that the home lists. */
const PAGES = 8;
const WEEK_BEFORE = { to: "-1w" };

/** The event by which this app tells its pages: the most frequent of those that are known. */
export const pageEventOf = (events: readonly CatalogueEvent[]): PageEvent | undefined => {
  const first = events.find(({ name }) => PAGE_EVENTS.some(({ event }) => event === name));
  return PAGE_EVENTS.find(({ event }) => event === first?.name);
};

export const DAYS = ["today", "yesterday"] as const;
export type Day = (typeof DAYS)[number];

/** In the morning there is little of today to see, so the page begins with yesterday. */
const NOON = 12;
export function dayAt(now: string, timeZone: string): Day {
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" }).format(new Date(now));
  return Number(hour) < NOON ? "yesterday" : "today";
}

/** `now` closes today and the day beside it at the same time of day. */
const rangeOf = (day: Day, now: string): Pick<TrendsQuestion, "date_from" | "date_to"> =>
  day === "today" ? { date_from: "dStart", date_to: now } : { date_from: "-1dStart", date_to: "-1dEnd" };

/** Persons, sessions and page views, or all events where no page is told. */
export const pulseSeries = (pages: PageEvent | undefined): Series[] => [
  { event: null, math: "dau" },
  { event: null, math: "unique_session" },
  { event: pages?.event ?? null, math: "total" },
];

/** The three numbers by hour. */
export const pulseQuestion = (day: Day, now: string, pages: PageEvent | undefined): TrendsQuestion => ({
  series: pulseSeries(pages),
  ...rangeOf(day, now),
  interval: "hour",
  compare: WEEK_BEFORE,
});

/** The most seen pages of the day. */
export const pagesQuestion = (day: Day, now: string, pages: PageEvent): TrendsQuestion => ({
  series: [{ event: pages.event, math: "total" }],
  ...rangeOf(day, now),
  interval: "hour",
  compare: WEEK_BEFORE,
  breakdown: { property: pages.property, limit: PAGES, hide_other: true },
});

const totalOf = (line: SeriesAnswer | undefined): number => line?.total ?? line?.sum ?? 0;

export function beside(today: SeriesAnswer | undefined, before: SeriesAnswer | undefined): Beside {
  return besideOf(totalOf(today), totalOf(before));
}

const lineOf = (answer: TrendsAnswer, series: number, period: "current" | "previous", value?: string) =>
  answer.series.find(
    (line) => line.series === series && (line.compare_label ?? "current") === period && (line.breakdown_value ?? undefined) === value,
  );

/** The three numbers, in the order of the question. */
export const pulseOf = (answer: TrendsAnswer): Beside[] =>
  [0, 1, 2].map((series) => beside(lineOf(answer, series, "current"), lineOf(answer, series, "previous")));

/** Persons of each hour, and those of a week ago. */
export const curvesOf = (answer: TrendsAnswer): { now: (number | null)[]; before: (number | null)[] } => ({
  now: lineOf(answer, 0, "current")?.data ?? [],
  before: lineOf(answer, 0, "previous")?.data ?? [],
});

export interface PageRow extends Beside {
  page: string;
}

export const pagesOf = (answer: TrendsAnswer): PageRow[] =>
  answer.series
    .filter((line) => line.compare_label !== "previous" && line.breakdown_value != null && totalOf(line) > 0)
    .map((line) => {
      const page = line.breakdown_value ?? "";
      return { page, ...beside(line, lineOf(answer, 0, "previous", page)) };
    });
