import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Insight } from "../../api/words";
import { show } from "../../testing/show";
import { InsightsView } from "./InsightsView";

const PROJECT = { id: 1, time_zone: "Asia/Kolkata" };
const INSIGHT: Insight = {
  id: 7,
  name: "Views by page",
  description: "",
  question: {
    kind: "trends",
    series: [{ event: "IMPRESSION", math: "dau" }],
    breakdown: { property: "edata.pageid" },
  },
  created_at: "2026-11-23T10:00:00Z",
  updated_at: "2026-11-23T10:00:00Z",
  created_by: "asha@example.org",
};

test("an insight is listed with its question and opens it", async () => {
  await show(<InsightsView project={PROJECT} insights={[INSIGHT]} />);
  expect(screen.getByRole("link", { name: "Views by page" })).toHaveAttribute("href", "/p/1/trends?insight=7");
  expect(screen.getByText("IMPRESSION (Unique persons) · by edata.pageid")).toBeVisible();
  expect(screen.queryByRole("button", { name: /Menu of/ })).not.toBeInTheDocument();
});

test("who may write can rename and delete", async () => {
  const rename = vi.fn();
  const erase = vi.fn();
  await show(<InsightsView project={PROJECT} insights={[INSIGHT]} onRename={rename} onDelete={erase} />);
  await userEvent.click(screen.getByRole("button", { name: "Menu of Views by page" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Rename" }));
  expect(rename).toHaveBeenCalledWith(INSIGHT);
  await userEvent.click(screen.getByRole("button", { name: "Menu of Views by page" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
  expect(erase).toHaveBeenCalledWith(INSIGHT);
});

test("without insights the page says how to make one", async () => {
  await show(<InsightsView project={PROJECT} insights={[]} />);
  expect(screen.getByRole("link", { name: "Make a trend" })).toHaveAttribute("href", "/p/1/trends");
});
