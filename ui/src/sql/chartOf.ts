/** Which picture a result makes: one column says where, the numbers say how high. */
import type { ColumnType, SqlAnswer } from "../api/sql";
import { cellText, isNumeric } from "./cell";

export interface Series {
  name: string;
  data: (number | null)[];
}

export interface ChartData {
  /** Whether the places are points in time, which have an order and a distance. */
  timed: boolean;
  labels: string[];
  series: Series[];
  /** How many places and series a picture has no room for. */
  placesLeft: number;
  seriesLeft: number;
}

/** Why there is no picture. */
export type NoChart = "noRows" | "noNumbers" | "noAxis";

/** More points than pixels show nothing more. */
const POINTS_MAX = 1_000;
/** More bars than this nobody compares. */
const PLACES_MAX = 50;
/** As many series as there are colours. */
const SERIES_MAX = 8;

const isTime = (type: ColumnType): boolean => type === "timestamp" || type === "date";
/** What can stand along the axis, the most telling first; the first column of the first kind that is there. */
const AXES: readonly (readonly ColumnType[])[] = [["timestamp", "date"], ["text", "boolean"], ["integer"]];

function number(value: unknown): number | null {
  if (value === null || value === undefined || value === "") return null;
  const read = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : null;
}

interface Shape {
  axis: number;
  numbers: number[];
  /** A second text column that splits one number into lines, as in `GROUP BY day, event`. */
  split: number | undefined;
}

function shapeOf({ columns, rows }: SqlAnswer): Shape | NoChart {
  if (rows.length === 0) return "noRows";
  const numeric = columns.flatMap((column, index) => (isNumeric(column.type) ? [index] : []));
  if (numeric.length === 0) return "noNumbers";
  const axis = AXES.map((types) => columns.findIndex((column) => types.includes(column.type))).find((at) => at !== -1);
  if (axis === undefined) return "noAxis";
  const numbers = numeric.filter((at) => at !== axis);
  if (numbers.length === 0) return "noAxis";
  const others = columns.findIndex((column, at) => at !== axis && (column.type === "text" || column.type === "boolean"));
  const repeats = new Set(rows.map((row) => String(row[axis]))).size < rows.length;
  return { axis, numbers, split: repeats && others !== -1 ? others : undefined };
}

/** A time on the axis sorts as text, since moments of one column are written alike. */
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function splitSeries(answer: SqlAnswer, axis: number, split: number, value: number, places: Map<string, number>): Series[] {
  const lines = new Map<string, (number | null)[]>();
  for (const row of answer.rows) {
    const name = cellText(row[split], answer.columns[split]?.type ?? "text") ?? "NULL";
    const data = lines.get(name) ?? Array.from<number | null>({ length: places.size }).fill(null);
    lines.set(name, data);
    const place = places.get(String(row[axis]));
    if (place !== undefined) data[place] = number(row[value]);
  }
  const size = (data: readonly (number | null)[]) => data.reduce<number>((sum, one) => sum + Math.abs(one ?? 0), 0);
  return [...lines].map(([name, data]) => ({ name, data })).sort((a, b) => size(b.data) - size(a.data));
}

/** The picture of a result, or why there is none. */
export function chartOf(answer: SqlAnswer): ChartData | NoChart {
  const shape = shapeOf(answer);
  if (typeof shape === "string") return shape;
  const { axis, numbers, split } = shape;
  const type = answer.columns[axis]?.type ?? "text";
  const timed = isTime(type);
  const text = (value: unknown) => cellText(value, type) ?? "NULL";
  let labels: string[];
  let series: Series[];
  if (split === undefined) {
    const rows = timed ? [...answer.rows].sort((a, b) => inOrder(String(a[axis]), String(b[axis]))) : answer.rows;
    labels = rows.map((row) => text(row[axis]));
    series = numbers.map((at) => ({ name: answer.columns[at]?.name ?? "", data: rows.map((row) => number(row[at])) }));
  } else {
    const keys = new Map(answer.rows.map((row) => [String(row[axis]), text(row[axis])]));
    const ordered = timed ? [...keys.keys()].sort(inOrder) : [...keys.keys()];
    labels = ordered.map((key) => keys.get(key) ?? "");
    const places = new Map(ordered.map((key, place) => [key, place]));
    series = splitSeries(answer, axis, split, numbers[0] ?? 0, places);
  }
  const room = timed ? POINTS_MAX : PLACES_MAX;
  // The newest points of a long time, the first places of a long list.
  const from = timed ? Math.max(0, labels.length - room) : 0;
  const cut = <T>(all: T[]): T[] => all.slice(from, from + room);
  return {
    timed,
    labels: cut(labels),
    series: series.slice(0, SERIES_MAX).map((one) => ({ ...one, data: cut(one.data) })),
    placesLeft: Math.max(0, labels.length - room),
    seriesLeft: Math.max(0, series.length - SERIES_MAX),
  };
}

/** Times as short as an axis needs them: days where all are midnights, else day and minute. `day` writes a day. */
export function shortTimes(labels: readonly string[], day: (utc: string) => string): string[] {
  const parts = labels.map((label) => /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?)?/.exec(label));
  const midnight = (time: string | undefined, seconds: string | undefined) =>
    (time ?? "00:00") === "00:00" && (seconds ?? "00") === "00";
  const days = parts.every((part) => part && midnight(part[2], part[3]));
  return labels.map((label, index) => {
    const part = parts[index];
    if (!part?.[1]) return label;
    const date = day(`${part[1]}T00:00:00Z`);
    return days ? date : `${date} ${part[2] ?? "00:00"}`;
  });
}
