import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ActionRef, CatalogueEvent } from "../api/words";
import { useNumbers } from "../format/numbers";
import classes from "./Picker.module.css";

/** An action as it is offered. */
export interface ActionName {
  id: ActionRef;
  name: string;
}

/** Stands for "all events"; the others have their kind before them, so that no name can be it. */
const ALL = "all";
const EVENT = "e:";
const ACTION = "a:";

interface EventPickerProps {
  label: string;
  /** Null is all events. */
  value: string | null;
  events: readonly CatalogueEvent[];
  onChange: (event: string | null) => void;
  /** Actions that can be picked in place of an event. */
  actions?: readonly ActionName[];
  /** The action that is picked. */
  action?: ActionRef | undefined;
  onAction?: (action: ActionName) => void;
}

/** Picks an event by name, or an action; the events are the catalogue, the most frequent first, with volumes. */
export function EventPicker({ label, value, events, onChange, actions = [], action, onAction }: EventPickerProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const counts = new Map(events.map((event) => [EVENT + event.name, event.count]));
  const names = events.map((event) => event.name);
  if (value !== null && !names.includes(value)) names.unshift(value);
  const offered = actions.map(({ id, name }) => ({ value: ACTION + String(id), label: name }));
  const chosen = action === undefined ? (value === null ? ALL : EVENT + value) : ACTION + String(action);
  // A link may name an action that is gone.
  if (action !== undefined && !offered.some((one) => one.value === chosen)) {
    offered.push({ value: chosen, label: t("actions.nth", { id: String(action) }) });
  }
  const items = [{ value: ALL, label: t("events.all") }, ...names.map((name) => ({ value: EVENT + name, label: name }))];
  return (
    <Select
      aria-label={label}
      data={
        offered.length === 0
          ? items
          : [
              { group: t("nav.events"), items },
              { group: t("nav.actions"), items: offered },
            ]
      }
      value={chosen}
      onChange={(next) => {
        const picked = actions.find(({ id }) => ACTION + String(id) === next);
        if (picked) onAction?.(picked);
        else if (next === ALL || next?.startsWith(EVENT)) onChange(next === ALL ? null : next.slice(EVENT.length));
      }}
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
