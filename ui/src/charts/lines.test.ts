import { expect, test } from "vitest";
import { barPlace } from "./bars";
import { barAt, layerAt, nearestLine } from "./pick";
import { stacked } from "./stack";
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

test("layers stand on each other, what is negative hangs below zero", () => {
  const [first, second, third] = stacked([{ data: [3, null] }, { data: [2, 4] }, { data: [-1, -2] }]);
  expect(first).toEqual({ base: [0, 0], top: [3, null] });
  expect(second).toEqual({ base: [3, 0], top: [5, 4] });
  expect(third).toEqual({ base: [0, 0], top: [-1, -2] });
});

test("a click means the nearest line, the bar below it, the layer that holds it", () => {
  expect(nearestLine([10, null, 4], 5)).toBe(2);
  expect(nearestLine([null], 5)).toBeUndefined();
  expect([-40, -1, 1, 40].map((offset) => barAt(offset, 2, 50))).toEqual([0, 0, 1, 1]);
  const layers = stacked([{ data: [3] }, { data: [0] }, { data: [2] }, { data: [-1] }]);
  expect([1, 4, -0.5, 9].map((value) => layerAt(layers, 0, value))).toEqual([0, 2, 3, undefined]);
});
