import { Select } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Breakdown, BreakdownBy } from "../../api/words";
import { CohortsInput } from "../../parts/CohortsInput";
import { knownOf, type Picked, type Properties } from "../../parts/properties";
import { PropertyPicker } from "../../parts/PropertyPicker";
import { MORE_MAX } from "../../url/trends";
import { AddButton } from "./AddButton";
import { EditorPart } from "./EditorFrame";
import classes from "./Frame.module.css";

interface BreakdownPartProps<Split extends Breakdown> {
  breakdown: Split | undefined;
  properties: Properties;
  /** Whether numbers can be taken together in bins. */
  bins?: boolean;
  onChange: (breakdown: Split | undefined) => void;
  children?: ReactNode;
}

/** Up to three properties whose values split the numbers, or cohorts. */
export function BreakdownPart<Split extends Breakdown>({ breakdown, properties, bins, onChange, children }: BreakdownPartProps<Split>) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  // Whose property it was, and its bins, say nothing of another.
  const { property: _property, type: _type, bins: _bins, cohorts, and = [], ...rest } = breakdown ?? ({} as Partial<Split>);
  const set = (by: readonly BreakdownBy[]) => {
    const [first, ...more] = by;
    setAdding(false);
    onChange(first ? ({ ...rest, ...first, ...(more.length > 0 ? { and: more } : {}) } as unknown as Split) : undefined);
  };
  const setCohorts = (ids: number[]) =>
    onChange(ids.length > 0 ? ({ ...rest, property: "", cohorts: ids } as unknown as Split) : undefined);
  if (cohorts) {
    return (
      <EditorPart title={t("insight.breakdown")}>
        <PropertyPicker
          label={t("insight.breakdown")}
          value={{ property: "", type: "cohort" }}
          properties={properties}
          orCohorts
          clearable
          onChange={(picked) => set(picked && picked.type !== "cohort" ? [byOf(picked)] : [])}
        />
        <CohortsInput
          label={t("cohorts.rows")}
          className={classes.cohorts ?? ""}
          value={cohorts}
          cohorts={properties.cohorts}
          orEverybody
          onChange={setCohorts}
        />
        {children}
      </EditorPart>
    );
  }
  const by: readonly BreakdownBy[] = breakdown ? [breakdownBy(breakdown), ...and] : [];
  const rows: readonly (BreakdownBy | undefined)[] = by.length === 0 || adding ? [...by, undefined] : by;
  return (
    <EditorPart title={t("insight.breakdown")}>
      {rows.map((one, at) => (
        <By
          key={at}
          label={at === 0 ? t("insight.breakdown") : t("insight.breakdownNth", { number: at + 1 })}
          by={one}
          {...{ properties, bins }}
          orCohorts={at === 0 && by.length < 2}
          onCohorts={() => setCohorts([...properties.cohorts.slice(0, 1).map(({ id }) => id), 0])}
          onChange={(next) => set(next ? [...by.slice(0, at), next, ...by.slice(at + 1)] : by.filter((_, index) => index !== at))}
        />
      ))}
      {by.length > 0 && !adding && (
        <AddButton disabled={by.length > MORE_MAX} onClick={() => setAdding(true)}>
          {t("insight.addBreakdown")}
        </AddButton>
      )}
      {children}
    </EditorPart>
  );
}

const byOf = ({ property, type }: Picked): BreakdownBy => (type === "person" ? { property, type } : { property });

const breakdownBy = ({ property, type, bins }: Breakdown): BreakdownBy => ({
  property,
  ...(type ? { type } : {}),
  ...(bins ? { bins } : {}),
});

/** Numbers of bins that are offered. */
const BINS = [5, 10, 20, 50];

interface ByProps {
  label: string;
  by: BreakdownBy | undefined;
  properties: Properties;
  bins: boolean | undefined;
  orCohorts: boolean;
  onCohorts: () => void;
  onChange: (by: BreakdownBy | undefined) => void;
}

/** One property that splits, and whether its numbers stand in bins. */
function By({ label, by, properties, bins, orCohorts, onCohorts, onChange }: ByProps) {
  const { t } = useTranslation();
  const numeric = by !== undefined && (knownOf(properties, by)?.types.includes("number") ?? by.bins !== undefined);
  const offered = by?.bins && !BINS.includes(by.bins) ? [...BINS, by.bins] : BINS;
  return (
    <>
      <PropertyPicker
        label={label}
        value={by}
        {...{ properties, orCohorts }}
        clearable
        placeholder={t("insight.noBreakdown")}
        onChange={(picked) => (picked?.type === "cohort" ? onCohorts() : onChange(picked && byOf(picked)))}
      />
      {by && bins && numeric && (
        <Select
          aria-label={t("insight.binsOf", { property: by.property })}
          className={classes.short}
          allowDeselect={false}
          data={[
            { value: "each", label: t("insight.eachValue") },
            ...offered.map((count) => ({ value: String(count), label: t("insight.bins", { number: count }) })),
          ]}
          value={by.bins ? String(by.bins) : "each"}
          onChange={(next) => onChange(next === null || next === "each" ? byOf(by) : { ...byOf(by), bins: Number(next) })}
        />
      )}
    </>
  );
}
