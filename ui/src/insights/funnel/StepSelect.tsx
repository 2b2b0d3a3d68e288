import { Select } from "@mantine/core";
import classes from "../frame/Frame.module.css";

interface StepSelectProps {
  label: string;
  /** From 1. */
  value: number;
  names: readonly string[];
  least: number;
  most: number;
  onChange: (step: number) => void;
}

/** One of the steps. */
export function StepSelect({ label, value, names, least, most, onChange }: StepSelectProps) {
  return (
    <Select
      aria-label={label}
      className={classes.medium}
      allowDeselect={false}
      value={String(value)}
      data={names
        .map((name, at) => ({ value: String(at + 1), label: `${at + 1} ${name}` }))
        .slice(least - 1, most)}
      onChange={(next) => next && onChange(Number(next))}
    />
  );
}
