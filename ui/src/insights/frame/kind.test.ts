import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { valueName } from "./kind";

const t = ((key: string) => key) as unknown as TFunction;

test("values of several properties are read one by one; what is no value is said in words", () => {
  const split = { and: [{ property: "plan" }] };
  expect(valueName(t, '["home","pro"]', split)).toBe("home · pro");
  expect(valueName(t, '["home",null]', split)).toBe("home · trends.none");
  expect(valueName(t, "(none)", split)).toBe("trends.none");
  expect(valueName(t, "(other)", split)).toBe("trends.other");
  // A list that one property holds is a value as it is.
  expect(valueName(t, '["home","pro"]', {})).toBe('["home","pro"]');
  expect(valueName(t, "All persons", { cohorts: [0] })).toBe("cohorts.everybody");
  expect(valueName(t, "All persons")).toBe("All persons");
});
