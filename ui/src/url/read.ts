/** Reads what a link carries. A link may be old or typed by hand, so every part is checked and the wrong ones fall away. */
import type { Filter } from "../api/words";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const readText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export const readNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

export const readOneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((one) => one === value);

/** Leaves out what is undefined, so that a link carries no empty parts. */
export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

/** How deep groups of filters may nest in a link. */
const DEPTH_MAX = 4;

function readFilter(value: unknown, depth: number): Filter | undefined {
  if (!isRecord(value) || depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value["values"])) {
    return { type: readOneOf(value["type"], ["AND", "OR"]) ?? "AND", values: readFilters(value["values"], depth + 1) };
  }
  if (value["type"] === "cohort") {
    return { type: "cohort", operator: value["operator"] === "not_in_cohort" ? "not_in_cohort" : "in_cohort", value: readIds(value["value"]) };
  }
  if (typeof value["property"] !== "string") return undefined;
  const filter: Filter = { property: value["property"] };
  if (value["type"] === "person") filter.type = "person";
  const operator = readText(value["operator"]);
  if (operator) filter.operator = operator;
  if (value["value"] !== undefined && value["value"] !== null) filter.value = value["value"];
  return filter;
}

/** Numbers of cohorts: one, or a list. */
const readIds = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is number => Number.isInteger(one));

export function readFilters(value: unknown, depth = 0): Filter[] {
  if (!Array.isArray(value)) return [];
  return value.map((one) => readFilter(one, depth)).filter((one) => one !== undefined);
}
