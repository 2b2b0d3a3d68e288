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

export type Display = Schemas["Display"];

export interface Series extends Omit<Said<Schemas["Series"]>, "event" | "action" | "filters"> {
  action?: ActionRef;
  /** Null counts all events. */
  event?: string | null;
  filters?: Filter[];
}

/** Whose property it is. */
export type Scope = "event" | "person";

/** One property that splits. */
export interface BreakdownBy {
  property: string;
  /** The event's when absent. */
  type?: Scope;
  /** Numbers in so many bins of equal width. */
  bins?: number;
}

export interface Breakdown extends BreakdownBy {
  /** In place of a property, which is empty then: a row per cohort, 0 being everybody. */
  cohorts?: number[];
  limit?: number;
  hide_other?: boolean;
  /** Up to two more properties. */
  and?: BreakdownBy[];
}

export interface TrendsQuestion extends Omit<Said<Schemas["TrendsQuestion"]>, "series" | "filters" | "breakdown"> {
  series: Series[];
  filters?: Filter[];
  breakdown?: Breakdown;
}

export interface EventsQuestion extends Omit<Said<Schemas["EventsQuestion"]>, "filters"> {
  filters?: Filter[];
}

/** The number of an action, or the name of a built-in one. */
export type ActionRef = number | string;

/** Events by name, or of an action, and conditions; a null name takes all events. */
export interface EventMatch {
  event?: string | null;
  /** In place of an event. */
  action?: ActionRef;
  filters?: Filter[];
  label?: string;
}

export type Occurrence = Schemas["Occurrence"];
export type FunnelOrder = Schemas["FunnelOrder"];
export type FunnelShown = Schemas["FunnelView"];
export type WindowUnit = Schemas["WindowUnit"];
export type Attribution = Schemas["Attribution"];

export interface FunnelStep extends EventMatch {
  optional?: boolean;
  occurrence?: Occurrence;
}

export interface Exclusion extends Omit<EventMatch, "label"> {
  from_step?: number;
  to_step?: number;
}

export interface FunnelBreakdown extends Breakdown {
  attribution?: Attribution;
  /** The step of the attribution `step`, from 1. */
  step?: number;
}

/** A question without its parts that the page types more closely. */
type Asked<T, Parts extends keyof T> = Omit<Said<T>, Parts | "filters"> & { filters?: Filter[] };

export interface FunnelQuestion extends Asked<Schemas["FunnelQuestion"], "steps" | "exclusions" | "breakdown"> {
  steps: FunnelStep[];
  exclusions?: Exclusion[];
  breakdown?: FunnelBreakdown;
}

export type Period = Schemas["Period"];
export type RetentionStart = Schemas["Start"];

export interface RetentionQuestion extends Asked<Schemas["RetentionQuestion"], "start_event" | "return_event" | "breakdown"> {
  start_event: EventMatch;
  return_event?: EventMatch;
  breakdown?: Breakdown;
}

export type LifecycleStatus = Schemas["Status"];

export interface LifecycleQuestion extends Asked<Schemas["LifecycleQuestion"], "series"> {
  series: EventMatch;
}

export interface StickinessQuestion extends Asked<Schemas["StickinessQuestion"], "series"> {
  series: EventMatch[];
}

export type PathKind = Schemas["PathKind"];

export interface PathsQuestion extends Asked<Schemas["PathsQuestion"], "kinds"> {
  kinds: PathKind[];
}

/** The question and the answer of each kind of insight. */
export interface InsightQuestions {
  trends: TrendsQuestion;
  funnel: FunnelQuestion;
  retention: RetentionQuestion;
  lifecycle: LifecycleQuestion;
  stickiness: StickinessQuestion;
  paths: PathsQuestion;
}
export interface InsightAnswers {
  trends: TrendsAnswer;
  funnel: FunnelAnswer;
  retention: RetentionAnswer;
  lifecycle: LifecycleAnswer;
  stickiness: StickinessAnswer;
  paths: PathsAnswer;
}
export type InsightKind = keyof InsightQuestions;

export type Compare = Schemas["Compare"];
export type WebTable = Schemas["WebTable"];
export type WebNumbers = Schemas["WebNumbers"];
export type WebRow = Schemas["WebRow"];
export type WebTableAnswer = Schemas["WebTableAnswer"];
export type WebAnswer = Schemas["WebAnswer"];
/** A row of a table that visits must be in. */
export type WebRowFilter = Schemas["WebRowFilter"];
export type WebQuestion = Asked<Schemas["WebQuestion"], never>;
export type ItemsQuestion = Asked<Schemas["ItemsQuestion"], never>;
export type ItemsAnswer = Schemas["ItemsAnswer"];
export type ItemRow = Schemas["ItemRow"];
export type ItemAnswer = Schemas["ItemAnswer"];
export type SessionsQuestion = Asked<Schemas["SessionsQuestion"], never>;
export type SessionsAnswer = Schemas["SessionsAnswer"];
export type SessionRow = Schemas["SessionRow"];
export type WorkflowQuestion = Asked<Schemas["WorkflowQuestion"], never>;
export type WorkflowAnswer = Schemas["WorkflowAnswer"];
export type WorkflowRow = Omit<Schemas["WorkflowRow"], "events"> & { events: Record<string, number> };

/** The question and the answer of each report: what has a screen of its own and is no insight that can be saved. */
export interface ReportQuestions {
  web: WebQuestion;
  items: ItemsQuestion;
  sessions: SessionsQuestion;
  workflow: WorkflowQuestion;
}
export interface ReportAnswers {
  web: WebAnswer;
  items: ItemsAnswer;
  sessions: SessionsAnswer;
  workflow: WorkflowAnswer;
}
export type ReportKind = keyof ReportQuestions;
/** Whatever is asked. */
export type AnyQuestion = InsightQuestion | { [Kind in ReportKind]: { kind: Kind } & ReportQuestions[Kind] }[ReportKind];

