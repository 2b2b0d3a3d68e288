import { expect, test } from "vitest";
import { eventRow } from "../testing/samples";
import { LIVE_ROWS_MAX, withEvents, withNotice } from "./liveBuffer";
import { parseEvent, parseNotKept } from "./parseLive";

const at = (second: number, uuid: string) =>
  eventRow({ uuid, received_at: new Date(Date.UTC(2026, 10, 23, 10, 0, second)).toISOString() });

test("the newest event stands first, and an event that comes twice stands once", () => {
  const rows = withEvents([at(1, "a")], [at(3, "c"), at(1, "a"), at(2, "b")]);
  expect(rows.map((row) => row.uuid)).toEqual(["c", "b", "a"]);
});

test("the list never grows past its limit; the oldest go", () => {
  const many = Array.from({ length: LIVE_ROWS_MAX + 5 }, (_, index) => at(index, `e${index}`));
  const rows = withEvents([], many);
  expect(rows).toHaveLength(LIVE_ROWS_MAX);
  expect(rows[0]?.uuid).toBe(`e${LIVE_ROWS_MAX + 4}`);
});

test("notices of one kind add up", () => {
  const notice = { reason: "below_level", outcome: "not_kept" as const, event: "INTERACT", count: 2, heardAt: 1 };
  const notices = withNotice(withNotice([], notice), { ...notice, count: 3, heardAt: 2 });
  expect(notices).toEqual([{ ...notice, count: 5, heardAt: 2 }]);
});

test("a message that is not in the promised form falls away", () => {
  expect(parseEvent("{")).toBeUndefined();
  expect(parseEvent('{"uuid":1}')).toBeUndefined();
  expect(parseNotKept("[]")).toBeUndefined();
  expect(parseEvent(JSON.stringify(eventRow()))?.event).toBe("IMPRESSION");
  expect(parseNotKept('{"reason":"replay_off","event":"$snapshot","count":4,"outcome":"not_kept"}')).toEqual({
    reason: "replay_off",
    event: "$snapshot",
    count: 4,
    outcome: "not_kept",
  });
});
