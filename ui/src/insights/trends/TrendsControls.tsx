import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrendsQuestion } from "../../api/words";
import { Comparison } from "../frame/Comparison";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";
import { DisplaySelect } from "./DisplaySelect";
import { RangeControls } from "../frame/RangeControls";

/** Means over so many points are offered. */
const MEANS = [3, 7, 28];

/** Over which time, in which steps, beside which other time, and whether points are added up or smoothed. */
export function TrendsControls(props: ControlsProps<TrendsQuestion>) {
  const { compare, ...rest } = props.question;
  return (
    <RangeControls {...props} buckets>
      <Comparison
        value={compare}
        onChange={(next) => props.onChange(next ? { ...rest, compare: next } : rest)}
      />
      <Running {...props} />
      <DisplaySelect {...props} />
    </RangeControls>
  );
}

function Running({ question, onChange }: ControlsProps<TrendsQuestion>) {
  const { t } = useTranslation();
  const { cumulative, smoothing, ...rest } = question;
  const means = smoothing && !MEANS.includes(smoothing) ? [...MEANS, smoothing] : MEANS;
  return (
    <Select
      aria-label={t("trends.running.label")}
      className={classes.medium}
      allowDeselect={false}
      value={cumulative ? "sum" : smoothing ? String(smoothing) : "each"}
      data={[
        { value: "each", label: t("trends.running.each") },
        { value: "sum", label: t("trends.running.sum") },
        ...means.map((count) => ({ value: String(count), label: t("trends.running.mean", { count }) })),
      ]}
      onChange={(next) => {
        if (next === "sum") onChange({ ...rest, cumulative: true });
        else if (next === null || next === "each") onChange(rest);
        else onChange({ ...rest, smoothing: Number(next) });
      }}
    />
  );
}
