/** What a link to a trend carries: the whole question, and which saved insight it started from. */
import { INTERVALS, MATHS, type Breakdown, type Series, type TrendsQuestion } from "../api/words";
import { isRecord, present, readFilters, readNumber, readOneOf, readText } from "./read";

/** More lines than letters of the alphabet cannot be asked for. */
export const SERIES_MAX = 26;

export interface TrendsLink {
  insight?: number;
  series?: Series[];
  date_from?: string;
  date_to?: string;
  explicitDate?: boolean;
  interval?: TrendsQuestion["interval"];
  breakdown?: Breakdown;
  filters?: TrendsQuestion["filters"];
}

/** What a page without a question asks: all events of the last seven days, by day. */
export const DEFAULT_TRENDS: TrendsQuestion = {
  series: [{ event: null, math: "total" }],
  date_from: "-7d",
  interval: "day",
};

function readSeries(value: unknown): Series | undefined {
  if (!isRecord(value)) return undefined;
  const filters = readFilters(value["filters"]);
  return present<Series>({
    event: readText(value["event"]) ?? null,
    math: readOneOf(value["math"], MATHS) ?? "total",
    property: readText(value["property"]),
    filters: filters.length > 0 ? filters : undefined,
    label: readText(value["label"]),
  } as Series);
}

function readBreakdown(value: unknown): Breakdown | undefined {
  if (!isRecord(value)) return undefined;
  const property = readText(value["property"]);
  if (!property) return undefined;
  return present({
    property,
    limit: readNumber(value["limit"]),
    hide_other: value["hide_other"] === true ? true : undefined,
  } as Breakdown);
}

export function readTrendsLink(search: Record<string, unknown>): TrendsLink {
  const series = Array.isArray(search["series"])
    ? search["series"]
        .map(readSeries)
        .filter((one) => one !== undefined)
        .slice(0, SERIES_MAX)
    : [];
  const filters = readFilters(search["filters"]);
  return present<TrendsLink>({
    insight: readNumber(search["insight"]),
    series: series.length > 0 ? series : undefined,
    date_from: readText(search["date_from"]),
    date_to: readText(search["date_to"]),
    explicitDate: search["explicitDate"] === true ? true : undefined,
    interval: readOneOf(search["interval"], INTERVALS),
    breakdown: readBreakdown(search["breakdown"]),
    filters: filters.length > 0 ? filters : undefined,
  } as TrendsLink);
}

/** The question of a link; undefined when the link names only a saved insight, whose own question then stands. */
export function questionOf(link: TrendsLink): TrendsQuestion | undefined {
  const { insight, ...question } = link;
  if (question.series) return { ...question, series: question.series } as TrendsQuestion;
  return insight === undefined ? { ...DEFAULT_TRENDS, ...question } as TrendsQuestion : undefined;
}

export function linkOf(question: TrendsQuestion, insight?: number): TrendsLink {
  return readTrendsLink({ ...question, insight });
}

/** Two questions that mean the same have the same text, whatever was left out or written out. */
export function canonical(question: TrendsQuestion): string {
  const link = linkOf(question);
  const whole = { ...link, date_from: link.date_from ?? "-7d", interval: link.interval ?? "day" };
  return JSON.stringify(whole, (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
