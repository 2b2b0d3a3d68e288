import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrendsQuestion } from "../../api/words";
import { COMPARED_TO } from "../../url/trends";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";

/** Means over so many points are offered. */
const MEANS = [3, 7, 28];

/** Over which time, in which steps, beside which other time, and whether points are added up or smoothed. */
export function TrendsControls(props: ControlsProps<TrendsQuestion>) {
  return (
    <RangeControls {...props} buckets>
      <Comparison {...props} />
      <Running {...props} />
    </RangeControls>
  );
}

function Comparison({ question, onChange }: ControlsProps<TrendsQuestion>) {
  const { t } = useTranslation();
  const to = question.compare?.to;
  const value = question.compare === undefined ? "none" : (to ?? "before");
  const named: string[] = ["none", "before", ...COMPARED_TO];
  return (
    <Select
      aria-label={t("trends.compare.label")}
      className={classes.medium}
      allowDeselect={false}
      value={value}
      data={[
        { value: "none", label: t("trends.compare.none") },
        { value: "before", label: t("trends.compare.before") },
        ...COMPARED_TO.map((one) => ({ value: one, label: t(`trends.compare.${one}`) })),
        // A link may compare to any other time.
        ...(named.includes(value) ? [] : [{ value, label: value }]),
      ]}
      onChange={(next) => {
        const { compare: _old, ...rest } = question;
        if (next === null || next === "none") onChange(rest);
        else onChange({ ...rest, compare: next === "before" ? {} : { to: next } });
      }}
    />
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
