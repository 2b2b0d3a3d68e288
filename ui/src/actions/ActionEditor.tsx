import { ActionIcon, Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ActionStep } from "../api/words";
import { AddButton } from "../insights/frame/AddButton";
import type { Choices } from "../insights/frame/kind";
import { FormError } from "../parts/FormError";
import { Icon } from "../parts/icons";
import { NameFields } from "../parts/NameFields";
import classes from "./Actions.module.css";
import { StepFields } from "./StepFields";
import { saysSomething, STEPS_MAX } from "./steps";

/** An action as it is being written. */
export interface ActionDraft {
  name: string;
  description: string;
  steps: ActionStep[];
}

interface ActionEditorProps extends Omit<Choices, "actions"> {
  draft: ActionDraft;
  isNew: boolean;
  mayWrite: boolean;
  busy: boolean;
  error: unknown;
  onChange: (draft: ActionDraft) => void;
  onSave: () => void;
  onDelete: () => void;
}

/** Name, and the steps of which an event must match one. */
export function ActionEditor(props: ActionEditorProps) {
  const { draft, isNew, mayWrite, busy, error, onChange, onSave, onDelete, ...choices } = props;
  const { t } = useTranslation();
  const { steps } = draft;
  const set = (next: ActionStep[]) => onChange({ ...draft, steps: next });
  const ready = draft.name.trim() !== "" && steps.length > 0 && steps.every(saysSomething);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSave();
      }}
    >
      <fieldset className={classes.fields} disabled={!mayWrite}>
        <NameFields of={draft} onChange={(changed) => onChange({ ...draft, ...changed })} />
        <p className={classes.word}>{t("actions.oneOf")}</p>
        {steps.map((step, at) => (
          <div key={at} className={classes.step} role="group" aria-label={t("actions.step", { number: at + 1 })}>
            <StepFields
              step={step}
              scope={t("actions.step", { number: at + 1 })}
              {...choices}
              onChange={(next) => set(steps.map((old, index) => (index === at ? next : old)))}
            />
            {steps.length > 1 && (
              <ActionIcon
                aria-label={t("cohorts.remove", { scope: t("actions.step", { number: at + 1 }) })}
                onClick={() => set(steps.filter((_, index) => index !== at))}
              >
                <Icon name="close" size={14} />
              </ActionIcon>
            )}
          </div>
        ))}
        <AddButton disabled={steps.length >= STEPS_MAX} onClick={() => set([...steps, {}])}>
          {t("actions.addStep")}
        </AddButton>
      </fieldset>
      <FormError error={error} />
      {mayWrite && (
        <Group>
          <Button type="submit" loading={busy} disabled={!ready}>
            {t("action.save")}
          </Button>
          {!isNew && (
            <Button variant="subtle" color="red" onClick={onDelete}>
              {t("action.delete")}
            </Button>
          )}
        </Group>
      )}
    </form>
  );
}
