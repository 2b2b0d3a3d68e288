import { NO_PROPERTIES } from "../../parts/properties";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { ApiError } from "../../api/errors";
import type { TrendsAnswer, TrendsQuestion } from "../../api/words";
import { catalogue, trendsAnswer } from "../../testing/samples";
import { show } from "../../testing/show";
import { InsightScreen, type InsightScreenProps } from "../frame/InsightScreen";
import { lineColours } from "./lineNames";
import { trends } from "./trends";

type Props = InsightScreenProps<"trends">;

const QUESTION: TrendsQuestion = {
  series: [
    { event: "IMPRESSION", math: "total" },
    { event: "INTERACT", math: "total" },
  ],
  date_from: "-7d",
  interval: "day",
};

const ANSWERED: Props["answer"] = {
  data: trendsAnswer,
  asked: undefined,
  error: null,
  busy: false,
  stale: false,
  answeredAt: Date.UTC(2026, 10, 23, 12),
  retry: () => undefined,
};

function props(part: Partial<Props> = {}): Props {
  return {
    kind: trends,
    project: { id: 1, time_zone: "Asia/Kolkata" },
    question: QUESTION,
    changed: false,
    events: catalogue.events,
    actions: [],
    properties: { ...NO_PROPERTIES, event: catalogue.properties },
    catalogueEmpty: false,
    useValues: () => [],
    answer: ANSWERED,
    onChange: () => undefined,
    onOpen: () => undefined,
    buttons: null,
    ...part,
  };
}

test("the table twin has every number of the picture, grouped in lakhs", async () => {
  await show(<InsightScreen {...props()} />);
  const table = screen.getByRole("table", { name: "Numbers of the chart" });
  const row = within(table).getByRole("row", { name: /IMPRESSION/ });
  expect(within(row).getAllByRole("cell").map((cell) => cell.textContent)).toEqual([
    "1,25,000",
    "1,25,000",
    "1,00,000",
    "25,000",
  ]);
  const second = within(table).getByRole("row", { name: /INTERACT/ });
  expect(within(second).getAllByRole("cell")[2]).toHaveTextContent("–");
});

test("the picture has a spoken summary, and the growing bucket is marked", async () => {
  await show(<InsightScreen {...props()} />);
  expect(await screen.findByRole("img", { name: /Line chart of IMPRESSION, INTERACT/ })).toBeInTheDocument();
  expect(screen.getByTitle("not complete yet")).toBeInTheDocument();
});

test("the definition, the cost and the zone stand below the numbers", async () => {
  await show(<InsightScreen {...props()} />);
  expect(screen.getByText(trendsAnswer.explain.definition)).toBeVisible();
  expect(screen.getByText(/1,23,456 rows read in 1.2 ms/)).toHaveTextContent("Asia/Kolkata");
});

test("a line can be taken out of the picture; its numbers stay in the table", async () => {
  await show(<InsightScreen {...props()} />);
  const entry = screen.getByRole("button", { name: "INTERACT" });
  await userEvent.click(entry);
  expect(entry).toHaveAttribute("aria-pressed", "false");
  expect(screen.getByRole("row", { name: /INTERACT/ })).toBeVisible();
});

test("choosing an event, a math, a breakdown changes the question", async () => {
  const changed = vi.fn();
  const user = userEvent.setup();
  await show(<InsightScreen {...props({ onChange: changed })} />);
  await user.click(screen.getByRole("combobox", { name: "Event of series A" }));
  await user.click(await screen.findByRole("option", { name: /INTERACT/ }));
  expect(changed.mock.lastCall?.[0]).toMatchObject({ series: [{ event: "INTERACT" }, { event: "INTERACT" }] });
  await user.click(screen.getByRole("combobox", { name: "Math of series B" }));
  await user.click(await screen.findByRole("option", { name: "Unique persons" }));
  expect(changed.mock.lastCall?.[0]).toMatchObject({ series: [{ math: "total" }, { math: "dau" }] });
  await user.click(screen.getByRole("combobox", { name: "Breakdown" }));
  await user.click(await screen.findByRole("option", { name: /edata.pageid/ }));
  expect(changed.mock.lastCall?.[0]).toMatchObject({ breakdown: { property: "edata.pageid" } });
});

test("the event picker shows volumes, the numeric math only numeric properties", async () => {
  const user = userEvent.setup();
  const question: TrendsQuestion = { series: [{ event: null, math: "sum" }] };
  await show(<InsightScreen {...props({ question })} />);
  await user.click(screen.getByRole("combobox", { name: "Event of series A" }));
  expect(await screen.findByRole("option", { name: /IMPRESSION 2.5L|IMPRESSION2.5L/ })).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Property of series A" }));
  expect(await screen.findByRole("option", { name: /edata.duration/ })).toBeVisible();
  expect(screen.queryByRole("option", { name: /edata.pageid/ })).not.toBeInTheDocument();
});

