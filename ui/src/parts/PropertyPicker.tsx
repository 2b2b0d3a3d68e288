import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CatalogueProperty } from "../api/words";
import classes from "./Picker.module.css";

/** Columns of every event that can be asked like properties. */
export const COLUMNS = ["event", "distinct_id", "session_id"] as const;

interface PropertyPickerProps {
  label: string;
  value: string | undefined;
  properties: readonly CatalogueProperty[];
  onChange: (property: string | undefined) => void;
  /** Only properties with numbers. */
  numeric?: boolean;
  /** Whether the choice can be taken back. */
  clearable?: boolean;
  placeholder?: string;
}

/** Picks a property of the catalogue; shows its type and a sample beside the name. */
export function PropertyPicker(props: PropertyPickerProps) {
  const { label, value, properties, onChange, numeric, clearable, placeholder } = props;
  const { t } = useTranslation();
  const fitting = numeric ? properties.filter((property) => property.types.includes("number")) : properties;
  const byName = new Map(fitting.map((property) => [property.name, property]));
  const names = [...byName.keys(), ...(numeric ? [] : COLUMNS.filter((column) => !byName.has(column)))];
  if (value !== undefined && !names.includes(value)) names.unshift(value);
  return (
    <Select
      aria-label={label}
      data={names}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      allowDeselect={false}
      searchable
      selectFirstOptionOnChange
      clearable={clearable ?? false}
      placeholder={placeholder ?? t("properties.pick")}
      nothingFoundMessage={t("properties.noneFound")}
      comboboxProps={{ width: 360, position: "bottom-start" }}
      maxDropdownHeight={360}
      className={classes.property}
      renderOption={({ option }) => {
        const property = byName.get(option.value);
        return (
          <span className={classes.option}>
            <span className="tm-clip">{option.label}</span>
            <span className={`${classes.note} tm-clip`}>
              {property ? [property.types.join(", "), property.samples[0]].filter(Boolean).join(" · ") : ""}
            </span>
          </span>
        );
      }}
    />
  );
}
