import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type ActionStep, MATCHINGS, type TextMatch } from "../api/words";
import type { Choices } from "../insights/frame/kind";
import { EventPicker } from "../parts/EventPicker";
import { Filters } from "../parts/filters/Filters";
import classes from "./Actions.module.css";
import { TEXTS } from "./steps";

interface StepFieldsProps extends Omit<Choices, "actions"> {
  step: ActionStep;
  /** What it is, for screen readers: "Step 1". */
  scope: string;
  onChange: (step: ActionStep) => void;
}

/** One way to be of the action: all that is set must hold. */
export function StepFields({ step, scope, events, properties, useValues, onChange }: StepFieldsProps) {
  const { t } = useTranslation();
  const put = (part: Partial<ActionStep>) => onChange({ ...step, ...part });
  return (
    <div className={classes.parts}>
      <div className={classes.pair}>
        <EventPicker
          label={t("actions.eventOf", { scope })}
          value={step.event ?? null}
          events={events}
          onChange={(event) => put({ event })}
        />
      </div>
      {TEXTS.map((part) => (
        <Text
          key={part}
          name={t(`actions.${part}`)}
          scope={scope}
          match={step[part]}
          onChange={(match) => put({ [part]: match })}
        />
      ))}
      <div className={classes.pair}>
        <TextInput
          label={t("actions.tag_name")}
          placeholder="button"
          className={classes.tag ?? ""}
          value={step.tag_name ?? ""}
          onChange={(event) => put({ tag_name: event.currentTarget.value })}
        />
        <TextInput
          label={t("actions.selector")}
          placeholder="form.fees > button[type='submit']"
          className={classes.text ?? ""}
          value={step.selector ?? ""}
          onChange={(event) => put({ selector: event.currentTarget.value })}
        />
      </div>
      <Filters filters={step.filters ?? []} {...{ scope, properties, useValues }} onChange={(filters) => put({ filters })} />
    </div>
  );
}

interface TextProps {
  name: string;
  scope: string;
  match: TextMatch | undefined;
  onChange: (match: TextMatch | undefined) => void;
}

/** A text, and how it is compared. */
function Text({ name, scope, match, onChange }: TextProps) {
  const { t } = useTranslation();
  const matching = match?.matching ?? "exact";
  return (
    <div className={classes.pair}>
      <Select
        label={name}
        aria-label={t("actions.matchingOf", { name, scope })}
        className={classes.tag ?? ""}
        allowDeselect={false}
        data={MATCHINGS.map((one) => ({ value: one, label: t(`actions.matching.${one}`) }))}
        value={matching}
        onChange={(next) => {
          const chosen = MATCHINGS.find((one) => one === next);
          if (chosen) onChange({ matching: chosen, value: match?.value ?? "" });
        }}
      />
      <TextInput
        aria-label={`${name}, ${scope}`}
        className={classes.text ?? ""}
        value={match?.value ?? ""}
        onChange={(event) => {
          const value = event.currentTarget.value;
          onChange(value === "" && matching === "exact" ? undefined : { matching, value });
        }}
      />
    </div>
  );
}
