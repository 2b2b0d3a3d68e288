/** What a link to the SQL page carries: the query, and how its result is looked at. */
import { present, readOneOf, readText } from "./read";

export const SQL_VIEWS = ["table", "line", "bars"] as const;
export type SqlView = (typeof SQL_VIEWS)[number];

export interface SqlLink {
  q?: string;
  view?: SqlView;
}

/**
 * Longer queries stay out of the address: proxies refuse request lines of more than 8 KiB, and a reload sends the whole
 * address. Counted as the address writes them, where a Hindi letter takes nine characters.
 */
export const LINK_CHARS_MAX = 6_000;

export const fitsLink = (sql: string): boolean => encodeURIComponent(sql).length <= LINK_CHARS_MAX;

export function readSqlLink(search: Record<string, unknown>): SqlLink {
  const view = readOneOf(search["view"], SQL_VIEWS);
  const link: { q: string | undefined; view: SqlView | undefined } = {
    q: readText(search["q"]),
    view: view === "table" ? undefined : view,
  };
  return present(link) as SqlLink;
}
