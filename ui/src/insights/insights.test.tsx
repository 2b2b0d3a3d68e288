/** What all other kinds of insight show: every number in a table, and each of them opens. */
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { KINDS } from "../api/words";
import { showInsight } from "../testing/insight";
import { lifecycleAnswer, pathsAnswer, retentionAnswer, stickinessAnswer } from "../testing/samples";
import { lifecycle } from "./lifecycle/lifecycle";
import { paths } from "./paths/paths";
import { retention } from "./retention/retention";
import { stickiness } from "./stickiness/stickiness";

test("the kinds take over the events of each other", async () => {
  await showInsight(lifecycle, { series: { event: "view" }, date_from: "-14d" }, lifecycleAnswer);
  const kinds = within(screen.getByRole("navigation", { name: "Kind of insight" })).getAllByRole("link");
  expect(kinds).toHaveLength(KINDS.length);
  expect(decodeURIComponent(kinds[1]?.getAttribute("href") ?? "")).toMatch(/^\/p\/1\/funnel\?steps=\[{"event":"view"},.*date_from=-14d/);
  expect(screen.getByRole("link", { name: "Lifecycle", current: "page" })).toBeVisible();
});

test("retention: a triangle of shaded cells that say what they are", async () => {
  const { onOpen, onChange } = await showInsight(retention, { start_event: { event: "view" }, intervals: 2 }, retentionAnswer);
  const table = within(screen.getByRole("table", { name: "Retention by start" }));
  const cell = table.getByRole("button", { name: "25% Day 1 after Sun, 22 Nov: 2 of 8 (not complete yet)" });
  await userEvent.click(cell);
  expect(onOpen).toHaveBeenLastCalledWith({ row: 0, column: 1 });
  await userEvent.click(screen.getByRole("radio", { name: "Persons" }));
  expect(table.getByRole("button", { name: /^2 Day 1 after/ })).toBeVisible();
  await userEvent.click(screen.getByRole("checkbox", { name: "Then or later" }));
  expect(onChange.mock.lastCall?.[0]).toMatchObject({ cumulative: true });
});

test("lifecycle: who is there and who went quiet", async () => {
  const { onOpen } = await showInsight(lifecycle, { series: { event: "view" } }, lifecycleAnswer);
  await userEvent.click(screen.getByRole("button", { name: "-3 Gone quiet, Mon, 23 Nov" }));
  expect(onOpen).toHaveBeenLastCalledWith({ status: "dormant", bucket: 1 });
  expect(screen.queryByRole("button", { name: /^0 / })).not.toBeInTheDocument();
  expect(await screen.findByRole("img", { name: /^Stacked bars of new/ })).toBeVisible();
});

test("stickiness: persons by number of active days, with their share", async () => {
  const { onOpen, onChange } = await showInsight(stickiness, { series: [{ event: "view" }] }, stickinessAnswer);
  await userEvent.click(screen.getByRole("button", { name: "1 (25%) view, 2 days" }));
  expect(onOpen).toHaveBeenLastCalledWith({ series: 0, column: 2 });
  const least = screen.getByRole("textbox", { name: "Number of events" });
  await userEvent.clear(least);
  await userEvent.type(least, "3{Enter}");
  expect(onChange.mock.lastCall?.[0].criterion).toEqual({ operator: "gte", value: 3 });
});

test("paths: every way and every end in a table; a node begins a new question", async () => {
  const { onOpen, onChange, container } = await showInsight(paths, { kinds: ["pages"] }, pathsAnswer);
  await userEvent.click(screen.getByRole("button", { name: "5 1. / → /fees, Times" }));
  expect(onOpen).toHaveBeenLastCalledWith({ source: "1_/", target: "2_/fees" });
  await userEvent.click(screen.getByRole("button", { name: "3 2. /fees: paths end here, Times" }));
  expect(onOpen).toHaveBeenLastCalledWith({ source: "2_/fees" });
  expect(screen.getByRole("img", { name: /^Flow of 2 ways.*1\. \/ → \/fees/ })).toBeVisible();
  const node = [...container.querySelectorAll("rect")].find((rect) => rect.textContent === "Paths from /fees on");
  await userEvent.click(node as Element);
  expect(onChange.mock.lastCall?.[0]).toEqual({ kinds: ["pages"], start: "/fees" });
});
