/** What a link to a trend carries. */
import { DISPLAYS, INTERVALS, MATHS, type Breakdown, type BreakdownBy, type EventMatch, type Series, type TrendsQuestion } from "../api/words";
import { readCompare } from "./compare";
import { type InsightUrl, rangeParts, readCount, readList, readMatch, readRange } from "./insight";
import { fittingInterval } from "./range";
import { isRecord, present, readNumber, readOneOf, readText } from "./read";

/** More lines than letters of the alphabet cannot be asked for. */
export const SERIES_MAX = 26;

function readSeries(value: unknown): Series | undefined {
  if (!isRecord(value)) return undefined;
  return present({
    ...readMatch(value),
    math: readOneOf(value["math"], MATHS) ?? "total",
    property: readText(value["property"]),
  }) as Series;
}

/** The server splits by at most two more properties, and makes at most so many bins. */
export const MORE_MAX = 2;
export const BINS_MAX = 100;

/** More rows than this nobody compares; 0 is everybody. */
const COHORTS_MAX = 20;
const readCohort = (value: unknown): number | undefined => readCount(value, 0, Number.MAX_SAFE_INTEGER);

function readBy(value: unknown): BreakdownBy | undefined {
  if (!isRecord(value)) return undefined;
  const property = readText(value["property"]);
  if (!property) return undefined;
  return present({
    property,
    type: value["type"] === "person" ? "person" : undefined,
    bins: readCount(value["bins"], 1, BINS_MAX),
  }) as BreakdownBy;
}

export function readBreakdown(value: unknown): Breakdown | undefined {
  if (!isRecord(value)) return undefined;
  const cohorts = readList(value["cohorts"], readCohort, COHORTS_MAX);
  if (cohorts.length > 0) return { property: "", cohorts };
  const first = readBy(value);
  if (!first) return undefined;
  const more = readList(value["and"], readBy, MORE_MAX);
  return present({
    ...first,
    limit: readNumber(value["limit"]),
    hide_other: value["hide_other"] === true ? true : undefined,
    and: more.length > 0 ? more : undefined,
  }) as Breakdown;
}

/** A mean over more points than this shows nothing. */
export const SMOOTHING_MAX = 366;
const FORMULA_CHARS_MAX = 500;

const matchOf = ({ event, action, filters, label }: Series): EventMatch =>
  present({ event: action === undefined ? (event ?? null) : undefined, action, filters, label } as EventMatch);

export const trendsUrl: InsightUrl<TrendsQuestion> = {
  subject: "series",
  defaults: { date_from: "-7d", interval: "day", display: "line" },
  read: (search) => {
    const series = readList(search["series"], readSeries, SERIES_MAX);
    return present({
      series: series.length > 0 ? series : undefined,
      interval: readOneOf(search["interval"], INTERVALS),
      breakdown: readBreakdown(search["breakdown"]),
      formula: readText(search["formula"])?.slice(0, FORMULA_CHARS_MAX),
      compare: readCompare(search["compare"]),
      cumulative: search["cumulative"] === true ? true : undefined,
      display: readOneOf(search["display"], DISPLAYS),
      smoothing: readCount(search["smoothing"], 2, SMOOTHING_MAX),
      ...readRange(search),
    }) as Partial<TrendsQuestion>;
  },
  begin: (carried) => ({
    series: (carried.subjects.length > 0 ? carried.subjects : [{ event: null }]).map((one) => ({ ...one, math: "total" })),
    ...rangeParts(carried),
    interval: carried.range ? fittingInterval(carried.range) : "day",
  }),
  subjects: (question) => question.series.map(matchOf),
};
