/** A saved insight in a few words. */
import type { TFunction } from "i18next";
import type { Insight } from "../../api/words";
import { matchName } from "../frame/kind";

/** The question of an insight. */
export function gistOf(t: TFunction, { question }: Insight): string {
  const split = "breakdown" in question ? question.breakdown : undefined;
  const properties = split?.cohorts ? t("properties.cohort") : [split, ...(split?.and ?? [])].map((one) => one?.property).join(", ");
  const by = split ? ` · ${t("saved.by", { property: properties })}` : "";
  switch (question.kind) {
    case "trends":
      return (
        question.series
          .map((one) => {
            const math = one.math ?? "total";
            return math === "total" ? matchName(t, one) : `${matchName(t, one)} (${t(`math.${math}`)})`;
          })
          .join(", ") + by
      );
    case "funnel":
      return question.steps.map((step) => matchName(t, step)).join(" → ") + by;
    case "retention":
      return [question.start_event, question.return_event ?? question.start_event].map((one) => matchName(t, one)).join(" → ") + by;
    case "lifecycle":
      return matchName(t, question.series);
    case "stickiness":
      return question.series.map((one) => matchName(t, one)).join(", ");
    case "paths":
      return (question.kinds ?? ["pages"]).map((kind) => t(`paths.kind.${kind}`)).join(", ");
    case "events":
      return question.event ?? t("events.all");
  }
}
