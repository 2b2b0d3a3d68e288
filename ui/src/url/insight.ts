/** What a link to an insight carries: the whole question, the saved insight it started from, and the number that is open. */
import { type ActionRef, type CatalogueEvent, type Cell, type EventMatch, type Filter, STATUSES } from "../api/words";
import type { Range } from "./range";
import { isRecord, present, readFilters, readNumber, readOneOf, readText } from "./read";

export type InsightLink<Q> = Partial<Q> & { insight?: number; cell?: Cell };

/** What one kind of insight takes over from another when the reader changes the kind. */
export interface Carried {
  /** What was asked about; empty when nothing was. */
  subjects: readonly EventMatch[];
  range?: Range;
  filters?: Filter[];
  /** The events of the catalogue, the most frequent first. */
  events: readonly CatalogueEvent[];
}

/** How the questions of one kind stand in a link. */
export interface InsightUrl<Q extends object> {
  /** The part without which a link asks nothing of its own. */
  subject: keyof Q & string;
  /** Reads all parts of a question; what is wrong falls away. */
  read: (search: Record<string, unknown>) => Partial<Q>;
  /** What a question means where it says nothing. */
  defaults: Partial<Q>;
  /** The question to begin with. */
  begin: (carried: Carried) => Q;
  /** What the question is about, for another kind to take over. */
  subjects: (question: Q) => readonly EventMatch[];
}

export function readLink<Q extends object>(url: InsightUrl<Q>, search: Record<string, unknown>): InsightLink<Q> {
  const cell = readCell(search["cell"]);
  return present({ insight: readNumber(search["insight"]), ...url.read(search), cell } as InsightLink<Q>);
}

/**
 * The question of a link. A link without one begins with `first`; undefined while that is not known, and when the link
 * names only a saved insight, whose own question then stands.
 */
export function questionOf<Q extends object>(url: InsightUrl<Q>, link: InsightLink<Q>, first: Q | undefined): Q | undefined {
  const { insight, cell: _cell, ...parts } = link;
  if (parts[url.subject as unknown as keyof typeof parts] !== undefined) return parts as unknown as Q;
  return insight === undefined && first ? ({ ...first, ...parts } as Q) : undefined;
}

export const linkOf = <Q extends object>(url: InsightUrl<Q>, question: Q, insight?: number): InsightLink<Q> =>
  readLink(url, { ...question, insight });

/** Two questions that mean the same have the same text, whatever was left out or written out. */
export function canonical<Q extends object>(url: InsightUrl<Q>, question: Q): string {
  const whole = { ...url.defaults, ...url.read(question as Record<string, unknown>) };
  return JSON.stringify(whole, (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function readCell(value: unknown): Cell | undefined {
  if (!isRecord(value)) return undefined;
  const cell = present({
    series: readNumber(value["series"]),
    bucket: readNumber(value["bucket"]),
    breakdown_value: typeof value["breakdown_value"] === "string" ? value["breakdown_value"] : undefined,
    step: readNumber(value["step"]),
    converted: value["converted"] === true ? true : undefined,
    row: readNumber(value["row"]),
    column: readNumber(value["column"]),
    status: readOneOf(value["status"], STATUSES),
    source: readText(value["source"]),
    target: readText(value["target"]),
  });
  return Object.keys(cell).length > 0 ? (cell as Cell) : undefined;
}

/** The parts that every question over a range has. */
export function readRange(search: Record<string, unknown>): { date_from?: string; date_to?: string; explicitDate?: boolean; filters?: Filter[] } {
  return present({
    date_from: readText(search["date_from"]),
    date_to: readText(search["date_to"]),
    explicitDate: search["explicitDate"] === true ? true : undefined,
    filters: readSomeFilters(search["filters"]),
  }) as { date_from?: string };
}

/** Filters, or nothing at all where there are none. */
export function readSomeFilters(value: unknown): Filter[] | undefined {
  const filters = readFilters(value);
  return filters.length > 0 ? filters : undefined;
}

export function readMatch(value: unknown): EventMatch | undefined {
  if (!isRecord(value)) return undefined;
  const action = readAction(value["action"]);
  return present({
    event: action === undefined ? (readText(value["event"]) ?? null) : undefined,
    action,
    filters: readSomeFilters(value["filters"]),
    label: readText(value["label"]),
  }) as EventMatch;
}

const readAction = (value: unknown): ActionRef | undefined =>
  typeof value === "string" && value !== "" ? value : readCount(value, 1, Number.MAX_SAFE_INTEGER);

/** At most `most` readable parts of a list. */
export function readList<T>(value: unknown, read: (one: unknown) => T | undefined, most: number): T[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(read)
    .filter((one) => one !== undefined)
    .slice(0, most);
}

export const readCount = (value: unknown, least: number, most: number): number | undefined => {
  const number = readNumber(value);
  return number !== undefined && Number.isInteger(number) && number >= least && number <= most ? number : undefined;
};

/** The range that a new question takes over, or the usual one. */
export const rangeParts = ({ range, filters }: Carried, usual = "-7d"): { date_from: string; date_to?: string; filters?: Filter[] } => ({
  date_from: range?.from ?? usual,
  ...(range?.to ? { date_to: range.to } : {}),
  ...(filters && filters.length > 0 ? { filters } : {}),
});
