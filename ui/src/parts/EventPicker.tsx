import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CatalogueEvent } from "../api/words";
import { useNumbers } from "../format/numbers";
import classes from "./Picker.module.css";

/** Stands for "all events" where an event name is expected; no event can be called so. */
const ALL = "";

interface EventPickerProps {
  label: string;
  /** Null is all events. */
  value: string | null;
  events: readonly CatalogueEvent[];
  onChange: (event: string | null) => void;
}

/** Picks an event by name; the list is the catalogue, the most frequent first, with volumes. */
export function EventPicker({ label, value, events, onChange }: EventPickerProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const counts = new Map(events.map((event) => [event.name, event.count]));
  const names = events.map((event) => event.name);
  if (value !== null && !counts.has(value)) names.unshift(value);
  return (
    <Select
      aria-label={label}
      data={[{ value: ALL, label: t("events.all") }, ...names.map((name) => ({ value: name, label: name }))]}
      value={value ?? ALL}
      onChange={(next) => onChange(next === null || next === ALL ? null : next)}
      allowDeselect={false}
      searchable
      selectFirstOptionOnChange
      nothingFoundMessage={t("events.noneFound")}
      comboboxProps={{ width: 340, position: "bottom-start" }}
      maxDropdownHeight={360}
      className={classes.event}
      renderOption={({ option }) => (
        <span className={classes.option}>
          <span className="tm-clip">{option.label}</span>
          {counts.has(option.value) && (
            <span className={`${classes.note} tm-number`}>{numbers.short(counts.get(option.value) ?? 0)}</span>
          )}
        </span>
      )}
    />
  );
}
