import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { SeriesAnswer, TrendsAnswer } from "../api/words";
import { catalogue, trendsAnswer } from "../testing/samples";
import { show } from "../testing/show";
import { HomeView } from "./HomeView";
import { beside, dayAt, pageEventOf, pagesOf, pulseOf, pulseQuestion } from "./pulse";

const line = (series: number, total: number, label: "current" | "previous", value?: string): SeriesAnswer => ({
  label: "",
  series,
  data: [total, 0],
  sum: total,
  total,
  compare_label: label,
  ...(value === undefined ? {} : { breakdown_value: value }),
});
const PULSE: TrendsAnswer = {
  ...trendsAnswer,
  interval: "hour",
  previous_buckets: [{ label: "2026-11-16", start_utc: "2026-11-15T18:30:00Z" }],
  series: [
    ...[120, 150, 900].map((total, series) => line(series, total, "current")),
    ...[100, 200, 900].map((total, series) => line(series, total, "previous")),
  ],
};
const PAGES: TrendsAnswer = {
  ...PULSE,
  series: [line(0, 40, "current", "fees"), line(0, 9, "current", "marks"), line(0, 50, "previous", "fees"), line(0, 0, "previous", "marks")],
};
const shared = {
  project: { id: 1, name: "Parents", time_zone: "Asia/Kolkata" },
  now: "2026-11-23T12:00:00Z",
  day: "today" as const,
  onDay: () => undefined,
  never: false,
  pageEvent: pageEventOf(catalogue.events),
  insights: [],
  busy: false,
  stale: false,
  error: null,
  onRetry: () => undefined,
};

test("each number stands beside the same weekday, and its change is told in words too", async () => {
  const onDay = vi.fn();
  await show(<HomeView {...shared} onDay={onDay} pulse={PULSE} pages={PAGES} />);
  expect(pulseOf(PULSE).map((one) => one.change)).toEqual([0.2, -0.25, 0]);
  const pulse = within(screen.getByRole("region", { name: "Pulse of the day" }));
  expect(pulse.getByText("more by").parentElement).toHaveTextContent("↑ more by 20%");
  expect(pulse.getByText("fewer by").parentElement).toHaveTextContent("↓ fewer by 25%");
  expect(pulse.getAllByText(/on Mon, 16 Nov/)).toHaveLength(3);
  expect(decodeURIComponent(pulse.getByRole("link", { name: "120" }).getAttribute("href") ?? "")).toContain('"math":"dau"');
  const rows = within(screen.getByRole("table", { name: "Most seen" })).getAllByRole("row");
  expect(rows[1]).toHaveTextContent("fees40↓ fewer by 20%");
  expect(rows[2]).toHaveTextContent("marks9new");
  await userEvent.click(screen.getByRole("radio", { name: "Yesterday" }));
  expect(onDay).toHaveBeenCalledWith("yesterday");
});

test("an app without events is told what to do", async () => {
  await show(<HomeView {...shared} never pulse={undefined} pages={undefined} />);
  expect(screen.getByRole("link", { name: "How to send events" })).toHaveAttribute("href", "/p/1/start");
});

test("the morning begins with yesterday, by the clock of the project", () => {
  expect(dayAt("2026-11-23T06:29:00Z", "Asia/Kolkata")).toBe("yesterday");
  expect(dayAt("2026-11-23T06:30:00Z", "Asia/Kolkata")).toBe("today");
  expect(dayAt("2026-11-23T18:30:00Z", "Asia/Kolkata")).toBe("yesterday");
});

test("both days end at the same time; pages are told by the event that the app sends", () => {
  expect(pulseQuestion("today", "2026-11-23T12:00:00Z", undefined)).toMatchObject({
    date_from: "dStart",
    date_to: "2026-11-23T12:00:00Z",
    compare: { to: "-1w" },
  });
  expect(pulseQuestion("yesterday", "x", undefined)).toMatchObject({ date_from: "-1dStart", date_to: "-1dEnd" });
  expect(pageEventOf(catalogue.events)).toEqual({ event: "IMPRESSION", property: "edata.pageid" });
  expect(pageEventOf([])).toBeUndefined();
  expect(pagesOf(PAGES).map((row) => row.page)).toEqual(["fees", "marks"]);
  expect(beside(undefined, undefined)).toEqual({ now: 0, before: 0, change: undefined });
});
