/** Keeps a funnel one that can be asked, whatever its editor takes away or moves. */
import type { FunnelQuestion, FunnelStep } from "../../api/words";
import { STEPS_MAX, STEPS_MIN } from "../../url/funnel";

/** The funnel with other steps: what points to a step that is gone points to the last one, or falls away. */
export const withSteps = (question: FunnelQuestion, steps: readonly FunnelStep[]): FunnelQuestion =>
  sound({ ...question, steps: steps.slice(0, STEPS_MAX) });

/** Without what its order, its view and the number of its steps do not allow. */
export function sound(question: FunnelQuestion): FunnelQuestion {
  const { exclusions, breakdown, from_step, to_step, ...rest } = question;
  const last = question.steps.length;
  const order = question.order ?? "ordered";
  const steps = question.steps.map(({ optional, ...step }, at) =>
    optional && order === "ordered" && at > 0 && at < last - 1 ? { ...step, optional } : step,
  );
  const kept = (order === "strict" ? [] : (exclusions ?? [])).map(({ from_step: from, to_step: to, ...match }) => {
    const first = Math.min(from ?? 1, last - 1);
    return order === "unordered" ? match : { ...match, from_step: first, to_step: Math.max(first + 1, Math.min(to ?? last, last)) };
  });
  const between = question.view === undefined || question.view === "steps" ? {} : betweenSteps(from_step, to_step, last);
  return {
    ...rest,
    steps,
    ...(kept.length > 0 ? { exclusions: kept } : {}),
    ...(breakdown ? { breakdown: soundBreakdown(breakdown, order, last) } : {}),
    ...between,
  };
}

function soundBreakdown(
  { step, ...breakdown }: NonNullable<FunnelQuestion["breakdown"]>,
  order: NonNullable<FunnelQuestion["order"]>,
  last: number,
): NonNullable<FunnelQuestion["breakdown"]> {
  if (breakdown.attribution !== "step") return breakdown;
  return { ...breakdown, step: order === "unordered" ? 1 : Math.min(step ?? 1, last) };
}

/** The steps between which times and rates are taken; left out where they are the first and the last. */
function betweenSteps(from: number | undefined, to: number | undefined, last: number): { from_step?: number; to_step?: number } {
  const first = Math.min(from ?? 1, last - 1);
  const end = Math.max(first + 1, Math.min(to ?? last, last));
  return { ...(first > 1 ? { from_step: first } : {}), ...(end < last ? { to_step: end } : {}) };
}

export function movedStep(question: FunnelQuestion, at: number, by: -1 | 1): FunnelQuestion {
  const steps = [...question.steps];
  const [step] = steps.splice(at, 1);
  if (step) steps.splice(at + by, 0, step);
  return withSteps(question, steps);
}

export const mayRemove = (question: FunnelQuestion): boolean => question.steps.length > STEPS_MIN;
