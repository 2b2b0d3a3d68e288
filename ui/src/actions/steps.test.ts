import { expect, test } from "vitest";
import { saysSomething, whole } from "./steps";

test("what is empty is not sent, and a step of nothing says nothing", () => {
  expect(whole({ event: null, tag_name: " ", url: { matching: "contains", value: "" }, filters: [{ property: "" }] })).toEqual({});
  expect(saysSomething({ text: { value: " " } })).toBe(false);
  expect(whole({ event: "$autocapture", tag_name: " button ", text: { value: "Pay" }, filters: [{ property: "a", operator: "is_set" }] })).toEqual({
    event: "$autocapture",
    tag_name: "button",
    text: { matching: "exact", value: "Pay" },
    filters: [{ property: "a", operator: "is_set" }],
  });
});
