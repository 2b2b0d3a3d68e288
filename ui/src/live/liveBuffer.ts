/** What the live view holds: the newest events, each once, and never more than fits. */
import type { EventRow, LiveNotKept } from "../api/words";

/** More rows than anybody reads; older ones are in the events explorer. */
export const LIVE_ROWS_MAX = 500;
export const NOT_KEPT_MAX = 20;

export interface NotKeptNotice extends LiveNotKept {
  /** When the page heard of it, milliseconds since 1970. */
  heardAt: number;
}

/** Newest first by event time; `arrived` may hold events that are there already. */
export function withEvents(rows: readonly EventRow[], arrived: readonly EventRow[]): EventRow[] {
  if (arrived.length === 0) return rows as EventRow[];
  const byId = new Map<string, EventRow>();
  for (const row of [...arrived, ...rows]) if (!byId.has(row.uuid)) byId.set(row.uuid, row);
  return [...byId.values()]
    .sort((a, b) => (a.received_at < b.received_at ? 1 : a.received_at > b.received_at ? -1 : 0))
    .slice(0, LIVE_ROWS_MAX);
}

/** Notices of the same event and reason are one, with their counts added. */
export function withNotice(notices: readonly NotKeptNotice[], notice: NotKeptNotice): NotKeptNotice[] {
  const same = (one: NotKeptNotice) => one.event === notice.event && one.reason === notice.reason;
  const before = notices.find(same);
  const merged = before ? { ...notice, count: notice.count + before.count } : notice;
  return [merged, ...notices.filter((one) => !same(one))].slice(0, NOT_KEPT_MAX);
}
