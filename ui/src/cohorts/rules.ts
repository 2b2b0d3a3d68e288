/** Rules of cohorts as their editor and list see them. */
import type { TFunction } from "i18next";
import type { CohortRule, EventMatch, Filter } from "../api/words";
import { matchName } from "../insights/frame/kind";
import { isComplete, operatorOf } from "../parts/filters/operators";

/** What one condition can be about, in the order of the menu. */
export const RULE_KINDS = ["performed", "first_time", "sequence", "regularly", "stopped", "restarted", "person", "cohort"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export type Group = { all: CohortRule[] } | { any: CohortRule[] };
export const isGroup = (rule: CohortRule): rule is Group => "all" in rule || "any" in rule;
export const partsOf = (group: Group): readonly CohortRule[] => ("all" in group ? group.all : group.any);
export const withParts = (group: Group, parts: readonly CohortRule[]): Group =>
  "all" in group ? { all: [...parts] } : { any: [...parts] };

/** A rule without its negations, and whether they turn it round. */
export function bare(rule: CohortRule): { negated: boolean; rule: Exclude<CohortRule, { not: CohortRule }> } {
  if (!("not" in rule)) return { negated: false, rule };
  const inner = bare(rule.not);
  return { negated: !inner.negated, rule: inner.rule };
}
export const turned = (rule: CohortRule, negated: boolean): CohortRule => (negated ? { not: rule } : rule);

/** Groups around a rule that is none, so that the editor always has one to show. */
export const asGroup = (rule: CohortRule): Group => (isGroup(rule) ? rule : { all: [rule] });

export const kindOf = (rule: Exclude<CohortRule, { not: CohortRule } | Group>): RuleKind =>
  RULE_KINDS.find((kind) => kind in rule) ?? "performed";

/** The condition to begin with. */
export function begin(kind: RuleKind, event: string | null): CohortRule {
  const did = { event };
  const days = (count: number) => ({ count, unit: "day" as const });
  switch (kind) {
    case "performed":
      return { performed: { event: did, when: { last: days(30) } } };
    case "first_time":
      return { first_time: { event: did, when: { last: days(30) } } };
    case "sequence":
      // oxlint-disable-next-line unicorn/no-thenable -- the word of the API; nobody awaits a rule
      return { sequence: { event: did, then: did, within: { count: 1, unit: "day" }, when: { last: days(30) } } };
    case "regularly":
      return { regularly: { event: did, period: { count: 1, unit: "week" }, periods: 4, at_least: 3 } };
    case "stopped":
      return { stopped: { event: did, recent: days(7), longer: days(30) } };
    case "restarted":
      return { restarted: { event: did, recent: days(7), longer: days(30) } };
    case "person":
      return { person: { property: "", type: "person", operator: "exact" } };
    case "cohort":
      return { cohort: 0 };
  }
}

/** Whether a rule says enough to be asked. */
export function isWhole(given: CohortRule): boolean {
  const { rule } = bare(given);
  if (isGroup(rule)) return partsOf(rule).length > 0 && partsOf(rule).every(isWhole);
  if ("person" in rule) return isComplete(rule.person);
  return "cohort" in rule ? rule.cohort > 0 : true;
}

/** A rule in a few words, for the list. */
export function ruleGist(t: TFunction, given: CohortRule, cohortName: (id: number) => string): string {
  const { negated, rule } = bare(given);
  const text = isGroup(rule)
    ? partsOf(rule)
        .map((part) => (isGroup(bare(part).rule) ? `(${ruleGist(t, part, cohortName)})` : ruleGist(t, part, cohortName)))
        .join(` ${t("all" in rule ? "cohorts.and" : "cohorts.or")} `)
    : conditionGist(t, rule, cohortName);
  return negated ? `${t("cohorts.not")} ${text}` : text;
}

function conditionGist(
  t: TFunction,
  rule: Exclude<CohortRule, { not: CohortRule } | Group>,
  cohortName: (id: number) => string,
): string {
  if ("cohort" in rule) return `${t("cohorts.kind.cohort")} ${cohortName(rule.cohort)}`;
  if ("person" in rule) return filterGist(t, rule.person);
  const kind = kindOf(rule);
  const about = Object.values(rule)[0] as { event: EventMatch; then?: EventMatch };
  const names = [about.event, about.then].filter((one) => one !== undefined).map((one) => matchName(t, one));
  return `${t(`cohorts.kind.${kind}`)} ${names.join(" → ")}`;
}

function filterGist(t: TFunction, filter: Filter): string {
  const value = Array.isArray(filter.value) ? filter.value.join(", ") : filter.value;
  return [filter.property, t(`operator.${operatorOf(filter)}`), value].filter((one) => one !== undefined).join(" ");
}
