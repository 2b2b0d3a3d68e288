import { ActionIcon, Button, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Filter } from "../../api/words";
import { CohortsInput } from "../CohortsInput";
import { Icon } from "../icons";
import { knownOf, type Picked, type Properties } from "../properties";
import { PropertyPicker } from "../PropertyPicker";
import classes from "./Filters.module.css";
import { FilterValue, type ValuesHook } from "./FilterValue";
import { COHORT_OPERATORS, cohortsOf, isOfCohort, operatorOf, operatorsFor, withOperator } from "./operators";

interface FiltersProps {
  filters: readonly Filter[];
  properties: Properties;
  useValues: ValuesHook;
  onChange: (filters: Filter[]) => void;
  /** What the filters narrow, for screen readers: "Series A". Empty for the whole question. */
  scope?: string;
}

/** Conditions that all must hold. A change is told at once; what is still incomplete is left out by whoever asks. */
export function Filters({ filters, properties, useValues, onChange, scope }: FiltersProps) {
  const { t } = useTranslation();
  const replace = (index: number, filter: Filter) => onChange(filters.map((old, at) => (at === index ? filter : old)));
  return (
    <div className={classes.list}>
      {filters.map((filter, index) => (
        <FilterRow
          // The place is the identity of a row: rows have no other.
          key={`${index}:${filter.type ?? ""}:${filter.property ?? ""}:${filter.operator ?? ""}`}
          number={index + 1}
          {...{ filter, properties, useValues }}
          {...(scope === undefined ? {} : { scope })}
          onChange={(next) => replace(index, next)}
          onRemove={() => onChange(filters.filter((_, at) => at !== index))}
        />
      ))}
      <div className={classes.row}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Icon name="filter" size={14} />}
          aria-label={scope ? t("filter.addTo", { scope }) : t("filter.add")}
          onClick={() => onChange([...filters, { property: "", operator: "exact" }])}
        >
          {t("filter.add")}
        </Button>
      </div>
    </div>
  );
}

interface FilterRowProps {
  number: number;
  filter: Filter;
  properties: Properties;
  useValues: ValuesHook;
  scope?: string;
  onChange: (filter: Filter) => void;
  onRemove: () => void;
}

function FilterRow({ number, filter, properties, useValues, scope, onChange, onRemove }: FilterRowProps) {
  const { t } = useTranslation();
  const name = (part: string) => [scope, t("filter.nth", { number }), part].filter(Boolean).join(" ");
  return (
    <div className={classes.row} role="group" aria-label={name("")}>
      <span className={classes.join}>{number === 1 ? t("filter.where") : t("filter.and")}</span>
      {filter.values ? (
        <span className={`${classes.group} tm-clip`}>{describeGroup(filter)}</span>
      ) : (
        <Condition {...{ filter, properties, useValues, name, onChange }} orCohorts />
      )}
      <ActionIcon aria-label={t("filter.remove", { number })} onClick={onRemove}>
        <Icon name="close" size={14} />
      </ActionIcon>
    </div>
  );
}

interface ConditionProps extends Pick<FilterRowProps, "filter" | "properties" | "useValues" | "onChange"> {
  /** What a part of the condition is called, for screen readers. */
  name: (part: string) => string;
  ofPersons?: boolean;
  orCohorts?: boolean;
}

/** What is compared, how, and with what. */
export function Condition({ filter, properties, useValues, name, ofPersons, orCohorts, onChange }: ConditionProps) {
  const { t } = useTranslation();
  const ofCohort = isOfCohort(filter);
  const picked = ofCohort || filter.property ? ({ property: filter.property ?? "", type: filter.type } as Picked) : undefined;
  const known = knownOf(properties, picked ?? { property: "" });
  const operators = ofCohort ? COHORT_OPERATORS : operatorsFor(known);
  return (
    <>
      <PropertyPicker
        label={name(t("filter.property"))}
        value={picked}
        {...{ properties, ofPersons, orCohorts }}
        onChange={(next) => onChange(next?.type === "cohort" ? NO_COHORT : { property: "", ...next, operator: "exact" })}
      />
      <Select
        aria-label={name(t("filter.operator"))}
        className={classes.operator}
        data={operators.map((one) => ({ value: one, label: t(`operator.${one}`) }))}
        value={ofCohort ? (filter.operator ?? "in_cohort") : operatorOf(filter)}
        allowDeselect={false}
        onChange={(next) => {
          const operator = operatorsFor(known).find((one) => one === next);
          if (ofCohort) onChange({ ...filter, operator: next ?? "in_cohort" });
          else if (operator) onChange(withOperator(filter, operator, known));
        }}
      />
      {ofCohort ? (
        <CohortsInput
          label={name(t("filter.value"))}
          className={classes.value ?? ""}
          value={cohortsOf(filter)}
          cohorts={properties.cohorts}
          onChange={(ids) => onChange({ ...filter, value: ids })}
        />
      ) : (
        <FilterValue
          label={name(t("filter.value"))}
          {...{ filter, useValues }}
          property={known}
          onChange={(value) => {
            const { value: _old, ...rest } = filter;
            onChange(value === undefined ? rest : { ...rest, value });
          }}
        />
      )}
    </>
  );
}

const NO_COHORT: Filter = { type: "cohort", operator: "in_cohort", value: [] };

/** A group made elsewhere is shown as text; it can be removed as a whole. */
function describeGroup(filter: Filter): string {
  return (filter.values ?? [])
    .map((one) =>
      one.values ? `(${describeGroup(one)})` : [one.property ?? one.type, one.operator ?? "exact", String(one.value ?? "")].join(" "),
    )
    .join(` ${filter.type ?? "AND"} `);
}
