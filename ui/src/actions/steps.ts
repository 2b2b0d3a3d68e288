/** Steps of actions as their editor and list see them. */
import type { TFunction } from "i18next";
import type { ActionStep } from "../api/words";
import { isComplete } from "../parts/filters/operators";

/** More steps the server does not take. */
export const STEPS_MAX = 50;

/** Texts that a step may compare, in the order of the form. */
export const TEXTS = ["url", "text", "href"] as const;

/** The step without what is still empty, as it is sent. */
export function whole(step: ActionStep): ActionStep {
  const filters = step.filters?.filter(isComplete) ?? [];
  const kept: ActionStep = {};
  if (step.event) kept.event = step.event;
  for (const part of TEXTS) {
    const match = step[part];
    if (match && match.value.trim() !== "") kept[part] = { matching: match.matching ?? "exact", value: match.value.trim() };
  }
  if (step.tag_name?.trim()) kept.tag_name = step.tag_name.trim();
  if (step.selector?.trim()) kept.selector = step.selector.trim();
  if (filters.length > 0) kept.filters = filters;
  return kept;
}

/** A step that sets nothing matches nothing. */
export const saysSomething = (step: ActionStep): boolean => Object.keys(whole(step)).length > 0;

/** A step in a few words. */
export function stepGist(t: TFunction, step: ActionStep): string {
  const texts = TEXTS.flatMap((part) => {
    const match = step[part];
    return match ? [`${t(`actions.${part}`)} ${t(`actions.matching.${match.matching ?? "exact"}`)} ${match.value}`] : [];
  });
  const element = [step.tag_name && `<${step.tag_name}>`, step.selector].filter((one): one is string => Boolean(one));
  const conditions = (step.filters?.length ?? 0) > 0 ? [t("actions.conditions", { count: step.filters?.length ?? 0 })] : [];
  return [...(step.event ? [step.event] : []), ...element, ...texts, ...conditions].join(", ");
}
