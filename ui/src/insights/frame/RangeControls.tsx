import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Interval, INTERVALS } from "../../api/words";
import { RangePicker } from "../../parts/RangePicker";
import { fittingInterval } from "../../url/range";
import classes from "./Frame.module.css";
import { type ControlsProps, withRange } from "./kind";

interface Ranged {
  date_from?: string;
  date_to?: string;
  interval?: Interval;
}

interface RangeControlsProps<Question extends Ranged> extends ControlsProps<Question> {
  /** Whether the numbers stand in buckets. A new range then brings the steps that fit it. */
  buckets?: boolean;
  children?: ReactNode;
}

/** Over which time, in which steps. */
export function RangeControls<Question extends Ranged>(props: RangeControlsProps<Question>) {
  const { question, onChange, buckets, children } = props;
  const { t } = useTranslation();
  return (
    <div className={classes.controls}>
      <RangePicker
        range={{ from: question.date_from ?? "-7d", ...(question.date_to ? { to: question.date_to } : {}) }}
        onChange={(range) => {
          const next = withRange(question, range);
          onChange(buckets ? { ...next, interval: fittingInterval(range) } : next);
        }}
      />
      {buckets && (
        <Select
          aria-label={t("insight.interval")}
          className={classes.short}
          data={INTERVALS.map((one) => ({ value: one, label: t(`interval.${one}`) }))}
          value={question.interval ?? "day"}
          allowDeselect={false}
          onChange={(next) => {
            const interval = INTERVALS.find((one) => one === next);
            if (interval) onChange({ ...question, interval });
          }}
        />
      )}
      {children}
    </div>
  );
}
