/** Which operators fit which type, and what kind of value each takes. */
import type { CatalogueProperty, Filter } from "../../api/words";

export const OPERATORS = [
  "exact",
  "is_not",
  "icontains",
  "not_icontains",
  "starts_with",
  "ends_with",
  "regex",
  "not_regex",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "not_between",
  "is_set",
  "is_not_set",
  "is_date_exact",
  "is_date_before",
  "is_date_after",
  "semver_eq",
  "semver_neq",
  "semver_gt",
  "semver_gte",
  "semver_lt",
  "semver_lte",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Of conditions on membership in cohorts, which have no property. */
export const COHORT_OPERATORS = ["in_cohort", "not_in_cohort"] as const;
export const isOfCohort = (filter: Filter): boolean => filter.type === "cohort";
export const cohortsOf = ({ value }: Filter): number[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "number");

/** How the value of a filter is typed in. */
export type ValueShape = "none" | "list" | "text" | "number" | "pair" | "date" | "truth";

const PRESENCE: Operator[] = ["is_set", "is_not_set"];
const EQUAL: Operator[] = ["exact", "is_not"];
const TEXT: Operator[] = [
  ...EQUAL,
  "icontains",
  "not_icontains",
  "starts_with",
  "ends_with",
  "regex",
  "not_regex",
];
const NUMBER: Operator[] = ["gt", "gte", "lt", "lte", "between", "not_between"];
const DATE: Operator[] = ["is_date_exact", "is_date_before", "is_date_after"];
const SEMVER: Operator[] = ["semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte"];

/** The operators that make sense for a property, the likely ones first. */
export function operatorsFor(property: CatalogueProperty | undefined): Operator[] {
  const types = property?.types ?? [];
  if (types.includes("number") && !types.includes("text")) return [...EQUAL, ...NUMBER, ...PRESENCE, ...DATE];
  if (types.length === 1 && types[0] === "bool") return [...EQUAL, ...PRESENCE];
  return [...TEXT, ...PRESENCE, ...NUMBER, ...DATE, ...SEMVER];
}

export const operatorOf = (filter: Filter): Operator =>
  OPERATORS.find((operator) => operator === filter.operator) ?? "exact";

export function shapeOf(operator: Operator, property: CatalogueProperty | undefined): ValueShape {
  if (PRESENCE.includes(operator)) return "none";
  if (EQUAL.includes(operator)) return property?.types.length === 1 && property.types[0] === "bool" ? "truth" : "list";
  if (operator === "between" || operator === "not_between") return "pair";
  if (NUMBER.includes(operator)) return "number";
  if (DATE.includes(operator)) return "date";
  return "text";
}

/** Keeps a value only where the new operator can use it. */
export function withOperator(filter: Filter, operator: Operator, property: CatalogueProperty | undefined): Filter {
  const { value, ...rest } = filter;
  const sameShape = shapeOf(operatorOf(filter), property) === shapeOf(operator, property);
  return sameShape && value !== undefined ? { ...rest, operator, value } : { ...rest, operator };
}

/** Whether a filter says enough to be asked. */
export function isComplete(filter: Filter): boolean {
  if (filter.values) return true;
  if (isOfCohort(filter)) return cohortsOf(filter).length > 0;
  if (!filter.property) return false;
  const shape = shapeOf(operatorOf(filter), undefined);
  if (shape === "none") return true;
  if (Array.isArray(filter.value)) {
    return filter.value.length > 0 && (shape !== "pair" || filter.value.every((one) => typeof one === "number"));
  }
  return filter.value !== undefined && filter.value !== "";
}

/** Numbers are asked as numbers, so that typed columns can be used; everything else as text. */
export function typedValue(text: string, property: CatalogueProperty | undefined): string | number {
  const numeric = property?.types.length === 1 && property.types[0] === "number";
  return numeric && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