test("series come and go, and the last one stays", async () => {
  const changed = vi.fn();
  const { unmount } = await show(<InsightScreen {...props({ onChange: changed })} />);
  await userEvent.click(screen.getByRole("button", { name: "Add series" }));
  expect(changed.mock.lastCall?.[0].series).toHaveLength(3);
  await userEvent.click(screen.getByRole("button", { name: "Remove series A" }));
  expect(changed.mock.lastCall?.[0].series).toEqual([{ event: "INTERACT", math: "total" }]);
  unmount();
  await show(<InsightScreen {...props({ question: { series: [{ event: null, math: "total" }] } })} />);
  expect(screen.queryByRole("button", { name: "Remove series A" })).not.toBeInTheDocument();
});

test("a new range brings fitting steps", async () => {
  const changed = vi.fn();
  await show(<InsightScreen {...props({ onChange: changed })} />);
  await userEvent.click(screen.getByRole("button", { name: "Date range: Last 7 days" }));
  await userEvent.click(await screen.findByRole("button", { name: "Last 24 hours" }));
  expect(changed.mock.lastCall?.[0]).toMatchObject({ date_from: "-24h", interval: "hour" });
});

test("an older picture stays, dimmed, while the answer is on its way", async () => {
  await show(<InsightScreen {...props({ answer: { ...ANSWERED, busy: true, stale: true } })} />);
  expect(screen.getByRole("progressbar")).toBeInTheDocument();
  expect(screen.getByRole("table", { name: "Numbers of the chart" }).closest("[aria-busy]")).toHaveAttribute(
    "aria-busy",
    "true",
  );
});

test("error, empty and unsaved are shown", async () => {
  const error = new ApiError(400, "invalid_question", "Too many buckets.", "interval", ["hour"]);
  const first = await show(<InsightScreen {...props({ answer: { ...ANSWERED, data: undefined, error } })} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Too many buckets.");
  first.unmount();
  const nothing = { ...trendsAnswer, series: [{ label: "x", series: 0, data: [0, 0], sum: 0, total: 0 }] };
  const second = await show(<InsightScreen {...props({ answer: { ...ANSWERED, data: nothing } })} />);
  expect(screen.getByRole("heading", { name: "No event matches in this range" })).toBeVisible();
  second.unmount();
  await show(<InsightScreen {...props({ name: "Views", changed: true })} />);
  expect(screen.getByRole("heading", { name: "Views" })).toBeVisible();
  expect(screen.getByText("Unsaved changes")).toBeVisible();
});

test("what is unfinished in the editor is not asked", () => {
  expect(trends.askable({ series: [{ event: "a", math: "sum" }] })).toBeUndefined();
  expect(
    trends.askable({
      series: [
        { event: "a", math: "sum" },
        { event: "b", math: "total", property: "left.over", filters: [{ property: "", operator: "exact" }] },
      ],
      filters: [{ property: "p", operator: "exact" }],
    }),
  ).toEqual({ series: [{ event: "b", math: "total" }] });
});

test("compared, added up or calculated: the question says so, names tell the periods apart, and nobody is listed", async () => {
  const changed = vi.fn();
  const open = vi.fn();
  const compared: TrendsAnswer = {
    ...trendsAnswer,
    previous_buckets: [
      { label: "2026-11-20", start_utc: "2026-11-19T18:30:00Z" },
      { label: "2026-11-21", start_utc: "2026-11-20T18:30:00Z" },
    ],
    series: (["current", "previous"] as const).map((period) => ({
      label: "IMPRESSION",
      series: 0,
      data: [4, 5],
      sum: 9,
      total: 9,
      compare_label: period,
    })),
  };
  const question: TrendsQuestion = { series: [{ event: "IMPRESSION" }], compare: {} };
  const first = await show(<InsightScreen {...props({ question, answer: { ...ANSWERED, data: compared }, onChange: changed, onOpen: open })} />);
  const row = screen.getByRole("row", { name: /IMPRESSION, 20 Nov – 21 Nov/ });
  expect(within(row).queryByRole("button")).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "4 IMPRESSION, Sun, 22 Nov" }));
  expect(open).toHaveBeenCalledWith({ series: 0, bucket: 0 });
  await userEvent.click(screen.getByRole("combobox", { name: "Points" }));
  await userEvent.click(await screen.findByRole("option", { name: "Running sum" }));
  expect(changed.mock.lastCall?.[0]).toMatchObject({ cumulative: true, compare: {} });
  first.unmount();
  await show(<InsightScreen {...props({ onChange: changed })} />);
  await userEvent.type(screen.getByRole("textbox", { name: "Formula" }), "A / B{Enter}");
  expect(changed.mock.lastCall?.[0]).toMatchObject({ formula: "A / B" });
});

test("a line and the one that it is compared to have one colour, the other half as strong", () => {
  const line = (series: number, label: "current" | "previous") => ({ label: "", series, data: [], sum: 0, total: 0, compare_label: label });
  const colours = lineColours(QUESTION, [line(0, "current"), line(1, "current"), line(0, "previous")], "light");
  expect(colours[2]).toBe(`${colours[0]}80`);
  expect(colours[0]).not.toBe(colours[1]);
  const before = lineColours(QUESTION, [line(0, "current"), line(1, "current")], "light");
  expect(colours.slice(0, 2)).toEqual(before);
});
