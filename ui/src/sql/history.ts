/** The last queries of one member in one project, kept in this browser only. */
import { isRecord } from "../url/read";

export interface Past {
  sql: string;
  /** When it was run last, milliseconds since 1970. */
  at: number;
  /** How many rows came; undefined when it failed. */
  rows?: number;
}

const ENTRIES_MAX = 50;
/** A browser gives a site about five million characters for everything. */
const CHARS_MAX = 200_000;

const storedAs = (member: number, project: number): string => `telemetry.sql.${member}.${project}`;

const readPast = (value: unknown): Past | undefined => {
  if (!isRecord(value) || typeof value["sql"] !== "string" || typeof value["at"] !== "number") return undefined;
  const rows = value["rows"];
  return { sql: value["sql"], at: value["at"], ...(typeof rows === "number" ? { rows } : {}) };
};

/** Newest first; null where this browser keeps nothing. What cannot be read is as if it were not there. */
export function readHistory(member: number, project: number): Past[] | null {
  let stored: string | null;
  try {
    stored = localStorage.getItem(storedAs(member, project));
  } catch {
    return null;
  }
  try {
    const past: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(past) ? past.map(readPast).filter((one) => one !== undefined) : [];
  } catch {
    return [];
  }
}

export function writeHistory(member: number, project: number, past: readonly Past[]): void {
  try {
    if (past.length === 0) localStorage.removeItem(storedAs(member, project));
    else localStorage.setItem(storedAs(member, project), JSON.stringify(past));
  } catch {
    // Storage may be full or forbidden; the history then lives as long as the page.
  }
}

/** Puts a query on top; one that was there already moves up instead of standing twice. */
export function remember(past: readonly Past[], entry: Past): Past[] {
  let room = CHARS_MAX;
  return [entry, ...past.filter((one) => one.sql.trim() !== entry.sql.trim())]
    .slice(0, ENTRIES_MAX)
    .filter((one) => (room -= one.sql.length) >= 0);
}

export const forget = (past: readonly Past[], sql: string): Past[] => past.filter((one) => one.sql !== sql);
