import { NumberInput } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./Frame.module.css";

interface CountInputProps {
  label: string;
  value: number;
  least: number;
  most: number;
  onChange: (count: number) => void;
}

/** A whole number between two bounds; told when the field is left or Enter is pressed, so that half a number is never asked. */
export function CountInput({ label, value, least, most, onChange }: CountInputProps) {
  const [draft, setDraft] = useState<string | number>(value);
  useEffect(() => setDraft(value), [value]);
  const commit = () => {
    const next = typeof draft === "number" ? Math.min(most, Math.max(least, Math.round(draft))) : value;
    setDraft(next);
    if (next !== value) onChange(next);
  };
  return (
    <NumberInput
      aria-label={label}
      className={classes.count}
      size="sm"
      min={least}
      max={most}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={draft}
      onChange={setDraft}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
