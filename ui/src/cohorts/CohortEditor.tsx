import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cohort } from "../api/words";
import type { Choices } from "../insights/frame/kind";
import { FormError } from "../parts/FormError";
import { NameFields } from "../parts/NameFields";
import classes from "./Cohorts.module.css";
import { type Draft, mayBeSaved } from "./draft";
import { ListField } from "./ListField";
import { RuleGroup } from "./RuleGroup";
import { asGroup } from "./rules";

interface CohortEditorProps extends Choices {
  draft: Draft;
  /** Undefined: a new one. */
  saved: Cohort | undefined;
  mayWrite: boolean;
  busy: boolean;
  error: unknown;
  /** How many the rule takes now. */
  size: ReactNode;
  onChange: (draft: Draft) => void;
  onSave: () => void;
  onDelete: () => void;
}

/** Name, and whom the cohort takes: by a rule, or out of a list. */
export function CohortEditor(props: CohortEditorProps) {
  const { draft, saved, mayWrite, busy, error, size, onChange, onSave, onDelete, ...choices } = props;
  const { t } = useTranslation();
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (mayBeSaved(draft)) onSave();
      }}
    >
      <fieldset className={classes.fields} disabled={!mayWrite}>
        <NameFields of={draft} onChange={(changed) => onChange({ ...draft, ...changed })} />
        {draft.rule ? (
          <section aria-label={t("cohorts.who")}>
            <h2 className={classes.heading}>{t("cohorts.who")}</h2>
            <RuleGroup
              group={asGroup(draft.rule)}
              depth={0}
              scope={t("cohorts.rule")}
              {...choices}
              onChange={(rule) => onChange({ ...draft, rule })}
            />
          </section>
        ) : (
          <ListField list={draft.list} listed={saved?.listed} onChange={(list) => onChange({ ...draft, list })} />
        )}
      </fieldset>
      {size}
      <FormError error={error} />
      {mayWrite && (
        <Group>
          <Button type="submit" loading={busy} disabled={!mayBeSaved(draft)}>
            {t("action.save")}
          </Button>
          {saved && (
            <Button variant="subtle" color="red" onClick={onDelete}>
              {t("action.delete")}
            </Button>
          )}
        </Group>
      )}
    </form>
  );
}
