import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import type { CohortRule } from "../api/words";
import { changeOf, draftOf, idsOf, mayBeSaved, newDraft } from "./draft";
import { asGroup, bare, begin, isWhole, RULE_KINDS, ruleGist, turned, withParts } from "./rules";

/** The keys themselves, so that the shape can be seen. */
const t = ((key: string) => key) as unknown as TFunction;
const pays: CohortRule = { performed: { event: { event: "pay" } } };

test("a negated negation is none, and a rule that is no group gets one around it", () => {
  expect(bare({ not: { not: pays } })).toEqual({ negated: false, rule: pays });
  expect(bare({ not: pays })).toEqual({ negated: true, rule: pays });
  expect(turned(pays, true)).toEqual({ not: pays });
  expect(asGroup(pays)).toEqual({ all: [pays] });
  expect(withParts({ any: [] }, [pays])).toEqual({ any: [pays] });
});

test("every kind of condition begins as one that can be asked, but those that need a choice first", () => {
  const unfinished = RULE_KINDS.filter((kind) => !isWhole(begin(kind, "pay")));
  expect(unfinished).toEqual(["person", "cohort"]);
  expect(isWhole({ all: [] })).toBe(false);
  expect(isWhole({ all: [pays, { not: { cohort: 0 } }] })).toBe(false);
  expect(isWhole({ any: [pays, { not: { cohort: 3 } }] })).toBe(true);
});

test("a rule is said in a few words, groups in brackets", () => {
  const rule: CohortRule = { all: [pays, { not: { any: [{ cohort: 4 }, { person: { property: "plan", type: "person", operator: "exact", value: "pro" } }] } }] };
  expect(ruleGist(t, rule, (id) => `#${id}`)).toBe(
    "cohorts.kind.performed pay cohorts.and (cohorts.not cohorts.kind.cohort #4 cohorts.or plan operator.exact pro)",
  );
});

test("ids are read from lines and from the first column of a file", () => {
  expect(idsOf('\ufeffdistinct_id,name\r\nu-1,Asha\r\n"u,2", Ravi\n\n"say ""u3"""\n u 5 \n')).toEqual(["u-1", "u,2", 'say "u3"', "u 5"]);
  expect(idsOf(" \n")).toEqual([]);
});

test("a draft is saved when it has a name and somebody to take; the list of a saved one stays unless it is replaced", () => {
  const rule = newDraft("rule", "pay");
  expect(mayBeSaved(rule)).toBe(false);
  expect(mayBeSaved({ ...rule, name: "Payers" })).toBe(true);
  expect(mayBeSaved({ ...newDraft("list", null), name: "Pilot" })).toBe(false);
  const listed = draftOf({ id: 1, name: "Pilot", description: "", listed: 2, created_at: "", updated_at: "" });
  expect(mayBeSaved(listed)).toBe(true);
  expect(changeOf(listed)).toEqual({ name: "Pilot", description: "" });
  expect(changeOf({ ...listed, list: "a\nb" })).toMatchObject({ members: ["a", "b"] });
});
