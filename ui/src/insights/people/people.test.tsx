import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { PeopleAnswer } from "../../api/words";
import { ApiError } from "../../api/errors";
import { explain } from "../../testing/samples";
import { show } from "../../testing/show";
import { peopleCsv } from "./csv";
import { PeopleView } from "./PeopleView";

const PAGE: PeopleAnswer = {
  people: [{ person: "parent 1", count: 3 }, { person: "parent-2", count: 1 }],
  persons: 12,
  count: 40,
  next: "2",
  explain,
};
const none = () => undefined;
const shared = { project: { id: 1 }, error: null, busy: false, onRetry: none, csvBusy: false, onCsv: none };

test("people are listed with how often each counts and the way to their events", async () => {
  const more = vi.fn();
  await show(<PeopleView {...shared} pages={[PAGE]} onMore={more} />);
  expect(screen.getByText("12 persons")).toBeVisible();
  expect(screen.getByText(/40 times/)).toBeVisible();
  expect(screen.getByText("2 of 12 shown")).toBeVisible();
  const link = new URL(screen.getByRole("link", { name: "Events of parent 1" }).getAttribute("href") ?? "", "http://x");
  expect(link.pathname).toBe("/p/1/events");
  expect(Object.fromEntries(link.searchParams)).toEqual({ person: "parent 1", date_from: explain.from_utc, date_to: explain.to_utc });
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(more).toHaveBeenCalledOnce();
});

test("where each counts once there is no column of ones; nobody and errors are told", async () => {
  const first = await show(<PeopleView {...shared} pages={[{ ...PAGE, count: 12 }]} onMore={undefined} />);
  expect(screen.queryByRole("columnheader", { name: "Times" })).not.toBeInTheDocument();
  first.unmount();
  const second = await show(<PeopleView {...shared} pages={[{ ...PAGE, people: [] }]} onMore={undefined} />);
  expect(screen.getByText("Nobody is behind this number any more")).toBeVisible();
  second.unmount();
  const error = new ApiError(400, "invalid_question", "there is no such step", "cell.step");
  await show(<PeopleView {...shared} pages={undefined} error={error} onMore={undefined} />);
  expect(screen.getByRole("alert")).toHaveTextContent("there is no such step");
});

test("a name never becomes a formula or another row of the file", () => {
  const people = ["=1+1", '-a"b', "a,b", "a\r\nb", "p"].map((person, count) => ({ person, count }));
  expect(peopleCsv(people)).toBe('person,count\r\n\'=1+1,0\r\n"\'-a""b",1\r\n"a,b",2\r\n"a\r\nb",3\r\np,4\r\n');
});
