import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FUNNEL_SHOWN, type FunnelQuestion } from "../../api/words";
import classes from "../frame/Frame.module.css";
import { type ControlsProps, matchName } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";
import { sound } from "./sound";
import { StepSelect } from "./StepSelect";

/** Over which time, and what of the funnel is shown. */
export function FunnelControls({ question, onChange }: ControlsProps<FunnelQuestion>) {
  const { t } = useTranslation();
  const view = question.view ?? "steps";
  const names = question.steps.map((step) => matchName(t, step));
  const last = names.length;
  const from = question.from_step ?? 1;
  const to = question.to_step ?? last;
  return (
    <RangeControls question={question} onChange={onChange} buckets={view === "trend"}>
      {view !== "steps" && last > 2 && (
        <>
          <StepSelect
            label={t("funnel.fromStep")}
            value={from}
            names={names}
            least={1}
            most={last - 1}
            onChange={(step) => onChange(sound({ ...question, from_step: step }))}
          />
          <StepSelect
            label={t("funnel.toStep")}
            value={to}
            names={names}
            least={from + 1}
            most={last}
            onChange={(step) => onChange(sound({ ...question, to_step: step }))}
          />
        </>
      )}
      <SegmentedControl
        className={classes.end ?? ""}
        aria-label={t("insight.display")}
        data={FUNNEL_SHOWN.map((one) => ({ value: one, label: t(`funnel.view.${one}`) }))}
        value={view}
        onChange={(next) => {
          const shown = FUNNEL_SHOWN.find((one) => one === next);
          // Times and rates are not split.
          const { breakdown, ...rest } = question;
          if (shown) onChange(sound({ ...rest, ...(shown === "steps" && breakdown ? { breakdown } : {}), view: shown }));
        }}
      />
    </RangeControls>
  );
}
