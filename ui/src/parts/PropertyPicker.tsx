import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Picker.module.css";
import { COLUMNS, keyOf, type Picked, pickedOf, type Properties, SESSION_DURATION } from "./properties";

interface PropertyPickerProps {
  label: string;
  value: Picked | undefined;
  properties: Properties;
  onChange: (picked: Picked | undefined) => void;
  /** Only properties of events with numbers. */
  numeric?: boolean;
  /** Only properties of persons. */
  ofPersons?: boolean;
  /** Whether membership in cohorts can be picked in place of a property. */
  orCohorts?: boolean;
  /** Whether the choice can be taken back. */
  clearable?: boolean;
  placeholder?: string;
}

/** Picks a property of events or persons; shows its type and a sample beside the name. */
export function PropertyPicker(props: PropertyPickerProps) {
  const { label, value, properties, onChange, numeric, ofPersons, orCohorts, clearable, placeholder } = props;
  const { t } = useTranslation();
  const ofEvents = numeric ? properties.event.filter(({ types }) => types.includes("number")) : properties.event;
  const columns = (numeric ? [SESSION_DURATION] : COLUMNS).filter((column) => !ofEvents.some(({ name }) => name === column));
  const option = (picked: Picked) => ({
    value: keyOf(picked),
    label: picked.type === "cohort" ? t("properties.cohort") : picked.property,
  });
  const events = ofPersons ? [] : [...ofEvents.map(({ name }) => name), ...columns].map((property) => option({ property }));
  const persons = numeric ? [] : properties.person.map(({ name }) => option({ property: name, type: "person" }));
  const cohorts = orCohorts && properties.cohorts.length > 0 ? [option({ property: "", type: "cohort" })] : [];
  const all = [...events, ...persons, ...cohorts];
  // A link may name what the catalogue does not know.
  const strange = value && !all.some((one) => one.value === keyOf(value)) ? [option(value)] : [];
  const groups = [
    { group: t("properties.ofEvents"), items: [...strange, ...events] },
    { group: t("properties.ofPersons"), items: [...cohorts, ...persons] },
  ].filter(({ items }) => items.length > 0);
  /** What is said beside a name. */
  const notes = new Map([
    ...properties.event.map(({ name, types, samples }): [string, string] => [
      keyOf({ property: name }),
      [types.join(", "), samples[0]].filter(Boolean).join(" · "),
    ]),
    ...properties.person.map(({ name }): [string, string] => [keyOf({ property: name, type: "person" }), t("properties.person")]),
  ]);
  return (
    <Select
      aria-label={label}
      data={groups.length === 1 ? (groups[0]?.items ?? []) : groups}
      value={value ? keyOf(value) : null}
      onChange={(next) => onChange(next === null ? undefined : pickedOf(next))}
      allowDeselect={false}
      searchable
      selectFirstOptionOnChange
      clearable={clearable ?? false}
      placeholder={placeholder ?? t("properties.pick")}
      nothingFoundMessage={t("properties.noneFound")}
      comboboxProps={{ width: 360, position: "bottom-start" }}
      maxDropdownHeight={360}
      className={classes.property}
      renderOption={({ option: { value: key, label: name } }) => (
        <span className={classes.option}>
          <span className="tm-clip">{name}</span>
          <span className={`${classes.note} tm-clip`}>{notes.get(key) ?? ""}</span>
        </span>
      )}
    />
  );
}
