import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Compare } from "../../api/words";
import { COMPARED_TO } from "../../url/compare";
import classes from "./Frame.module.css";

interface ComparisonProps {
  /** Undefined: to nothing. */
  value: Compare | undefined;
  onChange: (compare: Compare | undefined) => void;
}

/** Beside which other time the numbers stand. */
export function Comparison({ value, onChange }: ComparisonProps) {
  const { t } = useTranslation();
  const chosen = value === undefined ? "none" : (value.to ?? "before");
  const named: string[] = ["none", "before", ...COMPARED_TO];
  return (
    <Select
      aria-label={t("compare.label")}
      className={classes.medium}
      allowDeselect={false}
      value={chosen}
      data={[
        { value: "none", label: t("compare.none") },
        { value: "before", label: t("compare.before") },
        ...COMPARED_TO.map((one) => ({ value: one, label: t(`compare.${one}`) })),
        // A link may compare to any other time.
        ...(named.includes(chosen) ? [] : [{ value: chosen, label: chosen }]),
      ]}
      onChange={(next) => {
        if (next === null || next === "none") onChange(undefined);
        else onChange(next === "before" ? {} : { to: next });
      }}
    />
  );
}
