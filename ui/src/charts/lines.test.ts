import { expect, test } from "vitest";
import { barPlace } from "./bars";
import { axisStep, splitIncomplete, wholeNumbers } from "./lines";

test("the last, growing bucket is dashed and joins the line before it", () => {
  const strokes = splitIncomplete([{ colour: "#000", data: [1, 2, 3] }], 2);
  expect(strokes).toEqual([
    { colour: "#000", data: [1, 2, null], dashed: false, single: false },
    { colour: "#000", data: [null, 2, 3], dashed: true, single: false },
  ]);
});

test("a complete line stays one stroke", () => {
  expect(splitIncomplete([{ colour: "#000", data: [1, null] }], 2)).toEqual([
    { colour: "#000", data: [1, null], dashed: false, single: true },
  ]);
});

test("the last bucket always carries a label, and labels keep their distance", () => {
  const marked = axisStep(30, 480);
  expect(marked.at(-1)).toBe(29);
  expect(marked.length).toBeLessThanOrEqual(6);
  expect(axisStep(0, 480)).toEqual([]);
});

test("whole numbers are seen past missing ones", () => {
  expect(wholeNumbers([{ data: [1, null, 3] }])).toBe(true);
  expect(wholeNumbers([{ data: [1, 2.5] }])).toBe(false);
});

test("bars of one point stand beside each other around its middle, neither slivers nor walls", () => {
  const [first, second] = [barPlace(0, 2, 100), barPlace(1, 2, 100)];
  expect(first.from + first.width).toBeCloseTo(second.from);
  expect(first.from).toBeCloseTo(-(second.from + second.width));
  expect(second.from + second.width).toBeLessThan(50);
  expect(barPlace(0, 8, 2).width).toBe(1);
  expect(barPlace(0, 1, 900).width).toBe(56);
});
