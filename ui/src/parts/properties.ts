/** What can be asked about in conditions and breakdowns, and how a choice among it is written. */
import type { CatalogueProperty, Cohort, PersonProperty, Scope } from "../api/words";

export interface Properties {
  /** Of events, the most frequent first. */
  event: readonly CatalogueProperty[];
  /** Of persons, as they are now. */
  person: readonly PersonProperty[];
  cohorts: readonly Pick<Cohort, "id" | "name">[];
}

export const NO_PROPERTIES: Properties = { event: [], person: [], cohorts: [] };

/** One property, or membership in cohorts in place of a property. */
export interface Picked {
  property: string;
  /** The event's when absent. */
  type?: Scope | "cohort";
}

/** Columns of every event that can be asked like properties. */
export const COLUMNS = ["event", "distinct_id", "session_id"] as const;

/** The length of the session of an event, in seconds. */
export const SESSION_DURATION = "$session_duration";

const MARKS = { event: "e:", person: "p:", cohort: "c:" } as const;

/** A choice as one text, for lists that know only texts. */
export const keyOf = ({ property, type }: Picked): string => MARKS[type ?? "event"] + (type === "cohort" ? "" : property);

export function pickedOf(key: string): Picked {
  const property = key.slice(2);
  if (key.startsWith(MARKS.person)) return { property, type: "person" };
  return key.startsWith(MARKS.cohort) ? { property: "", type: "cohort" } : { property };
}

/** What is known of a picked property; nothing of those of persons. */
export const knownOf = ({ event }: Properties, { property, type }: Partial<Picked>): CatalogueProperty | undefined =>
  type === undefined || type === "event" ? event.find(({ name }) => name === property) : undefined;
