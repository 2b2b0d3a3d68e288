import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { actionsQuery } from "../api/queries";
import { readOneOf } from "../url/read";
import type { ActionName } from "./EventPicker";

const BUILT_IN = [
  "page_view",
  "click",
  "search",
  "share",
  "feedback",
  "answer",
  "app_to_background",
  "error",
  "session_start",
  "session_end",
] as const;

/** What a built-in action is called; one of a newer server by the server's own word. */
export function useBuiltInName(): (action: { name: string; label: string }) => string {
  const { t } = useTranslation();
  return ({ name, label }) => {
    const known = readOneOf(name, BUILT_IN);
    return known ? t(`actions.builtIn.${known}`) : label;
  };
}

/** The actions that can stand in place of an event: the project's own first. */
export function useActions(project: number): readonly ActionName[] {
  const builtInName = useBuiltInName();
  const { actions = [], built_in = [] } = useQuery(actionsQuery(project)).data ?? {};
  return [...actions.map(({ id, name }) => ({ id, name })), ...built_in.map((one) => ({ id: one.name, name: builtInName(one) }))];
}
