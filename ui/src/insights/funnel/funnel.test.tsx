import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { FunnelQuestion } from "../../api/words";
import { showInsight } from "../../testing/insight";
import { explain, funnelAnswer } from "../../testing/samples";
import { funnel } from "./funnel";
import { movedStep, sound, withSteps } from "./sound";

const QUESTION: FunnelQuestion = { steps: [{ event: "signup" }, { event: "view" }, { event: "pay" }], date_from: "-30d" };

test("each step says who took it, who dropped and how long it took, and opens them", async () => {
  const { onOpen } = await showInsight(funnel, QUESTION, funnelAnswer);
  const steps = within(screen.getByRole("list", { name: "Steps of the funnel" }));
  expect(steps.getAllByRole("listitem")[1]).toHaveTextContent("2view660%60% went on4 droppedmedian 1m, average 1m 30s");
  await userEvent.click(steps.getByRole("button", { name: "6 Took step 2, view" }));
  expect(onOpen).toHaveBeenLastCalledWith({ step: 2 });
  await userEvent.click(steps.getByRole("button", { name: "3 Dropped before step 3, pay" }));
  expect(onOpen).toHaveBeenLastCalledWith({ step: -3 });
  const row = screen.getByRole("row", { name: /3 pay/ });
  expect(within(row).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["3", "30%", "50%", "3", "2h", "1h"]);
});

test("a split funnel names the row of a number", async () => {
  const rows = ["mandi", "(none)"].map((value) => ({ breakdown_value: value, steps: funnelAnswer.rows?.[0]?.steps ?? [] }));
  const question = { ...QUESTION, breakdown: { property: "district" } };
  const { onOpen } = await showInsight(funnel, question, { ...funnelAnswer, rows });
  await userEvent.click(screen.getByRole("button", { name: "6 (no value) · 2 view, Persons" }));
  expect(onOpen).toHaveBeenLastCalledWith({ step: 2, breakdown_value: "(none)" });
});

test("times and rates are told in tables whose numbers open", async () => {
  const times = { bins: [{ from_s: 30, count: 2 }, { from_s: 120, count: 0 }], average_s: 45 };
  const first = await showInsight(funnel, { ...QUESTION, view: "time_to_convert" }, { steps: funnelAnswer.steps, time_to_convert: times, explain });
  expect(screen.getByText("45s")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "2 30s to 2m, Persons" }));
  expect(first.onOpen).toHaveBeenLastCalledWith({ bucket: 0 });
  first.unmount();
  const bucket = { label: "2026-11-22", start_utc: "2026-11-21T18:30:00Z", entered: 4, converted: 1, rate: 25 };
  const second = await showInsight(funnel, { ...QUESTION, view: "trend" }, { steps: funnelAnswer.steps, trend: [bucket], explain });
  await userEvent.click(screen.getByRole("button", { name: "1 Converted, Sun, 22 Nov" }));
  expect(second.onOpen).toHaveBeenLastCalledWith({ bucket: 0, converted: true });
  expect(screen.getByRole("row", { name: /Conversion/ })).toHaveTextContent("25%");
});

test("steps are added, moved, made optional and taken away with the keyboard", async () => {
  const { onChange } = await showInsight(funnel, QUESTION, funnelAnswer);
  screen.getByRole("button", { name: "Move step 3 up" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(onChange.mock.lastCall?.[0].steps.map((step) => step.event)).toEqual(["signup", "pay", "view"]);
  await userEvent.click(screen.getByRole("button", { name: "Add step" }));
  expect(onChange.mock.lastCall?.[0].steps.at(-1)).toEqual({ event: "IMPRESSION" });
  await userEvent.click(screen.getByRole("button", { name: "Remove step 1" }));
  expect(onChange.mock.lastCall?.[0].steps).toHaveLength(2);
  await userEvent.click(screen.getByRole("button", { name: "Menu of step 2" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Optional" }));
  expect(onChange.mock.lastCall?.[0].steps[1]).toEqual({ event: "view", optional: true });
});

test("what no longer fits falls away with the step that it pointed to", () => {
  const whole: FunnelQuestion = {
    steps: [{ event: "a" }, { event: "b", optional: true }, { event: "c" }, { event: "d" }],
    exclusions: [{ event: "x", from_step: 3, to_step: 4 }],
    view: "trend",
    from_step: 2,
    to_step: 3,
  };
  expect(withSteps(whole, whole.steps.slice(0, 2))).toEqual({
    steps: [{ event: "a" }, { event: "b" }],
    exclusions: [{ event: "x", from_step: 1, to_step: 2 }],
    view: "trend",
  });
  expect(movedStep(whole, 1, -1).steps[0]).toEqual({ event: "b" });
  const strict = sound({ ...whole, order: "strict", breakdown: { property: "p", attribution: "step", step: 9 } });
  expect(strict.exclusions).toBeUndefined();
  expect(strict.steps[1]).toEqual({ event: "b" });
  expect(strict.breakdown?.step).toBe(4);
  expect(sound({ ...whole, order: "unordered" }).exclusions).toEqual([{ event: "x" }]);
});