export type InsightQuestion = { [Kind in InsightKind]: { kind: Kind } & InsightQuestions[Kind] }[InsightKind];
export type Question = InsightQuestion | ({ kind: "events" } & EventsQuestion);

/** Which number of an answer; each kind uses its own parts. */
export type Cell = Said<Schemas["Cell"]>;
export type PersonRow = Schemas["PersonRow"];
export type PeopleAnswer = Schemas["PeopleAnswer"];

export type Explain = Schemas["Explain"];
export type Bucket = Schemas["Bucket"];
export type SeriesAnswer = Schemas["SeriesAnswer"];
export type TrendsAnswer = Schemas["TrendsAnswer"];
export type FunnelAnswer = Schemas["FunnelAnswer"];
export type FunnelRow = Schemas["FunnelRow"];
export type StepNumbers = Schemas["StepNumbers"];
export type RetentionAnswer = Schemas["RetentionAnswer"];
export type LifecycleAnswer = Schemas["LifecycleAnswer"];
export type StickinessAnswer = Schemas["StickinessAnswer"];
export type PathsAnswer = Schemas["PathsAnswer"];
export type EventRow = Omit<Schemas["EventRow"], "properties"> & { properties: Record<string, unknown> };
export type EventsAnswer = Omit<Schemas["EventsAnswer"], "events"> & { events: EventRow[] };
export type Person = Omit<Schemas["PersonView"], "properties"> & { properties: Record<string, unknown> };
export type Matching = Schemas["Matching"];
export interface TextMatch {
  matching?: Matching;
  value: string;
}
/** One way to be of an action: all that is set must hold. */
export interface ActionStep {
  event?: string | null;
  url?: TextMatch;
  tag_name?: string;
  text?: TextMatch;
  href?: TextMatch;
  selector?: string;
  filters?: Filter[];
}
export type Action = Omit<Schemas["ActionView"], "steps"> & { steps: ActionStep[] };
export type BuiltInAction = Schemas["BuiltInAction"];
export interface Actions {
  actions: Action[];
  built_in: BuiltInAction[];
}
export type PersonProperty = Schemas["PersonPropertyEntry"];
export type PeriodUnit = Schemas["PeriodUnit"];
export type CountOperator = Schemas["CountOperator"];
export type Last = Said<Schemas["Last"]> & Pick<Schemas["Last"], "count">;
/** Within which time; all history when nothing is said. */
export interface When {
  last?: Last;
  date_from?: string;
  date_to?: string;
}
export type Times = Schemas["Times"];
export interface Performed {
  event: EventMatch;
  when?: When;
  times?: Times;
}
export interface Sequence {
  event: EventMatch;
  then: EventMatch;
  within: { count: number; unit?: WindowUnit };
  when?: When;
}
export interface Regularly {
  event: EventMatch;
  period: Last;
  periods: number;
  at_least: number;
  times?: Times;
}
export interface Lapse {
  event: EventMatch;
  recent: Last;
  longer: Last;
}
/** Whom a cohort takes. An empty `all` or `any` is nobody. */
export type CohortRule =
  | { all: CohortRule[] }
  | { any: CohortRule[] }
  | { not: CohortRule }
  | { person: Filter }
  | { cohort: number }
  | { performed: Performed }
  | { first_time: Omit<Performed, "times"> }
  | { sequence: Sequence }
  | { regularly: Regularly }
  | { stopped: Lapse }
  | { restarted: Lapse };
export type Cohort = Omit<Schemas["CohortView"], "rule"> & { rule?: CohortRule };
export type CohortPeople = Schemas["CohortPeople"];
export type RuleSize = Schemas["RuleSize"];
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
/** All kinds of insight, in the order of the switch. */
export const KINDS = ["trends", "funnel", "retention", "lifecycle", "stickiness", "paths"] as const satisfies readonly InsightKind[];
export const FUNNEL_ORDERS: readonly FunnelOrder[] = ["ordered", "strict", "unordered"];
export const FUNNEL_SHOWN: readonly FunnelShown[] = ["steps", "time_to_convert", "trend"];
export const MATCHINGS: readonly Matching[] = ["exact", "contains", "regex"];
export const PERIOD_UNITS: readonly PeriodUnit[] = ["hour", "day", "week", "month"];
export const COUNT_OPERATORS: readonly CountOperator[] = ["exact", "gte", "gt", "lte", "lt"];
export const WINDOW_UNITS: readonly WindowUnit[] = ["second", "minute", "hour", "day", "week", "month"];
export const ATTRIBUTIONS: readonly Attribution[] = ["first_touch", "last_touch", "all_events", "step"];
export const OCCURRENCES: readonly Occurrence[] = ["any", "first_ever", "first_matching"];
export const PERIODS: readonly Period[] = ["hour", "day", "week", "month"];
export const STARTS: readonly RetentionStart[] = ["recurring", "first_time", "first_ever"];
/** In the order in which they stand above each other. */
export const STATUSES: readonly LifecycleStatus[] = ["new", "returning", "resurrecting", "dormant"];
export const PATH_KINDS: readonly PathKind[] = ["pages", "screens", "events"];
/** Bucket widths, finest first. */
export const INTERVALS: readonly Interval[] = ["minute", "hour", "day", "week", "month"];
/** How a trend is drawn, in the order of the menu. */
export const DISPLAYS: readonly Display[] = ["line", "bar", "stacked", "area", "table", "number"];
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
