/** Small answers of the server for tests of views. */
import type {
  Catalogue,
  EventRow,
  FunnelAnswer,
  LifecycleAnswer,
  PathsAnswer,
  RetentionAnswer,
  StickinessAnswer,
  TrendsAnswer,
} from "../api/words";

export const catalogue: Catalogue = {
  person_properties: [],
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

export const funnelAnswer: FunnelAnswer = {
  steps: ["signup", "view", "pay"],
  rows: [
    {
      steps: [
        { count: 10, dropped: 0, conversion: 1, conversion_of_previous: 1, average_s: null, median_s: null },
        { count: 6, dropped: 4, conversion: 0.6, conversion_of_previous: 0.6, average_s: 90, median_s: 60 },
        { count: 3, dropped: 3, conversion: 0.3, conversion_of_previous: 0.5, average_s: 7_200, median_s: 3_600 },
      ],
    },
  ],
  explain,
};

const days = trendsAnswer.buckets;

export const retentionAnswer: RetentionAnswer = {
  intervals: days,
  rows: [
    { row: 0, cells: [8, 2], percents: [100, 25] },
    { row: 1, cells: [4, null], percents: [100, null] },
  ],
  means: [{ weighted: [100, null], simple: [100, null] }],
  explain,
};

export const lifecycleAnswer: LifecycleAnswer = {
  interval: "day",
  buckets: days,
  new: [5, 0],
  returning: [0, 3],
  resurrecting: [1, 0],
  dormant: [0, -3],
  explain,
};

export const stickinessAnswer: StickinessAnswer = {
  interval: "day",
  lines: [{ label: "view", counts: [3, 1], persons: 4, shares: [0.75, 0.25] }],
  explain,
};

export const pathsAnswer: PathsAnswer = {
  edges: [
    { source: "1_/", target: "2_/fees", count: 5, persons: 4, average_s: 30 },
    { source: "2_/fees", target: "3_/done", count: 2, persons: 2, average_s: 61 },
  ],
  drop_offs: [
    { node: "1_/", count: 0 },
    { node: "2_/fees", count: 3 },
    { node: "3_/done", count: 2 },
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
