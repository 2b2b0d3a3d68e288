import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import { expect, test } from "vitest";
import type { TrendsQuestion } from "../api/words";
import { eventsQuestionOf, readEventsLink } from "./events";
import { fittingInterval, namedRange } from "./range";
import { fitsLink, readSqlLink } from "./sql";
import { canonical, DEFAULT_TRENDS, linkOf, questionOf, readTrendsLink, SERIES_MAX } from "./trends";

const FULL: TrendsQuestion = {
  series: [
    { event: "IMPRESSION", math: "total" },
    {
      event: null,
      math: "p95",
      property: "edata.duration",
      filters: [
        { property: "edata.pageid", operator: "is_not", value: ["home", "नमस्ते & =?#"] },
        { property: "edata.score", operator: "between", value: [1, 2.5] },
        { property: "edata.pass", operator: "is_set" },
      ],
      label: "slow",
    },
  ],
  date_from: "2026-01-31",
  date_to: "2026-02-28",
  explicitDate: true,
  interval: "week",
  breakdown: { property: "context.env", limit: 10, hide_other: true },
  filters: [{ type: "OR", values: [{ property: "a", operator: "exact", value: 1 }, { property: "b", value: true }] }],
};

const throughTheAddressBar = (link: object): Record<string, unknown> =>
  defaultParseSearch(defaultStringifySearch({ ...link })) as Record<string, unknown>;

test("a question survives the address bar", () => {
  const link = readTrendsLink(throughTheAddressBar(linkOf(FULL, 7)));
  expect(link.insight).toBe(7);
  expect(questionOf(link)).toEqual(FULL);
});

test("an event whose name looks like a number stays a name", () => {
  const link = readTrendsLink(throughTheAddressBar(linkOf({ series: [{ event: "404", math: "total" }] })));
  expect(questionOf(link)?.series[0]?.event).toBe("404");
  expect(readEventsLink(throughTheAddressBar({ event: "404" })).event).toBe("404");
});

test("an empty link asks the default, a link to an insight asks nothing of its own", () => {
  expect(questionOf(readTrendsLink({}))).toEqual(DEFAULT_TRENDS);
  expect(questionOf(readTrendsLink({ insight: 3 }))).toBeUndefined();
});

test("what is wrong in a link falls away, the rest stands", () => {
  const link = readTrendsLink({
    series: [{ event: "a", math: "nonsense" }, 7, null],
    interval: "fortnight",
    filters: [{ operator: "exact" }, { property: "x", value: 1 }],
    breakdown: "edata.pageid",
    insight: "seven",
  });
  expect(link).toEqual({ series: [{ event: "a", math: "total" }], filters: [{ property: "x", value: 1 }] });
});

test("a link cannot ask for more series than there are letters", () => {
  const series = Array.from({ length: 40 }, () => ({ event: "a" }));
  expect(readTrendsLink({ series }).series).toHaveLength(SERIES_MAX);
});

test("questions that mean the same are the same", () => {
  const plain: TrendsQuestion = { series: [{ event: "a" }] };
  const spelled: TrendsQuestion = {
    series: [{ math: "total", event: "a", filters: [] }],
    date_from: "-7d",
    interval: "day",
    filters: [],
  };
  expect(canonical(plain)).toBe(canonical(spelled));
  expect(canonical(plain)).not.toBe(canonical({ ...plain, date_from: "-8d" }));
});

test("an events link survives the address bar", () => {
  const link = { event: "INTERACT", person: "parent 1", date_from: "-7d", filters: [{ property: "x", value: ["a"] }] };
  expect(readEventsLink(throughTheAddressBar(link))).toEqual(link);
  expect(eventsQuestionOf({}).date_from).toBe("-24h");
});

test("ranges bring steps that fit them", () => {
  expect(fittingInterval({ from: "-24h" })).toBe("hour");
  expect(fittingInterval({ from: "-90d" })).toBe("week");
  expect(fittingInterval({ from: "2026-01-01", to: "2026-01-31" })).toBe("day");
  expect(namedRange({ from: "-7d", to: "2026-01-31" })).toBeUndefined();
});

test("a link to a query carries its text, and how the result is looked at when that is no table", () => {
  expect(readSqlLink({ q: "SELECT 1", view: "bars" })).toEqual({ q: "SELECT 1", view: "bars" });
  expect(readSqlLink({ q: 1, view: "table" })).toEqual({ q: "1" });
  expect(readSqlLink({ q: ["x"], view: "pie" })).toEqual({});
});

test("a query fits a link by the letters that the address needs for it", () => {
  expect(fitsLink("x".repeat(6_000))).toBe(true);
  expect(fitsLink("x".repeat(6_001))).toBe(false);
  expect(fitsLink("क".repeat(700))).toBe(false);
});
