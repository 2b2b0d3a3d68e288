/** What the SQL API answers, read at the edge: a server may be newer than the page, so nothing is taken for granted. */
import { isRecord } from "../url/read";

export const TYPES = ["text", "integer", "number", "boolean", "timestamp", "date", "json", "other"] as const;
export type ColumnType = (typeof TYPES)[number];

export interface Column {
  name: string;
  type: ColumnType;
}

export interface SqlAnswer {
  columns: Column[];
  /** As many values per row as there are columns. */
  rows: unknown[][];
  /** Whether there are more rows than these. */
  truncated: boolean;
  elapsedMs: number;
  /** Which state of the store was read. */
  snapshot: number | undefined;
  warnings: string[];
}

export interface SchemaColumn extends Column {
  description: string;
}

export interface Table {
  name: string;
  description: string;
  columns: SchemaColumn[];
}

export interface SqlSchema {
  /** Whether this server has the SQL engine. */
  available: boolean;
  tables: Table[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const typeOf = (value: unknown): ColumnType => TYPES.find((one) => one === value) ?? "other";
const whole = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

export function readAnswer(body: unknown): SqlAnswer {
  const answer = isRecord(body) ? body : {};
  const columns = list(answer["columns"])
    .filter(isRecord)
    .map((column) => ({ name: text(column["name"]), type: typeOf(column["type"]) }));
  return {
    columns,
    rows: list(answer["rows"]).map(list),
    truncated: answer["truncated"] === true,
    elapsedMs: whole(answer["elapsed_ms"]) ?? 0,
    snapshot: whole(answer["snapshot"]),
    warnings: list(answer["warnings"]).map(text).filter((one) => one !== ""),
  };
}

export function readSchema(body: unknown): SqlSchema {
  const schema = isRecord(body) ? body : {};
  return {
    available: schema["available"] === true,
    tables: list(schema["tables"])
      .filter(isRecord)
      .map((table) => ({
        name: text(table["name"]),
        description: text(table["description"]),
        columns: list(table["columns"])
          .filter(isRecord)
          .map((column) => ({
            name: text(column["name"]),
            type: typeOf(column["type"]),
            description: text(column["description"]),
          })),
      })),
  };
}
