/** What the demo is first looked at with: which pages are seen how often, day by day. */
import type { TrendsQuestion } from "../api/words";
import type { InsightLink } from "../url/insight";

export const DEMO_TREND: InsightLink<TrendsQuestion> = {
  series: [{ event: "IMPRESSION", math: "total" }],
  date_from: "-90d",
  interval: "day",
  breakdown: { property: "edata.pageid" },
};
