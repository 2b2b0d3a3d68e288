import { ActionIcon, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CohortRule } from "../api/words";
import { AddButton } from "../insights/frame/AddButton";
import type { Choices } from "../insights/frame/kind";
import { Icon } from "../parts/icons";
import classes from "./Cohorts.module.css";
import { RuleRow } from "./RuleRow";
import { bare, begin, type Group, isGroup, partsOf, turned, withParts } from "./rules";

/** Deeper groups than this nobody reads; the server takes more. */
const DEPTH_MAX = 3;

interface RuleGroupProps extends Choices {
  group: Group;
  /** How many groups are around it. */
  depth: number;
  /** What it is, for screen readers. */
  scope: string;
  onChange: (group: Group) => void;
}

/** Conditions that all must hold, or one of them. */
export function RuleGroup({ group, depth, scope, onChange, ...choices }: RuleGroupProps) {
  const { t } = useTranslation();
  const parts = partsOf(group);
  const set = (next: readonly CohortRule[]) => onChange(withParts(group, next));
  const put = (at: number, rule: CohortRule) => set(parts.map((old, index) => (index === at ? rule : old)));
  const event = choices.events[0]?.name ?? null;
  return (
    <div className={classes.group} role="group" aria-label={scope}>
      {(parts.length > 1 || depth > 0) && (
        <SegmentedControl
          size="xs"
          aria-label={t("cohorts.join", { scope })}
          data={[
            { value: "all", label: t("cohorts.all") },
            { value: "any", label: t("cohorts.any") },
          ]}
          value={"all" in group ? "all" : "any"}
          onChange={(next) => onChange(next === "all" ? { all: [...parts] } : { any: [...parts] })}
        />
      )}
      {parts.map((part, at) => {
        const { negated, rule } = bare(part);
        const name = depth === 0 ? t("cohorts.nth", { number: at + 1 }) : `${scope}.${at + 1}`;
        return (
          <div key={at} className={classes.part}>
            {isGroup(rule) ? (
              <RuleGroup
                group={rule}
                depth={depth + 1}
                scope={name}
                {...choices}
                onChange={(next) => put(at, turned(next, negated))}
              />
            ) : (
              <RuleRow rule={rule} negated={negated} scope={name} {...choices} onChange={(next) => put(at, next)} />
            )}
            {(parts.length > 1 || depth > 0) && (
              <ActionIcon
                className={classes.remove ?? ""}
                aria-label={t("cohorts.remove", { scope: name })}
                onClick={() => set(parts.filter((_, index) => index !== at))}
              >
                <Icon name="close" size={14} />
              </ActionIcon>
            )}
          </div>
        );
      })}
      <div className={classes.adders}>
        <AddButton onClick={() => set([...parts, begin("performed", event)])}>{t("cohorts.add")}</AddButton>
        {depth < DEPTH_MAX && (
          <AddButton onClick={() => set([...parts, { any: [begin("performed", event), begin("person", null)] }])}>
            {t("cohorts.addGroup")}
          </AddButton>
        )}
      </div>
    </div>
  );
}
