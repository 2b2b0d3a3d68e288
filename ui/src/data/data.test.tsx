import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { FailedEvent, Outcomes } from "../api/words";
import { catalogue } from "../testing/samples";
import { show } from "../testing/show";
import { EventsCatalogue, PropertiesCatalogue } from "./CatalogueTabs";
import { FailedView } from "./FailedView";
import { NotKeptView } from "./NotKeptView";

const PROJECT = { id: 1, time_zone: "Asia/Kolkata", level: "basic" as const };

const OUTCOMES: Outcomes = {
  received: 100_010,
  stored: 100_000,
  duplicate: 5,
  failed: 2,
  not_kept: 3,
  reasons: [
    { outcome: "failed", reason: "missing_field", event: "START", count: 2, last_at: "2026-11-23T10:00:00Z" },
    { outcome: "not_kept", reason: "below_level", event: "INTERACT", count: 3, last_at: "2026-11-23T10:00:00Z" },
  ],
  days: [],
  removed_fields: [{ reason: "floor_violation:card_number", count: 2 }],
};

const FAILED: FailedEvent = {
  id: "f1",
  received_at: "2026-11-23T10:00:00Z",
  reason: "missing_field",
  event: "START",
  detail: "edata.type is required",
  payload: '{"eid":"START","edata":{"x":"<img src=x onerror=alert(1)>"}}',
  dialect: "sunbird",
};

test("the invariant is shown to the unit", async () => {
  await show(<NotKeptView outcomes={OUTCOMES} project={PROJECT} />);
  expect(screen.getByTestId("invariant")).toHaveTextContent(
    "1,00,010 received = 1,00,000 stored + 5 duplicates + 2 failed + 3 not kept. Every event is accounted for.",
  );
  const table = screen.getByRole("table", { name: "Why events are not among the rows" });
  expect(within(table).getByText("The app's level does not keep this event type")).toBeVisible();
  expect(within(table).getByRole("link", { name: "Failed" }).getAttribute("href")).toContain("missing_field");
});

test("a sum that does not match is not hidden", async () => {
  await show(<NotKeptView outcomes={{ ...OUTCOMES, received: 99 }} project={PROJECT} />);
  expect(screen.getByTestId("invariant")).toHaveTextContent("The sum does not match");
});

test("nothing refused is said as such", async () => {
  await show(<NotKeptView outcomes={{ ...OUTCOMES, reasons: [] }} project={PROJECT} />);
  expect(screen.getByRole("heading", { name: "Everything that arrived is kept" })).toBeVisible();
});

function failedView(part: Partial<Parameters<typeof FailedView>[0]> = {}) {
  return (
    <FailedView
      rows={[FAILED]}
      timeZone="Asia/Kolkata"
      reasons={["missing_field"]}
      reason={null}
      onReason={() => undefined}
      retrying={false}
      onRetry={() => undefined}
      {...part}
    />
  );
}

test("a failed event opens what was sent, as text", async () => {
  await show(failedView());
  expect(screen.getByText("edata.type is required")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "START" }));
  expect(screen.getByLabelText("Event as it was sent")).toHaveTextContent("<img src=x onerror=alert(1)>");
  expect(document.querySelector("pre img")).toBeNull();
});

test("one failed event, one reason or all can be tried again", async () => {
  const retry = vi.fn();
  const first = await show(failedView({ onRetry: retry }));
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));
  await userEvent.click(screen.getByRole("button", { name: "Retry all" }));
  first.unmount();
  await show(failedView({ onRetry: retry, reason: "missing_field" }));
  await userEvent.click(screen.getByRole("button", { name: "Retry all with this reason" }));
  expect(retry.mock.calls).toEqual([[{ ids: ["f1"] }], [{ all: true }], [{ reason: "missing_field" }]]);
});

test("a payload that was not kept says why it is missing; no failures is good news", async () => {
  const first = await show(failedView({ rows: [{ ...FAILED, payload: null }] }));
  await userEvent.click(screen.getByRole("button", { name: "START" }));
  expect(screen.getByText(/The event itself was not kept/)).toBeVisible();
  first.unmount();
  await show(failedView({ rows: [] }));
  expect(screen.getByRole("heading", { name: "No failed events" })).toBeVisible();
});

test("the catalogue lists and searches events and properties", async () => {
  const first = await show(<EventsCatalogue project={PROJECT} catalogue={catalogue} />);
  expect(screen.getByRole("row", { name: /IMPRESSION/ })).toHaveTextContent("2,50,000");
  await userEvent.type(screen.getByRole("textbox", { name: "Search by name" }), "inter");
  expect(screen.queryByRole("row", { name: /IMPRESSION/ })).not.toBeInTheDocument();
  first.unmount();
  await show(<PropertiesCatalogue project={PROJECT} catalogue={catalogue} />);
  expect(screen.getByRole("row", { name: /edata.duration/ })).toHaveTextContent("number");
});

test("an empty catalogue leads to the snippets", async () => {
  await show(<EventsCatalogue project={PROJECT} catalogue={{ events: [], properties: [], person_properties: [] }} />);
  expect(screen.getByRole("link", { name: "How to send events" })).toHaveAttribute("href", "/p/1/start");
});
