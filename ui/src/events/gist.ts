/** The few properties that tell most about an event, for a row in a list. */
import type { EventRow } from "../api/words";

/** Looked for first, in this order; both worlds' page, what was touched, how it ended. */
const TELLING = [
  "edata.pageid",
  "$pathname",
  "$current_url",
  "$screen_name",
  "edata.type",
  "edata.subtype",
  "edata.id",
  "$event_type",
  "edata.item.id",
  "edata.pass",
  "edata.score",
  "edata.duration",
  "edata.err",
  "edata.rating",
  "edata.query",
  "object.id",
];

const GIST_MAX = 4;

/** A value as one line of text. */
export const valueText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function gist(row: EventRow): [string, string][] {
  const own = Object.keys(row.properties).filter(
    (key) => !key.startsWith("$") && !key.startsWith("context.") && !key.startsWith("edata.") && !key.includes("."),
  );
  const keys = [...TELLING.filter((key) => key in row.properties), ...own];
  return [...new Set(keys)]
    .filter((key) => valueText(row.properties[key] ?? "") !== "")
    .slice(0, GIST_MAX)
    .map((key) => [key.replace(/^edata\./, ""), valueText(row.properties[key])]);
}
