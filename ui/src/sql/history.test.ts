import { afterEach, expect, test } from "vitest";
import { forget, readHistory, remember, writeHistory } from "./history";

afterEach(() => localStorage.clear());

test("a query that is run again moves up instead of standing twice", () => {
  const past = remember(remember([], { sql: "SELECT 1", at: 1, rows: 1 }), { sql: "SELECT 2", at: 2 });
  expect(remember(past, { sql: " SELECT 1\n", at: 3, rows: 5 })).toEqual([
    { sql: " SELECT 1\n", at: 3, rows: 5 },
    { sql: "SELECT 2", at: 2 },
  ]);
  expect(forget(past, "SELECT 2")).toEqual([{ sql: "SELECT 1", at: 1, rows: 1 }]);
});

test("it stays small: fifty queries, and no more letters than a browser keeps gladly", () => {
  let past = remember([], { sql: "x".repeat(150_000), at: 0 });
  past = remember(past, { sql: "y".repeat(100_000), at: 1 });
  expect(past.map((one) => one.at)).toEqual([1]);
  for (let at = 2; at < 80; at++) past = remember(past, { sql: `SELECT ${at}`, at });
  expect(past).toHaveLength(50);
  expect(past[0]?.at).toBe(79);
});

test("each member and project has its own; what is broken is as if it were not there", () => {
  writeHistory(1, 1, [{ sql: "SELECT 1", at: 1, rows: 0 }]);
  expect(readHistory(1, 1)).toEqual([{ sql: "SELECT 1", at: 1, rows: 0 }]);
  expect(readHistory(1, 2)).toEqual([]);
  expect(readHistory(2, 1)).toEqual([]);
  localStorage.setItem("telemetry.sql.1.1", '[{"sql":5},null,{"sql":"SELECT 2","at":2}]');
  expect(readHistory(1, 1)).toEqual([{ sql: "SELECT 2", at: 2 }]);
  localStorage.setItem("telemetry.sql.1.1", "{");
  expect(readHistory(1, 1)).toEqual([]);
  writeHistory(1, 1, []);
  expect(localStorage.getItem("telemetry.sql.1.1")).toBeNull();
});
