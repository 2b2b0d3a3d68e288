import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Unreachable } from "../api/errors";
import { NO_PROPERTIES } from "../parts/properties";
import { catalogue, eventRow, explain } from "../testing/samples";
import { show } from "../testing/show";
import { EventsView } from "./EventsView";
import { gist } from "./gist";

function view(part: Partial<Parameters<typeof EventsView>[0]> = {}) {
  return (
    <EventsView
      project={{ id: 1, time_zone: "Asia/Kolkata" }}
      link={{}}
      events={catalogue.events}
      properties={{ ...NO_PROPERTIES, event: catalogue.properties }}
      never={false}
      useValues={() => []}
      rows={[eventRow()]}
      explain={explain}
      error={null}
      busy={false}
      stale={false}
      hasMore={false}
      onMore={() => undefined}
      onRetry={() => undefined}
      onChange={() => undefined}
      {...part}
    />
  );
}

test("a person, an event and a range change the link; the rest stays", async () => {
  const changed = vi.fn();
  const user = userEvent.setup();
  await show(view({ link: { date_from: "-7d", event: "INTERACT" }, onChange: changed }));
  await user.type(screen.getByRole("textbox", { name: "Distinct id" }), "parent-1{Enter}");
  expect(changed).toHaveBeenLastCalledWith({ date_from: "-7d", event: "INTERACT", person: "parent-1" });
  await user.click(screen.getByRole("combobox", { name: "Event" }));
  await user.click(await screen.findByRole("option", { name: "All events" }));
  expect(changed).toHaveBeenLastCalledWith({ date_from: "-7d" });
});

test("more rows are fetched by hand", async () => {
  const more = vi.fn();
  await show(view({ hasMore: true, onMore: more }));
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(more).toHaveBeenCalledOnce();
});

test("rows stay when the server goes; without rows the error is shown", async () => {
  const first = await show(view({ error: new Unreachable() }));
  expect(screen.getByRole("button", { name: "Open IMPRESSION" })).toBeVisible();
  first.unmount();
  await show(view({ error: new Unreachable(), rows: undefined }));
  expect(screen.getByRole("alert")).toHaveTextContent("The server does not answer");
});

test("no match says what to try", async () => {
  await show(view({ rows: [] }));
  expect(screen.getByText("Widen the date range or remove a condition.")).toBeVisible();
});

test("the gist of an event is its telling properties, in one order", () => {
  const row = eventRow({ properties: { "context.env": "app", zeta: 1, "edata.type": "view", "edata.pageid": "home" } });
  expect(gist(row)).toEqual([
    ["pageid", "home"],
    ["type", "view"],
    ["zeta", "1"],
  ]);
});
