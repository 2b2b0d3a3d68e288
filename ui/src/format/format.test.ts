import { expect, test } from "vitest";
import { dateFormat } from "./dates";
import { NO_NUMBER, numberFormat } from "./numbers";

test("numbers are grouped in lakhs in both languages", () => {
  for (const locale of ["en-IN", "hi-IN"]) {
    const numbers = numberFormat(locale);
    expect(numbers.full(100_000)).toBe("1,00,000");
    expect(numbers.full(12_345_678)).toBe("1,23,45,678");
    expect(numbers.full(12.345)).toBe("12.35");
  }
});

test("a missing number is a dash, zero is zero", () => {
  const numbers = numberFormat("en-IN");
  expect(numbers.full(null)).toBe(NO_NUMBER);
  expect(numbers.full(undefined)).toBe(NO_NUMBER);
  expect(numbers.full(0)).toBe("0");
});

test("axis numbers are short above a thousand only", () => {
  const numbers = numberFormat("en-IN");
  expect(numbers.short(950)).toBe("950");
  expect(numbers.short(250_000)).toBe("2.5L");
});

test("durations are told in the two largest units", () => {
  const { duration } = numberFormat("en-IN");
  expect(duration(0)).toBe("0s");
  expect(duration(12.34)).toBe("12.3s");
  expect(duration(200)).toBe("3m 20s");
  expect(duration(3_599.9)).toBe("60m");
  expect(duration(90_000)).toBe("1d 1h");
  expect(duration(null)).toBe(NO_NUMBER);
});

test("instants are shown in the project's zone, not in the browser's", () => {
  expect(dateFormat("en-IN", "Asia/Kolkata").instant("2026-11-23T20:00:00Z")).toContain("24 Nov 2026");
  expect(dateFormat("en-IN", "UTC").instant("2026-11-23T20:00:00Z")).toContain("23 Nov 2026");
});

test("a day bucket is named by its local day", () => {
  const bucket = { label: "2026-11-23", start_utc: "2026-11-22T18:30:00Z" };
  expect(dateFormat("en-IN", "Asia/Kolkata").bucketShort(bucket, "day")).toBe("23 Nov");
});

test("a time that cannot be read is shown as it came", () => {
  expect(dateFormat("en-IN", "UTC").instant("yesterday")).toBe("yesterday");
});

test("ages are told in the largest fitting unit", () => {
  const dates = dateFormat("en-IN", "UTC");
  const now = Date.parse("2026-11-23T12:00:00Z");
  expect(dates.ago("2026-11-23T11:59:30Z", now)).toMatch(/30 sec/);
  expect(dates.ago("2026-11-23T11:30:00Z", now)).toMatch(/30 min/);
  expect(dates.ago("2026-11-21T11:30:00Z", now)).toMatch(/2 days/);
});
