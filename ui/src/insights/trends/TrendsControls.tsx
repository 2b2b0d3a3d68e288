import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { INTERVALS, type TrendsQuestion } from "../../api/words";
import { RangePicker } from "../../parts/RangePicker";
import { fittingInterval } from "../../url/range";
import classes from "./Trends.module.css";

interface TrendsControlsProps {
  question: TrendsQuestion;
  onChange: (question: TrendsQuestion) => void;
}

/** Over which time, in which steps. A new range brings the steps that fit it. */
export function TrendsControls({ question, onChange }: TrendsControlsProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.controls}>
      <RangePicker
        range={{ from: question.date_from ?? "-7d", ...(question.date_to ? { to: question.date_to } : {}) }}
        onChange={(range) => {
          const { date_to: _old, ...rest } = question;
          onChange({
            ...rest,
            date_from: range.from,
            ...(range.to ? { date_to: range.to } : {}),
            interval: fittingInterval(range),
          });
        }}
      />
      <Select
        aria-label={t("trends.interval")}
        className={classes.interval}
        data={INTERVALS.map((one) => ({ value: one, label: t(`interval.${one}`) }))}
        value={question.interval ?? "day"}
        allowDeselect={false}
        onChange={(next) => {
          const interval = INTERVALS.find((one) => one === next);
          if (interval) onChange({ ...question, interval });
        }}
      />
    </div>
  );
}
