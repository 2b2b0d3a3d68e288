/** What a link to a stickiness carries. */
import { INTERVALS, type StickinessQuestion } from "../api/words";
import { type InsightUrl, rangeParts, readCount, readList, readMatch, readRange } from "./insight";
import { isRecord, present, readOneOf } from "./read";
import { SERIES_MAX } from "./trends";

export const COUNTS_ARE = ["gte", "lte", "exact"] as const;
/** So many events in one bucket nobody asks for. */
export const CRITERION_MAX = 1_000_000;

function readCriterion(value: unknown): StickinessQuestion["criterion"] {
  if (!isRecord(value)) return undefined;
  const operator = readOneOf(value["operator"], COUNTS_ARE);
  const count = readCount(value["value"], 1, CRITERION_MAX);
  return operator && count ? { operator, value: count } : undefined;
}

export const stickinessUrl: InsightUrl<StickinessQuestion> = {
  subject: "series",
  defaults: { date_from: "-7d", interval: "day" },
  read: (search) => {
    const series = readList(search["series"], readMatch, SERIES_MAX);
    return present({
      series: series.length > 0 ? series : undefined,
      interval: readOneOf(search["interval"], INTERVALS),
      criterion: readCriterion(search["criterion"]),
      cumulative: search["cumulative"] === true ? true : undefined,
      ...readRange(search),
    }) as Partial<StickinessQuestion>;
  },
  begin: (carried) => ({
    series: carried.subjects.length > 0 ? [...carried.subjects] : [{ event: null }],
    ...rangeParts(carried, "-30d"),
    interval: "day",
  }),
  subjects: (question) => question.series,
};
