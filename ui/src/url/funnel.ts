/** What a link to a funnel carries. */
import {
  ATTRIBUTIONS,
  type Exclusion,
  FUNNEL_ORDERS,
  FUNNEL_SHOWN,
  type FunnelBreakdown,
  type FunnelQuestion,
  type FunnelStep,
  INTERVALS,
  OCCURRENCES,
  WINDOW_UNITS,
} from "../api/words";
import { type InsightUrl, rangeParts, readCount, readList, readMatch, readRange } from "./insight";
import { isRecord, present, readOneOf } from "./read";
import { readBreakdown } from "./trends";

export const STEPS_MIN = 2;
export const STEPS_MAX = 20;
/** The server counts at most so many units. */
const WINDOW_MAX = 10_000;
export const DEFAULT_WINDOW = { count: 14, unit: "day" } as const;

function readStep(value: unknown): FunnelStep | undefined {
  if (!isRecord(value)) return undefined;
  const occurrence = readOneOf(value["occurrence"], OCCURRENCES);
  return present({
    ...readMatch(value),
    optional: value["optional"] === true ? true : undefined,
    occurrence: occurrence === "any" ? undefined : occurrence,
  }) as FunnelStep;
}

function readExclusion(value: unknown): Exclusion | undefined {
  if (!isRecord(value)) return undefined;
  const { label: _label, ...match } = readMatch(value) ?? {};
  return present({
    ...match,
    from_step: readCount(value["from_step"], 1, STEPS_MAX),
    to_step: readCount(value["to_step"], 1, STEPS_MAX),
  }) as Exclusion;
}

function readWindow(value: unknown): FunnelQuestion["window"] {
  if (!isRecord(value)) return undefined;
  const count = readCount(value["count"], 1, WINDOW_MAX);
  return count === undefined ? undefined : { count, unit: readOneOf(value["unit"], WINDOW_UNITS) ?? "day" };
}

function readSplit(value: unknown): FunnelBreakdown | undefined {
  const breakdown = readBreakdown(value);
  if (!breakdown || !isRecord(value)) return undefined;
  return present({
    ...breakdown,
    attribution: readOneOf(value["attribution"], ATTRIBUTIONS),
    step: readCount(value["step"], 1, STEPS_MAX),
  }) as FunnelBreakdown;
}

export const funnelUrl: InsightUrl<FunnelQuestion> = {
  subject: "steps",
  defaults: { date_from: "-7d", order: "ordered", view: "steps", window: DEFAULT_WINDOW },
  read: (search) => {
    const steps = readList(search["steps"], readStep, STEPS_MAX);
    const exclusions = readList(search["exclusions"], readExclusion, STEPS_MAX);
    return present({
      steps: steps.length >= STEPS_MIN ? steps : undefined,
      order: readOneOf(search["order"], FUNNEL_ORDERS),
      window: readWindow(search["window"]),
      exclusions: exclusions.length > 0 ? exclusions : undefined,
      view: readOneOf(search["view"], FUNNEL_SHOWN),
      from_step: readCount(search["from_step"], 1, STEPS_MAX),
      to_step: readCount(search["to_step"], 1, STEPS_MAX),
      bins: readCount(search["bins"], 1, 90),
      interval: readOneOf(search["interval"], INTERVALS),
      breakdown: readSplit(search["breakdown"]),
      ...readRange(search),
    }) as Partial<FunnelQuestion>;
  },
  begin: (carried) => {
    const named = carried.subjects.filter((one) => one.event);
    const others = carried.events.filter((event) => !named.some((one) => one.event === event.name));
    const more = others.slice(0, Math.max(0, STEPS_MIN - named.length)).map((event) => ({ event: event.name }));
    const steps: FunnelStep[] = [...named, ...more].slice(0, STEPS_MAX);
    while (steps.length < STEPS_MIN) steps.push({ event: null });
    return { steps, ...rangeParts(carried, "-30d") };
  },
  subjects: (question) => question.steps.map(({ optional: _optional, occurrence: _occurrence, ...match }) => match),
};
