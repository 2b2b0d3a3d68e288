/** What a link to a lifecycle carries. */
import { INTERVALS, type LifecycleQuestion } from "../api/words";
import { type InsightUrl, rangeParts, readMatch, readRange } from "./insight";
import { fittingInterval } from "./range";
import { present, readOneOf } from "./read";

export const lifecycleUrl: InsightUrl<LifecycleQuestion> = {
  subject: "series",
  defaults: { date_from: "-7d", interval: "day" },
  read: (search) =>
    present({
      series: readMatch(search["series"]),
      interval: readOneOf(search["interval"], INTERVALS),
      ...readRange(search),
    }) as Partial<LifecycleQuestion>,
  begin: (carried) => ({
    series: carried.subjects[0] ?? { event: null },
    ...rangeParts(carried, "-30d"),
    interval: carried.range ? fittingInterval(carried.range) : "day",
  }),
  subjects: (question) => [question.series],
};
