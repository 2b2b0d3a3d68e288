import { useTranslation } from "react-i18next";
import type { Exclusion, FunnelQuestion } from "../../api/words";
import { AddButton } from "../frame/AddButton";
import classes from "../frame/Frame.module.css";
import { type Choices, type ControlsProps, matchName } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";
import { StepSelect } from "./StepSelect";

/** What must not happen between two steps. */
export function Exclusions({ question, onChange, ...choices }: ControlsProps<FunnelQuestion> & Choices) {
  const { t } = useTranslation();
  const exclusions = question.exclusions ?? [];
  const last = question.steps.length;
  const names = question.steps.map((step) => matchName(t, step));
  const set = (next: Exclusion[]) => {
    const { exclusions: _old, ...rest } = question;
    onChange(next.length > 0 ? { ...rest, exclusions: next } : rest);
  };
  return (
    <>
      {exclusions.map((exclusion, index) => {
        const number = index + 1;
        const change = (next: Exclusion) => set(exclusions.map((old, at) => (at === index ? next : old)));
        const from = exclusion.from_step ?? 1;
        const to = exclusion.to_step ?? last;
        return (
          <MatchRow
            key={index}
            scope={t("funnel.exclusionNth", { number })}
            eventLabel={t("funnel.exclusionEvent", { number })}
            match={exclusion}
            {...choices}
            onChange={change}
            removeLabel={t("funnel.removeExclusion", { number })}
            onRemove={() => set(exclusions.filter((_, at) => at !== index))}
          >
            {question.order !== "unordered" && last > 2 && (
              <>
                <span className={classes.word}>{t("funnel.between")}</span>
                <StepSelect
                  label={t("funnel.exclusionFrom", { number })}
                  value={from}
                  names={names}
                  least={1}
                  most={last - 1}
                  onChange={(step) => change({ ...exclusion, from_step: step, to_step: Math.max(step + 1, to) })}
                />
                <StepSelect
                  label={t("funnel.exclusionTo", { number })}
                  value={to}
                  names={names}
                  least={from + 1}
                  most={last}
                  onChange={(step) => change({ ...exclusion, from_step: from, to_step: step })}
                />
              </>
            )}
          </MatchRow>
        );
      })}
      <AddButton onClick={() => set([...exclusions, { event: choices.events.at(-1)?.name ?? null }])}>
        {t("funnel.addExclusion")}
      </AddButton>
    </>
  );
}
