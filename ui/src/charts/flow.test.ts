import { expect, test } from "vitest";
import { flowOf, placeOf } from "./flow";

const SIZE = { width: 600, height: 300, nodeWidth: 10 };
const EDGES = [
  { source: "1_a", target: "2_b", count: 30 },
  { source: "1_a", target: "2_c_d", count: 10 },
  { source: "2_b", target: "3_a", count: 20 },
];

test("a node is its column and its item, which may hold anything", () => {
  expect(placeOf("2_c_d")).toEqual({ column: 1, item: "c_d" });
  expect(placeOf("12_")).toEqual({ column: 11, item: "" });
});

test("nodes stand in their columns, the busiest on top, as high as what passes, without touching", () => {
  const { nodes, height } = flowOf(EDGES, new Map([["1_a", 8]]), SIZE);
  const node = (id: string) => nodes.find((one) => one.id === id);
  expect(node("1_a")).toMatchObject({ count: 48, column: 0, x: 0, ends: 8 });
  expect(node("3_a")).toMatchObject({ count: 20, column: 2, x: 400 });
  const [b, c] = [node("2_b"), node("2_c_d")];
  expect((b?.y ?? 0) + (b?.height ?? 0)).toBeLessThan(c?.y ?? 0);
  expect((b?.height ?? 0) / (node("1_a")?.height ?? 1)).toBeCloseTo(30 / 48);
  for (const one of nodes) expect(one.y + one.height).toBeLessThanOrEqual(height);
});

test("every edge has a ribbon from its source to its target", () => {
  const { ribbons } = flowOf(EDGES, new Map(), SIZE);
  expect(ribbons.map((ribbon) => ribbon.edge).sort()).toEqual([0, 1, 2]);
  for (const { path } of ribbons) expect(path).toMatch(/^M[\d.]+ [\d.]+C.*Z$/);
  expect(flowOf([], new Map(), SIZE).nodes).toEqual([]);
});
