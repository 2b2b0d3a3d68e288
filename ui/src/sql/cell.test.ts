import { expect, test } from "vitest";
import type { ColumnType, SqlAnswer } from "../api/sql";
import { cellText, columnWidths, rowJson, tabbed } from "./cell";

const answer = (types: Record<string, ColumnType>, rows: unknown[][]): Pick<SqlAnswer, "columns" | "rows"> => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type })),
  rows,
});

test("NULL is not an empty text", () => {
  expect(cellText(null, "text")).toBeNull();
  expect(cellText("", "text")).toBe("");
});

test("integers keep every digit, also those that came as text; years are no lakhs", () => {
  expect(cellText(2026, "integer")).toBe("2026");
  expect(cellText("9007199254740993", "integer")).toBe("9007199254740993");
});

test("numbers are short but never zero when they are not", () => {
  expect(cellText(0.1 + 0.2, "number")).toBe("0.3");
  expect(cellText(1 / 3, "number")).toBe("0.333333");
  expect(cellText(1e-9, "number")).toBe("1e-9");
  expect(cellText(-1e-9, "number")).toBe("-1e-9");
  expect(cellText(1.5e300, "number")).toBe("1.5e+300");
});

test("a moment keeps its zone and loses zeros that say nothing", () => {
  expect(cellText("2026-11-23T10:00:00.500000Z", "timestamp")).toBe("2026-11-23 10:00:00.5Z");
  expect(cellText("2026-11-23T10:00:00.000000+05:30", "timestamp")).toBe("2026-11-23 10:00:00+05:30");
  expect(cellText("2026-11-23T10:00:00", "timestamp")).toBe("2026-11-23 10:00:00");
  expect(cellText("tomorrow", "timestamp")).toBe("tomorrow");
});

test("what is copied for a spreadsheet calculates nothing and keeps its cells", () => {
  const rows = [["=HYPERLINK(1)", -5], ["@x\ty\nz", 2], ["plain", null]];
  expect(tabbed(answer({ name: "text", n: "integer" }, rows))).toBe("name\tn\n'=HYPERLINK(1)\t-5\n'@x y z\t2\nplain\t");
});

test("a row as JSON keeps both columns of one name", () => {
  const columns = [{ name: "a", type: "integer" as const }, { name: "a", type: "json" as const }];
  expect(JSON.parse(rowJson(columns, [1, { b: 2 }]))).toEqual({ a: 1, "a (2)": { b: 2 } });
});

test("a column is as wide as its longest value of all parts of the result, within limits", () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => [index === 995 ? "x".repeat(20) : "x", "y".repeat(500)]);
  const [short, long] = columnWidths(answer({ a: "text", b: "text" }, rows), 340);
  expect(short).toBeGreaterThan(150);
  expect(long).toBe(340);
  expect(columnWidths(answer({ a: "text" }, []), 340)).toEqual([72]);
});
