import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { ApiError, Unreachable } from "../api/errors";
import type { Level } from "../api/words";
import { setLanguage } from "../i18n/language";
import { show } from "../testing/show";
import { LevelCards } from "./LevelCards";
import { Empty, ErrorPanel, Loaded } from "./States";
import { showToast } from "./toasts";

function Levels() {
  const [level, setLevel] = useState<Level | null>(null);
  return <LevelCards value={level} onChange={setLevel} />;
}

test("no level is chosen beforehand; the keyboard chooses one", async () => {
  await show(<Levels />);
  const cards = screen.getAllByRole("radio");
  expect(cards.map((card) => (card as HTMLInputElement).checked)).toEqual([false, false, false, false]);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard(" ");
  expect(screen.getByRole("radio", { name: "Security" })).toBeChecked();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("radio", { name: "Basic" })).toBeChecked();
  expect(screen.getByRole("radio", { name: "Basic" })).toHaveAccessibleDescription(/page and screen views/);
});

test("an error says what happened, where, what is allowed, and offers another try", async () => {
  const again = vi.fn();
  const error = new ApiError(400, "invalid_question", "There is no such math.", "series[0].math", ["total", "dau"]);
  await show(<ErrorPanel error={error} onRetry={again} />);
  expect(screen.getByRole("alert")).toHaveTextContent("There is no such math.");
  expect(screen.getByText("series[0].math")).toBeVisible();
  expect(screen.getByText("Allowed: total, dau")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(again).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Copy details" })).toBeVisible();
});

test("a dead server is said in the member's language", async () => {
  await setLanguage("hi");
  await show(<ErrorPanel error={new Unreachable()} />);
  expect(screen.getByRole("alert")).toHaveTextContent("सर्वर उत्तर नहीं दे रहा");
});

test("content that is there stays when a later try fails", async () => {
  await show(
    <Loaded query={{ data: "old rows", error: new Unreachable(), refetch: vi.fn() }}>{(data) => <p>{data}</p>}</Loaded>,
  );
  expect(screen.getByText("old rows")).toBeVisible();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("without content: first a skeleton, then the error", async () => {
  const query = { data: undefined, error: null, refetch: vi.fn() };
  const { unmount } = await show(<Loaded query={query}>{() => null}</Loaded>);
  expect(screen.getByRole("status", { name: "Loading" })).toBeVisible();
  unmount();
  await show(<Loaded query={{ ...query, error: new Error("x") }}>{() => null}</Loaded>);
  expect(screen.getByRole("alert")).toHaveTextContent("Something unexpected went wrong");
});

test("an empty state says what to do next", async () => {
  await show(
    <Empty title="Nothing yet" actions={<button type="button">Begin</button>}>
      Do this.
    </Empty>,
  );
  expect(screen.getByRole("heading", { name: "Nothing yet" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Begin" })).toBeVisible();
});

test("a toast offers the way back once", async () => {
  const undo = vi.fn();
  await show(<p>page</p>);
  showToast({ text: "Deleted", action: { label: "Undo", run: undo } });
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Deleted")).not.toBeInTheDocument();
});
