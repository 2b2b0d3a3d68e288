/** What the demo is first looked at with: which pages are seen how often, day by day. */
import type { TrendsLink } from "../url/trends";

export const DEMO_TREND: TrendsLink = {
  series: [{ event: "IMPRESSION", math: "total" }],
  date_from: "-90d",
  interval: "day",
  breakdown: { property: "edata.pageid" },
};
