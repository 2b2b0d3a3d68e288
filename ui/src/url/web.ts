/** What a link to the web analytics report carries. */
import type { WebQuestion, WebRowFilter, WebTable } from "../api/words";
import { isComplete } from "../parts/filters/operators";
import { isEarlier } from "./compare";
import { readList, readRange, readSomeFilters } from "./insight";
import { isRecord, present, readOneOf, readText } from "./read";

/** The tables of each panel; the first is shown until another is chosen. */
export const PANELS = {
  pages: ["pages", "entry_pages", "exit_pages"],
  sources: ["channels", "sources", "referring_domains"],
  campaigns: ["utm_campaigns", "utm_sources", "utm_media", "utm_terms", "utm_contents"],
  places: ["countries", "languages"],
  devices: ["devices", "browsers", "os"],
} as const satisfies Record<string, readonly [WebTable, ...WebTable[]]>;
export type PanelName = keyof typeof PANELS;
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[];
const TABLES: readonly WebTable[] = PANEL_NAMES.flatMap((name): readonly WebTable[] => PANELS[name]);

/** A visit cannot be in more rows than there are tables. */
const ROWS_MAX = TABLES.length;

export interface WebLink extends Pick<WebQuestion, "date_from" | "date_to" | "filters"> {
  /** `none`, or so much earlier; the period before when absent. */
  compare?: string;
  /** The rows in which visits must be. */
  rows?: WebRowFilter[];
  /** Tables that are shown in place of the first of their panel. */
  tabs?: WebTable[];
  /** Whether events without a session are cut into visits. */
  infer?: true;
  /** The number that is open: a row of a table, or without one all visits. */
  open?: { table?: WebTable; value?: string };
}

export function readWebLink(search: Record<string, unknown>): WebLink {
  const rows = readList(search["rows"], readRow, ROWS_MAX);
  const tabs = readList(search["tabs"], (one) => readOneOf(one, TABLES), PANEL_NAMES.length);
  const compare = readText(search["compare"]);
  const { date_from, date_to } = readRange(search);
  return present({
    date_from,
    date_to,
    filters: readSomeFilters(search["filters"]),
    compare: compare === "none" || isEarlier(compare) ? compare : undefined,
    rows: rows.length > 0 ? rows : undefined,
    tabs: tabs.length > 0 ? tabs : undefined,
    infer: search["infer"] === true ? true : undefined,
    open: isRecord(search["open"]) ? (readRow(search["open"]) ?? {}) : undefined,
  } as WebLink);
}

function readRow(value: unknown): WebRowFilter | undefined {
  if (!isRecord(value)) return undefined;
  const table = readOneOf(value["table"], TABLES);
  const text = value["value"];
  return table && typeof text === "string" ? { table, value: text } : undefined;
}

export const shownTable = (link: WebLink, panel: PanelName): WebTable =>
  PANELS[panel].find((table) => link.tabs?.includes(table)) ?? PANELS[panel][0];

/** The link with another table in its panel. */
export function withTable(link: WebLink, panel: PanelName, table: WebTable): WebLink {
  const others = (link.tabs ?? []).filter((one) => !(PANELS[panel] as readonly WebTable[]).includes(one));
  return readWebLink({ ...link, tabs: table === PANELS[panel][0] ? others : [...others, table] });
}

/** The link with one more row, or without it. */
export function toggleRow(link: WebLink, row: WebRowFilter): WebLink {
  const others = (link.rows ?? []).filter((one) => one.table !== row.table || one.value !== row.value);
  const there = others.length < (link.rows?.length ?? 0);
  return readWebLink({ ...link, open: undefined, rows: there ? others : [...others, row] });
}

export function webQuestionOf(link: WebLink): WebQuestion {
  const filters = link.filters?.filter(isComplete) ?? [];
  return {
    date_from: link.date_from ?? "-7d",
    ...(link.date_to ? { date_to: link.date_to } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(link.compare === "none" ? {} : { compare: link.compare ? { to: link.compare } : {} }),
    ...(link.rows ? { rows: link.rows } : {}),
    ...(link.infer ? { infer_sessions: true } : {}),
    tables: PANEL_NAMES.map((panel) => shownTable(link, panel)),
  };
}
