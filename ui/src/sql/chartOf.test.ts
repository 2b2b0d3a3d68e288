import { expect, test } from "vitest";
import type { ColumnType, SqlAnswer } from "../api/sql";
import { chartOf, shortTimes } from "./chartOf";

const answer = (types: Record<string, ColumnType>, rows: unknown[][]): SqlAnswer => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type })),
  rows,
  truncated: false,
  elapsedMs: 1,
  snapshot: 1,
  warnings: [],
});

test("numbers over time, in the order of time whatever the query's was", () => {
  const chart = chartOf(answer({ n: "integer", day: "date", m: "number" }, [[2, "2026-11-02", 0.5], [1, "2026-11-01", null]]));
  expect(chart).toMatchObject({
    timed: true,
    labels: ["2026-11-01", "2026-11-02"],
    series: [
      { name: "n", data: [1, 2] },
      { name: "m", data: [null, 0.5] },
    ],
  });
});

test("names keep the order of the query; a time goes before a text", () => {
  expect(chartOf(answer({ page: "text", n: "integer" }, [["b", 2], [null, "3"]]))).toMatchObject({
    timed: false,
    labels: ["b", "NULL"],
    series: [{ name: "n", data: [2, 3] }],
  });
  expect(chartOf(answer({ page: "text", day: "date", n: "integer" }, [["b", "2026-11-01", 2]]))).toMatchObject({ timed: true });
});

test("a second text column splits the number where times repeat; the largest line is first, gaps stay gaps", () => {
  const rows = [["2026-11-01", "a", 1], ["2026-11-01", "b", 9], ["2026-11-02", "b", 8]];
  expect(chartOf(answer({ day: "date", event: "text", n: "integer" }, rows))).toMatchObject({
    labels: ["2026-11-01", "2026-11-02"],
    series: [
      { name: "b", data: [9, 8] },
      { name: "a", data: [1, null] },
    ],
  });
});

test("without a time or a name, the first whole number is the axis", () => {
  expect(chartOf(answer({ hour: "integer", n: "integer" }, [[7, 10], [8, 20]]))).toMatchObject({ labels: ["7", "8"], series: [{ name: "n" }] });
});

test("what makes no picture says why", () => {
  expect(chartOf(answer({ n: "integer" }, [[1]]))).toBe("noAxis");
  expect(chartOf(answer({ a: "text" }, [["x"]]))).toBe("noNumbers");
  expect(chartOf(answer({ a: "text", n: "integer" }, []))).toBe("noRows");
});

test("what has no room is left out and counted: the oldest times, the last names, the smallest lines", () => {
  const days = Array.from({ length: 1_003 }, (_, index) => [new Date(index * 86_400_000).toISOString().slice(0, 10), index]);
  expect(chartOf(answer({ day: "date", n: "integer" }, days))).toMatchObject({ placesLeft: 3, series: [{ data: expect.arrayContaining([1002]) }] });
  const names = Array.from({ length: 60 }, (_, index) => [`page ${index}`, index]);
  const bars = chartOf(answer({ page: "text", n: "integer" }, names));
  expect(bars).toMatchObject({ placesLeft: 10 });
  const wide = Object.fromEntries([["page", "text"], ...Array.from({ length: 10 }, (_, index) => [`n${index}`, "integer"])]) as Record<string, ColumnType>;
  expect(chartOf(answer(wide, [["a", ...Array.from({ length: 10 }, () => 1)]]))).toMatchObject({ seriesLeft: 2 });
});

test("days on an axis are days, other moments have their minute", () => {
  const day = (utc: string) => utc.slice(5, 10);
  expect(shortTimes(["2026-11-01 00:00:00Z", "2026-11-02"], day)).toEqual(["11-01", "11-02"]);
  expect(shortTimes(["2026-11-01 00:00:00Z", "2026-11-01 06:30:00Z"], day)).toEqual(["11-01 00:00", "11-01 06:30"]);
});
