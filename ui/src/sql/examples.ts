/** Queries to begin with, made from what this project really has. */
import type { Table } from "../api/sql";
import type { CatalogueProperty } from "../api/words";
import { property, quoted } from "./quote";

export type ExampleName = "days" | "names" | "values" | "newest";

export interface Example {
  name: ExampleName;
  /** The property that the query is about, for its title. */
  about: string;
  sql: string;
}

/** Properties that say where a person is, in the words of the clients; the first that this project sends. */
const TELLING = ["edata.pageid", "$pathname", "pageid", "$screen_name", "$current_url", "edata.type"];

/** The property whose values tell most: a well-known one, else the most frequent text. */
export function tellingProperty(properties: readonly CatalogueProperty[]): string | undefined {
  const known = TELLING.find((name) => properties.some((one) => one.name === name));
  if (known !== undefined) return known;
  const texts = properties.filter((one) => one.types.some((type) => type === "text"));
  return texts.sort((a, b) => b.count - a.count)[0]?.name;
}

const has = (table: Table, ...names: string[]): string | undefined =>
  names.find((name) => table.columns.some((column) => column.name === name));

/** Three queries over `events`; none where the server has no such table. */
export function examplesFor(tables: readonly Table[], properties: readonly CatalogueProperty[]): Example[] {
  const events = tables.find((table) => table.name === "events");
  if (!events) return [];
  const time = "event_at";
  const person = has(events, "person_id", "distinct_id") ?? "distinct_id";
  const telling = has(events, "properties") ? tellingProperty(properties) : undefined;
  const days: Example = {
    name: "days",
    about: "",
    sql: `SELECT date_trunc('day', ${time}) AS day,
       count(*) AS events,
       count(DISTINCT ${person}) AS persons
FROM events
WHERE ${time} >= now() - INTERVAL '30 days'
GROUP BY 1
ORDER BY 1`,
  };
  const names: Example = {
    name: "names",
    about: "",
    sql: `SELECT event,
       count(*) AS times,
       count(DISTINCT ${person}) AS persons,
       max(${time}) AS last_time
FROM events
GROUP BY event
ORDER BY times DESC
LIMIT 20`,
  };
  if (telling === undefined) {
    const newest = ["SELECT ", [time, "event", "distinct_id"].map(quoted).join(", "), "\nFROM events\nORDER BY ", time, " DESC\nLIMIT 100"];
    return [days, names, { name: "newest", about: "", sql: newest.join("") }];
  }
  const values: Example = {
    name: "values",
    about: telling,
    sql: `SELECT ${property(telling)} AS value,
       count(*) AS times
FROM events
WHERE ${property(telling)} IS NOT NULL
GROUP BY 1
ORDER BY times DESC
LIMIT 20`,
  };
  return [days, names, values];
}
