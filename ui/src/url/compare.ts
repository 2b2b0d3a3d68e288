/** How a link says beside which other time numbers stand. */
import type { Compare } from "../api/words";
import { isRecord, readText } from "./read";

/** What the page can be compared to; others a link may carry too. */
export const COMPARED_TO = ["-1d", "-1w", "-1m", "-1y"] as const;
const EARLIER = /^-\d{1,4}[hdwmy]$/;

export const isEarlier = (text: string | undefined): text is string => text !== undefined && EARLIER.test(text);

export function readCompare(value: unknown): Compare | undefined {
  if (!isRecord(value)) return undefined;
  const to = readText(value["to"]);
  return isEarlier(to) ? { to } : {};
}
