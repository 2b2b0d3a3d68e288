import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Properties } from "./properties";

interface CohortsInputProps {
  label: string;
  value: readonly number[];
  cohorts: Properties["cohorts"];
  /** Whether everybody, as 0, can stand beside the cohorts. */
  orEverybody?: boolean;
  className?: string;
  onChange: (cohorts: number[]) => void;
}

/** Picks cohorts by name. */
export function CohortsInput({ label, value, cohorts, orEverybody, className, onChange }: CohortsInputProps) {
  const { t } = useTranslation();
  const data = cohorts.map(({ id, name }) => ({ value: String(id), label: name }));
  if (orEverybody) data.push({ value: "0", label: t("cohorts.everybody") });
  for (const id of value) {
    // One that is gone can still be taken out.
    if (!data.some((one) => one.value === String(id))) data.push({ value: String(id), label: t("cohorts.gone", { id: String(id) }) });
  }
  return (
    <MultiSelect
      aria-label={label}
      className={className}
      data={data}
      value={value.map(String)}
      searchable
      hidePickedOptions
      placeholder={value.length === 0 ? t("cohorts.pick") : ""}
      nothingFoundMessage={t("cohorts.noneFound")}
      comboboxProps={{ width: 300, position: "bottom-start" }}
      onChange={(ids) => onChange(ids.map(Number))}
    />
  );
}
