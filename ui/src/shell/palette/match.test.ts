import { expect, test } from "vitest";
import { fit, matching } from "./match";

const choices = ["Dashboard", "Live", "Data", "Trend of IMPRESSION", "Leave requests by district"].map((label) => ({ id: label, label }));
const found = (typed: string) => matching(choices, typed, 3).map((choice) => choice.label);

test("beginnings come before middles, whole runs before scattered letters", () => {
  expect(found("da")).toEqual(["Data", "Dashboard"]);
  expect(found("district")).toEqual(["Leave requests by district"]);
  expect(found("toi")[0]).toBe("Trend of IMPRESSION");
  expect(found("xyz")).toEqual([]);
});

test("nothing typed shows the first ones; another name is found too", () => {
  expect(found("")).toEqual(["Dashboard", "Live", "Data"]);
  expect(matching([{ id: "a", label: "डैशबोर्ड", also: "Dashboard" }], "dash", 5)).toHaveLength(1);
  expect(fit("abc", "abcd")).toBeUndefined();
});
