/** What links to item analysis and to the list of sessions carry. */
import type { Filter, ItemsQuestion, SessionsQuestion } from "../api/words";
import { isComplete } from "../parts/filters/operators";
import { readRange, readSomeFilters } from "./insight";
import { isRecord, present, readOneOf, readText } from "./read";

interface Ranged {
  date_from?: string;
  date_to?: string;
  filters?: Filter[];
}

function readRanged(search: Record<string, unknown>): Ranged {
  const { date_from, date_to } = readRange(search);
  return present({ date_from, date_to, filters: readSomeFilters(search["filters"]) } as Ranged);
}

/** The part of a question that a link carries; filters that are still being written are left out. */
function ranged({ date_from, date_to, filters }: Ranged, usual: string): Ranged {
  const asked = filters?.filter(isComplete) ?? [];
  return { date_from: date_from ?? usual, ...(date_to ? { date_to } : {}), ...(asked.length > 0 ? { filters: asked } : {}) };
}

export interface ItemsLink extends Ranged {
  /** The item whose answers are shown. */
  item?: string;
  /** The number that is open: who attempted an item, or who was right. */
  open?: { item: string; correct?: true };
}

export function readItemsLink(search: Record<string, unknown>): ItemsLink {
  const open = search["open"];
  const item = isRecord(open) ? readText(open["item"]) : undefined;
  return present({
    ...readRanged(search),
    item: readText(search["item"]),
    open: item === undefined ? undefined : { item, ...(isRecord(open) && open["correct"] === true ? { correct: true as const } : {}) },
  } as ItemsLink);
}

export const itemsQuestionOf = (link: ItemsLink): ItemsQuestion => ranged(link, "-30d");

export const SESSION_TABS = ["sessions", "workflow"] as const;

export interface SessionsLink extends Ranged {
  /** Sessions when absent. */
  tab?: "workflow";
  /** Whether events without a session are cut into sessions. */
  infer?: true;
}

export const readSessionsLink = (search: Record<string, unknown>): SessionsLink =>
  present({
    ...readRanged(search),
    tab: readOneOf(search["tab"], ["workflow"] as const),
    infer: search["infer"] === true ? true : undefined,
  } as SessionsLink);

export const sessionsQuestionOf = (link: SessionsLink): SessionsQuestion => ({
  ...ranged(link, "-7d"),
  ...(link.infer ? { infer_sessions: true } : {}),
  limit: 50,
});

export const workflowQuestionOf = (link: SessionsLink) => ({ ...ranged(link, "-7d"), limit: 200 });
