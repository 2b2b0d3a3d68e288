import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ATTRIBUTIONS, FUNNEL_ORDERS, type FunnelQuestion, WINDOW_UNITS } from "../../api/words";
import { DEFAULT_WINDOW, STEPS_MAX } from "../../url/funnel";
import { AddButton } from "../frame/AddButton";
import { BreakdownPart } from "../frame/BreakdownPart";
import { CountInput } from "../frame/CountInput";
import { EditorFrame, EditorPart, FiltersPart } from "../frame/EditorFrame";
import classes from "../frame/Frame.module.css";
import { type ControlsProps, type EditorProps, matchName } from "../frame/kind";
import { Exclusions } from "./Exclusions";
import { mayRemove, movedStep, sound, withSteps } from "./sound";
import { StepRow } from "./StepRow";
import { StepSelect } from "./StepSelect";

/** The question of a funnel: its steps, how they must follow each other, what must not come between. */
export function FunnelEditor({ question, onChange, ...choices }: EditorProps<FunnelQuestion>) {
  const { t } = useTranslation();
  const { steps } = question;
  const last = steps.length - 1;
  return (
    <EditorFrame
      title={t("funnel.steps")}
      side={
        <>
          <Rules question={question} onChange={onChange} />
          {question.order !== "strict" && (
            <EditorPart title={t("funnel.exclusions")}>
              <Exclusions question={question} onChange={onChange} {...choices} />
            </EditorPart>
          )}
          <FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />
          {(question.view ?? "steps") === "steps" && <Split question={question} onChange={onChange} {...choices} />}
        </>
      }
    >
      {steps.map((step, index) => (
        <StepRow
          key={index}
          index={index}
          step={step}
          mayBeOptional={(question.order ?? "ordered") === "ordered" && index > 0 && index < last}
          {...choices}
          onChange={(next) => onChange(withSteps(question, steps.map((old, at) => (at === index ? next : old))))}
          {...(index > 0 ? { onUp: () => onChange(movedStep(question, index, -1)) } : {})}
          {...(index < last ? { onDown: () => onChange(movedStep(question, index, 1)) } : {})}
          {...(mayRemove(question)
            ? { onRemove: () => onChange(withSteps(question, steps.filter((_, at) => at !== index))) }
            : {})}
        />
      ))}
      <AddButton
        disabled={steps.length >= STEPS_MAX}
        onClick={() => onChange(withSteps(question, [...steps, { event: nextEvent(question, choices.events) }]))}
      >
        {t("funnel.addStep")}
      </AddButton>
    </EditorFrame>
  );
}

/** The most frequent event that is no step yet. */
const nextEvent = (question: FunnelQuestion, events: readonly { name: string }[]): string | null =>
  (events.find(({ name }) => !question.steps.some((step) => step.event === name)) ?? events[0])?.name ?? null;

/** In which order, within which time. */
function Rules({ question, onChange }: ControlsProps<FunnelQuestion>) {
  const { t } = useTranslation();
  const window = question.window ?? DEFAULT_WINDOW;
  return (
    <EditorPart title={t("funnel.rules")}>
      <Select
        aria-label={t("funnel.order.label")}
        className={classes.medium}
        data={FUNNEL_ORDERS.map((one) => ({ value: one, label: t(`funnel.order.${one}`) }))}
        value={question.order ?? "ordered"}
        allowDeselect={false}
        onChange={(next) => {
          const order = FUNNEL_ORDERS.find((one) => one === next);
          if (order) onChange(sound({ ...question, order }));
        }}
      />
      <span className={classes.word}>{t("funnel.within")}</span>
      <CountInput
        label={t("funnel.windowCount")}
        value={window.count}
        least={1}
        most={10_000}
        onChange={(count) => onChange({ ...question, window: { ...window, count } })}
      />
      <Select
        aria-label={t("funnel.windowUnit")}
        className={classes.short}
        data={WINDOW_UNITS.map((one) => ({ value: one, label: t(`funnel.unit.${one}`) }))}
        value={window.unit ?? "day"}
        allowDeselect={false}
        onChange={(next) => {
          const unit = WINDOW_UNITS.find((one) => one === next);
          if (unit) onChange({ ...question, window: { ...window, unit } });
        }}
      />
    </EditorPart>
  );
}

/** By which property, and which event of a person gives its value. */
function Split({ question, onChange, properties }: Omit<EditorProps<FunnelQuestion>, "events" | "useValues">) {
  const { t } = useTranslation();
  const { breakdown } = question;
  const set = (next: FunnelQuestion["breakdown"]) => {
    const { breakdown: _old, ...rest } = question;
    onChange(next ? sound({ ...rest, breakdown: next }) : rest);
  };
  return (
    <BreakdownPart breakdown={breakdown} properties={properties} onChange={set}>
      {breakdown && !breakdown.cohorts && (
        <Select
          aria-label={t("funnel.attribution.label")}
          className={classes.medium}
          data={ATTRIBUTIONS.map((one) => ({ value: one, label: t(`funnel.attribution.${one}`) }))}
          value={breakdown.attribution ?? "first_touch"}
          allowDeselect={false}
          onChange={(next) => {
            const attribution = ATTRIBUTIONS.find((one) => one === next);
            if (attribution) set({ ...breakdown, attribution });
          }}
        />
      )}
      {breakdown?.attribution === "step" && !breakdown.cohorts && question.order !== "unordered" && (
        <StepSelect
          label={t("funnel.attribution.which")}
          value={breakdown.step ?? 1}
          names={question.steps.map((step) => matchName(t, step))}
          least={1}
          most={question.steps.length}
          onChange={(step) => set({ ...breakdown, step })}
        />
      )}
    </BreakdownPart>
  );
}
