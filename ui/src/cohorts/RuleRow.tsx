import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CohortRule } from "../api/words";
import classes from "../insights/frame/Frame.module.css";
import type { Choices } from "../insights/frame/kind";
import { Condition } from "../parts/filters/Filters";
import { BehaviourFields } from "./BehaviourFields";
import own from "./Cohorts.module.css";
import { begin, type Group, kindOf, RULE_KINDS, turned } from "./rules";

interface RuleRowProps extends Choices {
  rule: Exclude<CohortRule, { not: CohortRule } | Group>;
  negated: boolean;
  /** What it is, for screen readers: "Condition 1". */
  scope: string;
  onChange: (rule: CohortRule) => void;
}

/** One condition: whether it holds, what it is about, and the parts of that. */
export function RuleRow({ rule, negated, scope, onChange, ...choices }: RuleRowProps) {
  const { t } = useTranslation();
  const kind = kindOf(rule);
  const put = (next: CohortRule) => onChange(turned(next, negated));
  return (
    <div className={own.rule} role="group" aria-label={scope}>
      <div className={own.ruleHead}>
        <Select
          aria-label={t("cohorts.holdsOf", { scope })}
          className={classes.medium}
          allowDeselect={false}
          data={[
            { value: "yes", label: t("cohorts.holds") },
            { value: "no", label: t("cohorts.holdsNot") },
          ]}
          value={negated ? "no" : "yes"}
          onChange={(next) => onChange(turned(rule, next === "no"))}
        />
        <Select
          aria-label={t("cohorts.kindOf", { scope })}
          className={own.kind ?? ""}
          allowDeselect={false}
          data={RULE_KINDS.map((one) => ({ value: one, label: t(`cohorts.kind.${one}`) }))}
          value={kind}
          onChange={(next) => {
            const chosen = RULE_KINDS.find((one) => one === next);
            if (chosen && chosen !== kind) put(begin(chosen, choices.events[0]?.name ?? null));
          }}
        />
        {"person" in rule && (
          <Condition
            filter={rule.person}
            name={(part) => `${scope} ${part}`}
            properties={choices.properties}
            useValues={choices.useValues}
            ofPersons
            onChange={(person) => put({ person })}
          />
        )}
        {"cohort" in rule && (
          <Select
            aria-label={t("cohorts.cohortOf", { scope })}
            className={classes.medium}
            data={choices.properties.cohorts.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={rule.cohort > 0 ? String(rule.cohort) : null}
            placeholder={t("cohorts.pick")}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t("cohorts.noneFound")}
            onChange={(next) => put({ cohort: Number(next) })}
          />
        )}
      </div>
      {!("person" in rule) && !("cohort" in rule) && <BehaviourFields rule={rule} scope={scope} {...choices} onChange={put} />}
    </div>
  );
}
