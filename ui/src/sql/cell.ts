/** How a value of an answer is written in a cell, in the clipboard and in full. Values are only ever text. */
import type { Column, ColumnType, SqlAnswer } from "../api/sql";

export const isNumeric = (type: ColumnType): boolean => type === "integer" || type === "number";

/** Digits after the point in a cell; the whole value stands in the row's own view. */
const DECIMALS_MAX = 6;

function decimal(value: number): string {
  const short = Number(value.toFixed(DECIMALS_MAX));
  return value !== 0 && short === 0 ? String(value) : String(short);
}

/** A moment as `2026-11-23 10:00:00.5+05:30`: a space for the T, no zeros that say nothing, the zone as it was told. */
function moment(value: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(value);
  if (!parts) return value;
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  return `${parts[1]} ${parts[2]}${fraction === "" ? "" : `.${fraction}`}${parts[4] ?? ""}`;
}

/** The exact value, as a spreadsheet or a file would carry it; a missing one is empty. */
export function exactText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a cell shows; null for NULL, which is not the same as an empty text. */
export function cellText(value: unknown, type: ColumnType): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return type === "number" ? decimal(value) : String(value);
  if (type === "timestamp" && typeof value === "string") return moment(value);
  return exactText(value);
}

/** A text that a spreadsheet would calculate instead of showing it. */
const FORMULA = /^[=+\-@\t\r]/;

function pasted(value: unknown, type: ColumnType): string {
  const exact = exactText(value);
  const clean = exact.replaceAll(/[\t\r\n]+/g, " ");
  return !isNumeric(type) && FORMULA.test(exact) ? `'${clean}` : clean;
}

/**
 * The rows as lines with tabs, which spreadsheets take apart when they are pasted. Event data comes from strangers, so
 * a text that begins like a formula gets an apostrophe before it.
 */
export function tabbed(answer: Pick<SqlAnswer, "columns" | "rows">): string {
  const head = answer.columns.map((column) => pasted(column.name, "text")).join("\t");
  const lines = answer.rows.map((row) =>
    answer.columns.map((column, index) => pasted(row[index], column.type)).join("\t"),
  );
  return [head, ...lines].join("\n");
}

/** One row as JSON, for whoever is asked about it. Columns of the same name are told apart by their place. */
export function rowJson(columns: readonly Column[], row: readonly unknown[]): string {
  const seen = new Map<string, number>();
  const pairs = columns.map((column, index) => {
    const times = (seen.get(column.name) ?? 0) + 1;
    seen.set(column.name, times);
    return [times === 1 ? column.name : `${column.name} (${times})`, row[index] ?? null];
  });
  return JSON.stringify(Object.fromEntries(pairs), null, 2);
}

/** Widths of columns in pixels, from what stands in the head and in some rows of all parts. */
const CHAR_PX = 7.6;
const PAD_PX = 28;
const COLUMN_PX_MIN = 72;
/** A long text leaves room for the columns beside it; on a phone for one at least. */
export const COLUMN_PX_MAX = { wide: 340, narrow: 190 };
const ROWS_LOOKED_AT = 200;

export function columnWidths(answer: Pick<SqlAnswer, "columns" | "rows">, widest: number): number[] {
  const step = Math.ceil(answer.rows.length / ROWS_LOOKED_AT);
  const sample = answer.rows.filter((_, index) => index % step === 0);
  return answer.columns.map((column, index) => {
    const longest = sample.reduce(
      (most, row) => Math.max(most, (cellText(row[index], column.type) ?? "NULL").length),
      Math.max(column.name.length, column.type.length),
    );
    return Math.round(Math.min(Math.max(longest * CHAR_PX + PAD_PX, COLUMN_PX_MIN), widest));
  });
}
