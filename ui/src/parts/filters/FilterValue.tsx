import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogueProperty, Filter, Scope } from "../../api/words";
import classes from "./Filters.module.css";
import { operatorOf, shapeOf, typedValue } from "./operators";

/** Suggests values of a property; the page gives one that asks the catalogue. */
export type ValuesHook = (property: string, search: string, of?: Scope) => readonly string[];

interface FilterValueProps {
  label: string;
  filter: Filter;
  property: CatalogueProperty | undefined;
  useValues: ValuesHook;
  onChange: (value: unknown) => void;
}

const asTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

/** The value of a filter, typed in the way that its operator needs. */
export function FilterValue({ label, filter, property, useValues, onChange }: FilterValueProps) {
  const { t } = useTranslation();
  const shape = shapeOf(operatorOf(filter), property);
  if (shape === "none") return null;
  if (shape === "list") {
    return <ValueList {...{ label, filter, property, useValues, onChange }} />;
  }
  if (shape === "truth") {
    return (
      <Select
        aria-label={label}
        className={classes.value}
        data={["true", "false"]}
        value={filter.value === undefined ? null : String(filter.value)}
        onChange={(next) => onChange(next === null ? undefined : next === "true")}
      />
    );
  }
  if (shape === "pair") {
    const [low, high] = Array.isArray(filter.value) ? (filter.value as unknown[]) : [];
    return (
      <>
        <NumberValue label={t("filter.low", { label })} value={low} onChange={(next) => onChange([next ?? "", high ?? ""])} />
        <NumberValue label={t("filter.high", { label })} value={high} onChange={(next) => onChange([low ?? "", next ?? ""])} />
      </>
    );
  }
  if (shape === "number") return <NumberValue label={label} value={filter.value} onChange={onChange} />;
  return (
    <TextValue
      label={label}
      type={shape === "date" ? "date" : "text"}
      value={filter.value === undefined ? "" : String(filter.value)}
      onChange={(text) => onChange(text === "" ? undefined : text)}
    />
  );
}

function ValueList({ label, filter, property, useValues, onChange }: FilterValueProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const suggestions = useValues(filter.property ?? "", search, filter.type === "person" ? "person" : "event");
  const chosen = asTexts(filter.value);
  return (
    <TagsInput
      aria-label={label}
      className={classes.value}
      data={[...suggestions]}
      value={chosen}
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      maxDropdownHeight={280}
      comboboxProps={{ width: 280, position: "bottom-start" }}
      classNames={{ inputField: classes.field }}
      {...(chosen.length === 0 ? { placeholder: t("filter.value") } : {})}
      onChange={(texts) => {
        const typed = texts.map((text) => typedValue(text, property));
        onChange(typed.length === 0 ? undefined : typed.length === 1 ? typed[0] : typed);
      }}
    />
  );
}

function NumberValue({ label, value, onChange }: { label: string; value: unknown; onChange: (next: unknown) => void }) {
  return (
    <NumberInput
      aria-label={label}
      className={classes.number}
      size="sm"
      hideControls
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
    />
  );
}

/** Commits on Enter and when the field is left, so that half a word is never asked. */
function TextValue(props: { label: string; type: "text" | "date"; value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(props.value);
  const commit = () => draft !== props.value && props.onChange(draft);
  return (
    <TextInput
      aria-label={props.label}
      className={classes.value}
      type={props.type}
      placeholder={t("filter.value")}
      value={draft}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        if (props.type === "date") props.onChange(event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
