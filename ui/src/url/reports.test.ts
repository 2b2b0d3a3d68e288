import { expect, test } from "vitest";
import { activeQuestionOf, readPeopleLink } from "./people";
import { readItemsLink, readSessionsLink, sessionsQuestionOf } from "./reports";
import { readWebLink, shownTable, toggleRow, webQuestionOf, withTable } from "./web";

test("a link to the web report keeps what narrows it; what is wrong falls away", () => {
  const link = readWebLink({
    date_from: "-30d",
    compare: "-1w",
    rows: [{ table: "pages", value: "/fees" }, { table: "nothing", value: "x" }, { table: "pages" }],
    tabs: ["exit_pages", "wrong"],
    infer: true,
    open: { table: "channels", value: "Direct" },
  });
  expect(link).toEqual({
    date_from: "-30d",
    compare: "-1w",
    rows: [{ table: "pages", value: "/fees" }],
    tabs: ["exit_pages"],
    infer: true,
    open: { table: "channels", value: "Direct" },
  });
  expect(readWebLink({ ...link })).toEqual(link);
  expect(readWebLink({ compare: "soon", rows: "pages", open: "all" })).toEqual({});
  // All visits are a number, too.
  expect(readWebLink({ open: {} })).toEqual({ open: {} });
});

test("the question asks for the tables that are shown, beside the period before unless told otherwise", () => {
  expect(webQuestionOf({})).toEqual({
    date_from: "-7d",
    compare: {},
    tables: ["pages", "channels", "utm_campaigns", "countries", "devices"],
  });
  const link = withTable(withTable({}, "pages", "entry_pages"), "devices", "os");
  expect([shownTable(link, "pages"), shownTable(link, "devices"), shownTable(link, "places")]).toEqual(["entry_pages", "os", "countries"]);
  expect(withTable(link, "pages", "pages")).toEqual({ tabs: ["os"] });
  expect(webQuestionOf({ compare: "none" })).not.toHaveProperty("compare");
  expect(webQuestionOf({ compare: "-1m" }).compare).toEqual({ to: "-1m" });
});

test("a row is put on and taken off, and an open number closes", () => {
  const row = { table: "channels", value: "Direct" } as const;
  const once = toggleRow({ open: {}, date_from: "-30d" }, row);
  expect(once).toEqual({ date_from: "-30d", rows: [row] });
  expect(toggleRow(once, row)).toEqual({ date_from: "-30d" });
});

test("people are whoever had an event; unfinished conditions are not asked", () => {
  const link = readPeopleLink({ search: "p-", filters: [{ property: "plan", type: "person", operator: "exact", value: "pro" }, { property: "" }] });
  expect(activeQuestionOf(link)).toMatchObject({
    date_from: "-30d",
    series: [{ event: null, math: "dau" }],
    filters: [
      { property: "plan", type: "person", operator: "exact", value: "pro" },
      { property: "distinct_id", operator: "icontains", value: "p-" },
    ],
  });
  expect(activeQuestionOf({})).not.toHaveProperty("filters");
});

test("links to questions and sessions keep what is open", () => {
  expect(readItemsLink({ item: "q1", open: { item: "q2", correct: true } })).toEqual({ item: "q1", open: { item: "q2", correct: true } });
  expect(readItemsLink({ open: { correct: true } })).toEqual({});
  expect(readSessionsLink({ tab: "workflow", infer: true })).toEqual({ tab: "workflow", infer: true });
  expect(readSessionsLink({ tab: "other" })).toEqual({});
  expect(sessionsQuestionOf({ infer: true })).toMatchObject({ date_from: "-7d", infer_sessions: true });
});
