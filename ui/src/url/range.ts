/** Date ranges as questions write them: relative like `-7d`, or a day like `2026-01-31`. */
export interface Range {
  from: string;
  to?: string;
}

/** What the menu offers, shortest first. */
export const RANGES = ["-1h", "-24h", "dStart", "-7d", "-14d", "-30d", "-90d", "mStart", "yStart", "all"] as const;
export type NamedRange = (typeof RANGES)[number];

export const namedRange = (range: Range): NamedRange | undefined =>
  range.to === undefined ? RANGES.find((one) => one === range.from) : undefined;

export const isDay = (text: string | undefined): boolean => text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** A bucket width that shows a range in a readable number of points. */
export function fittingInterval(range: Range): "minute" | "hour" | "day" | "week" | "month" {
  if (range.from === "-1h") return "minute";
  if (range.from === "-24h" || range.from === "dStart") return "hour";
  if (range.from === "-90d") return "week";
  if (range.from === "yStart" || range.from === "all") return "month";
  return "day";
}
