import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import { expect, test } from "vitest";
import { type InsightQuestion, KINDS, type TrendsQuestion } from "../api/words";
import { asKind } from "../insights/frame/KindSwitch";
import { eventsQuestionOf, readEventsLink } from "./events";
import { fittingInterval, namedRange } from "./range";
import { fitsLink, readSqlLink } from "./sql";
import { canonical as canonicalOf, type InsightLink, type InsightUrl, linkOf as linkTo, questionOf as questionIn, readLink } from "./insight";
import { URLS } from "./kinds";
import { SERIES_MAX, trendsUrl } from "./trends";

const DEFAULT_TRENDS = trendsUrl.begin({ subjects: [], events: [] });
const readTrendsLink = (search: Record<string, unknown>) => readLink(trendsUrl, search);
const questionOf = (link: InsightLink<TrendsQuestion>) => questionIn(trendsUrl, link, DEFAULT_TRENDS);
const linkOf = (question: TrendsQuestion, insight?: number) => linkTo(trendsUrl, question, insight);
const canonical = (question: TrendsQuestion) => canonicalOf(trendsUrl, question);

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

/** One question of each kind with everything that it can say. */
const WHOLE: InsightQuestion[] = [
  { kind: "trends", ...FULL, formula: "A / B", compare: { to: "-1w" }, smoothing: 7 },
  {
    kind: "trends",
    series: [{ event: "pay", math: "total", filters: [{ property: "plan", type: "person", value: "pro" }] }],
    breakdown: { property: "amount", bins: 10, and: [{ property: "plan", type: "person" }, { property: "event" }] },
  },
  {
    kind: "funnel",
    steps: [
      { event: "404" },
      { event: "view", optional: true, filters: [{ property: "page", operator: "exact", value: "/fees" }] },
      { event: "pay", occurrence: "first_ever", label: "paid" },
    ],
    order: "ordered",
    window: { count: 10, unit: "minute" },
    exclusions: [{ event: "cancel", from_step: 1, to_step: 3 }],
    view: "trend",
    from_step: 1,
    to_step: 2,
    interval: "week",
    breakdown: { property: "district", attribution: "step", step: 2 },
    date_from: "-30d",
  },
  {
    kind: "retention",
    start_event: { event: "signup" },
    return_event: { event: null, filters: [{ property: "page", operator: "is_set" }] },
    start: "first_time",
    period: "week",
    intervals: 12,
    date_to: "2026-11-01",
    rolling: true,
    cumulative: true,
    minimum_occurrences: 3,
    reference: "previous",
    breakdown: { property: "district" },
  },
  { kind: "lifecycle", series: { event: "view" }, interval: "month", date_from: "yStart" },
  {
    kind: "stickiness",
    series: [{ event: "view" }, { event: null }],
    interval: "day",
    criterion: { operator: "exact", value: 3 },
    cumulative: true,
    date_from: "-14d",
  },
  {
    kind: "paths",
    kinds: ["screens", "events"],
    cleaning: [{ regex: "\\d+", alias: "" }],
    groups: ["/student/*"],
    exclude: ["/login"],
    start: "/fees",
    end: "/done",
    steps: 7,
    limit: 20,
    edges_min: 2,
    edges_max: 900,
    date_from: "-7d",
  },
];

test.each(WHOLE)("a question of $kind survives the address bar", ({ kind, ...question }) => {
  const url = URLS[kind] as InsightUrl<object>;
  const link = readLink(url, throughTheAddressBar({ ...linkTo(url, question, 7), cell: { series: 0, breakdown_value: "" } }));
  expect(questionIn(url, link, undefined)).toEqual(question);
  expect(link.insight).toBe(7);
  expect(link.cell).toEqual({ series: 0, breakdown_value: "" });
});

test.each(WHOLE)("what is wrong in a link of $kind falls away", ({ kind }) => {
  const url = URLS[kind] as InsightUrl<object>;
  const wrong = { steps: "x", order: 3, window: { count: -1 }, start_event: [], series: 7, kinds: ["x"], interval: "x", cell: { a: 1 } };
  expect(readLink(url, wrong)).toEqual({});
  expect(questionIn(url, {}, undefined)).toBeUndefined();
});

test("a comparison with the period before says nothing more than that", () => {
  const read = (search: Record<string, unknown>) => readLink(trendsUrl, search);
  expect(read({ compare: {}, cumulative: true })).toEqual({ compare: {}, cumulative: true });
  expect(read({ compare: { to: "tomorrow" }, smoothing: 1, formula: "" })).toEqual({ compare: {} });
});

test("every kind can be asked with what any other asked about", () => {
  const events = ["IMPRESSION", "INTERACT"].map((name) => ({ name, count: 9, first_seen: "", last_seen: "" }));
  for (const { kind: from, ...question } of WHOLE) {
    for (const to of KINDS) {
      const url = URLS[to] as InsightUrl<object>;
      const asked = asKind(from, question as never, to, events);
      expect(questionIn(url, linkTo(url, asked), undefined), `${from} to ${to}`).toEqual(asked);
    }
  }
  expect(asKind("trends", FULL, "funnel", events)).toMatchObject({
    steps: [{ event: "IMPRESSION" }, { event: "INTERACT" }],
    date_from: "2026-01-31",
    date_to: "2026-02-28",
  });
});

test("breakdowns by cohorts, of persons and in bins survive a link; filters on cohorts too", () => {
  const read = (search: Record<string, unknown>) => readLink(trendsUrl, search);
  expect(read({ breakdown: { property: "", cohorts: [3, 0, -1, "4"] } })).toEqual({ breakdown: { property: "", cohorts: [3, 0] } });
  expect(read({ breakdown: { property: "", cohorts: [] } })).toEqual({});
  const by = { property: "plan", type: "person", and: [{ property: "amount", bins: 5 }] };
  expect(read({ breakdown: by, display: "area" })).toEqual({ breakdown: by, display: "area" });
  expect(read({ filters: [{ type: "cohort", operator: "not_in_cohort", value: 3 }] })).toEqual({
    filters: [{ type: "cohort", operator: "not_in_cohort", value: [3] }],
  });
});

test("an action stands in place of an event, by number or by name", () => {
  const read = (series: unknown) => readLink(trendsUrl, { series: [series] }).series;
  expect(read({ action: 7, event: "pay", label: "Pays" })).toEqual([{ action: 7, label: "Pays", math: "total" }]);
  expect(read({ action: "page_view" })).toEqual([{ action: "page_view", math: "total" }]);
  expect(read({ action: -1 })).toEqual([{ event: null, math: "total" }]);
});
