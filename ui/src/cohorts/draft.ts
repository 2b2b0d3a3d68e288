/** A cohort as it is being written. */
import type { Cohort, CohortRule } from "../api/words";
import { begin, isWhole } from "./rules";

export interface Draft {
  name: string;
  description: string;
  /** Absent of a listed cohort. */
  rule?: CohortRule;
  /** Of a listed cohort: the new list, one id per line. Absent: the list stays. */
  list?: string;
}

export const newDraft = (kind: "rule" | "list", event: string | null): Draft => ({
  name: "",
  description: "",
  ...(kind === "rule" ? { rule: { all: [begin("performed", event)] } } : { list: "" }),
});

export const draftOf = ({ name, description, rule }: Cohort): Draft => ({ name, description, ...(rule ? { rule } : {}) });

/** One id per line or before a comma; without the header that files have. */
export function idsOf(list: string): string[] {
  const ids = list
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^\ufeff/, "").trim())
    .map((line) => (line.startsWith('"') ? line.replace(/^"((?:[^"]|"")*)".*$/, "$1").replaceAll('""', '"') : (line.split(",")[0] ?? "").trim()))
    .filter((id) => id !== "");
  return ids[0] === "distinct_id" ? ids.slice(1) : ids;
}

/** What the server is told. */
export const changeOf = ({ name, description, rule, list }: Draft) => ({
  name: name.trim(),
  description: description.trim(),
  ...(rule ? { rule } : {}),
  ...(list === undefined ? {} : { members: idsOf(list) }),
});

export const mayBeSaved = ({ name, rule, list }: Draft): boolean =>
  name.trim() !== "" && (rule ? isWhole(rule) : list === undefined || idsOf(list).length > 0);
