/** Reads the messages of the event stream; what is not in the promised form falls away. */
import type { EventRow, LiveNotKept } from "../api/words";
import { isRecord, readText } from "../url/read";

function parsed(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function parseEvent(data: string): EventRow | undefined {
  const value = parsed(data);
  if (!value || !["uuid", "event", "event_at", "received_at"].every((key) => typeof value[key] === "string")) {
    return undefined;
  }
  // The fields that the view reads first are checked above; the rest is text that is only ever shown.
  return { ...value, properties: isRecord(value["properties"]) ? value["properties"] : {} } as unknown as EventRow;
}

export function parseNotKept(data: string): LiveNotKept | undefined {
  const value = parsed(data);
  const reason = readText(value?.["reason"]);
  if (!value || !reason) return undefined;
  return {
    reason,
    outcome: value["outcome"] === "failed" ? "failed" : "not_kept",
    event: readText(value["event"]) ?? "",
    count: typeof value["count"] === "number" ? value["count"] : 1,
  };
}
