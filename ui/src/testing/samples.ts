/** Small answers of the server for tests of views. */
import type { Catalogue, EventRow, TrendsAnswer } from "../api/words";

export const catalogue: Catalogue = {
  events: [
    { name: "IMPRESSION", count: 250_000, first_seen: "2026-11-01T00:00:00Z", last_seen: "2026-11-23T00:00:00Z" },
    { name: "INTERACT", count: 1_200, first_seen: "2026-11-01T00:00:00Z", last_seen: "2026-11-23T00:00:00Z" },
  ],
  properties: [
    { name: "edata.pageid", types: ["text"], count: 900, samples: ["home"] },
    { name: "edata.duration", types: ["number"], count: 500, samples: ["12.5"] },
  ],
};

export const explain = {
  definition: "Number of IMPRESSION events per day, Asia/Kolkata days.",
  from_utc: "2026-11-21T18:30:00Z",
  to_utc: "2026-11-23T12:00:00Z",
  rows_read: 123_456,
  milliseconds: 1.24,
  snapshot: 17,
};

export const trendsAnswer: TrendsAnswer = {
  interval: "day",
  time_zone: "Asia/Kolkata",
  buckets: [
    { label: "2026-11-22", start_utc: "2026-11-21T18:30:00Z" },
    { label: "2026-11-23", start_utc: "2026-11-22T18:30:00Z", incomplete: true },
  ],
  series: [
    { label: "IMPRESSION", series: 0, data: [100_000, 25_000], sum: 125_000, total: 125_000 },
    { label: "INTERACT", series: 1, data: [null, 7], sum: 7, total: 7 },
  ],
  explain,
};

export function eventRow(part: Partial<EventRow> = {}): EventRow {
  return {
    uuid: "01920000-0000-7000-8000-000000000001",
    event: "IMPRESSION",
    event_at: "2026-11-23T10:00:00.000000Z",
    received_at: "2026-11-23T10:00:01.000000Z",
    distinct_id: "parent-1",
    person: "parent-1",
    level: "full",
    dialect: "sunbird",
    properties: { "edata.pageid": "home" },
    ...part,
  };
}
