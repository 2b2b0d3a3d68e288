/** The words of the wire under the names that the page uses. The only reader of `wire.ts`. */
import type { components } from "./wire";

type Schemas = components["schemas"];

/** What the page says in a question: parts are left out instead of being null. */
type Said<T> = { [Part in keyof T]?: NonNullable<T[Part]> };

export type Level = Schemas["Level"];
export type Role = Schemas["Role"];
export type Me = Schemas["Me"];
export type Organization = Schemas["OrganizationView"];
export type Project = Schemas["ProjectView"];
export type Key = Schemas["KeyView"];
export type Member = Schemas["MemberView"];
export type Token = Schemas["TokenView"];
export type Math = Schemas["Math"];
export type Interval = Schemas["Interval"];

/** A condition, or a group of them. Values and operators may be of a newer server, so they are not narrowed. */
export interface Filter extends Omit<Said<Schemas["Filter"]>, "operator" | "value" | "values"> {
  operator?: string;
  value?: unknown;
  values?: Filter[];
}

export interface Series extends Omit<Said<Schemas["Series"]>, "event" | "filters"> {
  /** Null counts all events. */
  event?: string | null;
  filters?: Filter[];
}

export interface Breakdown extends Said<Schemas["Breakdown"]> {
  property: string;
}

export interface TrendsQuestion extends Omit<Said<Schemas["TrendsQuestion"]>, "series" | "filters" | "breakdown"> {
  series: Series[];
  filters?: Filter[];
  breakdown?: Breakdown;
}

export interface EventsQuestion extends Omit<Said<Schemas["EventsQuestion"]>, "filters"> {
  filters?: Filter[];
}

export type Question = ({ kind: "trends" } & TrendsQuestion) | ({ kind: "events" } & EventsQuestion);

export type Explain = Schemas["Explain"];
export type Bucket = Schemas["Bucket"];
export type SeriesAnswer = Schemas["SeriesAnswer"];
export type TrendsAnswer = Schemas["TrendsAnswer"];
export type EventRow = Omit<Schemas["EventRow"], "properties"> & { properties: Record<string, unknown> };
export type EventsAnswer = Omit<Schemas["EventsAnswer"], "events"> & { events: EventRow[] };
export type Catalogue = Schemas["Catalogue"];
export type CatalogueEvent = Schemas["EventEntry"];
export type CatalogueProperty = Schemas["PropertyEntry"];
export type CatalogueValues = Schemas["Values"];
export type Outcomes = Schemas["OutcomesView"];
export type FailedEvent = Schemas["FailedView"];
export type FailedEvents = Schemas["FailedPage"];
export type RetryResult = Schemas["RetryResult"];
export type Insight = Omit<Schemas["InsightView"], "question"> & { question: Question };
/** A tile that was just added has no id yet. */
export type Tile = Omit<Schemas["TileView"], "id"> & { id?: number };
export type Dashboard = Omit<Schemas["DashboardView"], "tiles"> & { tiles: Tile[] };
/** How far a demo is filled; `none` for a project that is no demo. */
export interface DemoFill {
  state: "none" | "running" | "done" | "failed";
  /** Events sent and acknowledged. */
  sent: number;
  /** Events in the end; 0 while they are being counted. */
  total: number;
  error?: string;
}
/** A message of the live stream, which the OpenAPI document does not describe. */
export interface LiveNotKept {
  reason: string;
  outcome: Schemas["Outcome"];
  event: string;
  count: number;
}

/** All levels, lowest first. */
export const LEVELS: readonly Level[] = ["security", "basic", "enhanced", "full"];
/** All roles, the mightiest first. */
export const ROLES: readonly Role[] = ["owner", "admin", "member", "viewer"];
/** Bucket widths, finest first. */
export const INTERVALS: readonly Interval[] = ["minute", "hour", "day", "week", "month"];
/** How events become a number, in the order of the menu. */
export const MATHS: readonly Math[] = [
  "total",
  "dau",
  "weekly_active",
  "monthly_active",
  "first_time_for_user",
  "first_matching_event_for_user",
  "unique_session",
  "avg_count_per_actor",
  "median_count_per_actor",
  "max_count_per_actor",
  "p90_count_per_actor",
  "sum",
  "avg",
  "min",
  "max",
  "median",
  "p75",
  "p90",
  "p95",
  "p99",
];

/** Whether the math needs a numeric property beside it. */
export const needsProperty = (math: Math): boolean =>
  ["sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99"].includes(math);

/** Whether a role may do what another role may. */
export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) <= ROLES.indexOf(needed);
