import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { catalogue, eventRow } from "../testing/samples";
import { show } from "../testing/show";
import { LiveView } from "./LiveView";
import type { Live } from "./useLive";

const OPEN: Live = { rows: [], notKept: [], held: 0, missed: 0, state: "open", lastAt: null };

function view(part: Partial<Parameters<typeof LiveView>[0]> = {}) {
  return (
    <LiveView
      project={{ id: 1, name: "App", time_zone: "Asia/Kolkata" }}
      live={OPEN}
      recent={{ loading: false, error: null, retry: () => undefined }}
      events={catalogue.events}
      event={null}
      distinctId=""
      first={false}
      paused={false}
      onPause={() => undefined}
      onFilter={() => undefined}
      {...part}
    />
  );
}

test("the first event is announced with the way to its trend", async () => {
  await show(view({ first: true, busiest: "IMPRESSION", live: { ...OPEN, rows: [eventRow()] } }));
  expect(screen.getByText("Your first event has arrived.")).toBeVisible();
  const href = decodeURIComponent(screen.getByRole("link", { name: "See it as a trend" }).getAttribute("href") ?? "");
  expect(href).toContain("/p/1/trends");
  expect(href).toContain('"event":"IMPRESSION"');
});

test("a row opens all its properties, as text", async () => {
  const row = eventRow({ properties: { "edata.pageid": "home", title: "<b>x</b>", n: 3 } });
  await show(view({ live: { ...OPEN, rows: [row] } }));
  await userEvent.click(screen.getByRole("button", { name: "Open IMPRESSION" }));
  const drawer = await screen.findByRole("dialog");
  const table = within(drawer).getByRole("table", { name: "Properties" });
  expect(within(table).getByRole("row", { name: /title/ })).toHaveTextContent("<b>x</b>");
  await userEvent.type(within(drawer).getByRole("textbox", { name: "Search properties" }), "pageid");
  expect(within(table).getAllByRole("row")).toHaveLength(1);
});

test("what came too fast to be shown is told", async () => {
  await show(view({ live: { ...OPEN, missed: 2 } }));
  expect(screen.getByText(/came too fast to be shown/)).toBeInTheDocument();
});

test("pausing is told, and what was held back is counted", async () => {
  const pause = vi.fn();
  const first = await show(view({ onPause: pause }));
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  expect(pause).toHaveBeenCalledWith(true);
  first.unmount();
  await show(view({ paused: true, live: { ...OPEN, held: 12 } }));
  expect(screen.getByRole("button", { name: "Resume (12 new)" })).toBeVisible();
});

test("what is not kept is said with its reason", async () => {
  const notice = { reason: "below_level", outcome: "not_kept" as const, event: "INTERACT", count: 14, heardAt: 0 };
  await show(view({ live: { ...OPEN, notKept: [notice] } }));
  const notes = screen.getByRole("region", { name: "Not kept" });
  expect(notes).toHaveTextContent("14 events arrived but are not among the rows");
  expect(notes).toHaveTextContent("The app's level does not keep this event type");
});

test("empty leads to the snippets; an empty filter can be taken back", async () => {
  const filter = vi.fn();
  const first = await show(view());
  expect(screen.getByRole("link", { name: "How to send events" })).toHaveAttribute("href", "/p/1/start");
  first.unmount();
  await show(view({ event: "INTERACT", onFilter: filter }));
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(filter).toHaveBeenCalledWith({});
});
