import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PERIODS, type RetentionQuestion } from "../../api/words";
import { DEFAULT_INTERVALS, INTERVALS_MAX } from "../../url/retention";
import { isDay } from "../../url/range";
import { CountInput } from "../frame/CountInput";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";

/** How many intervals of which length, and with which day they end. */
export function RetentionControls({ question, onChange }: ControlsProps<RetentionQuestion>) {
  const { t } = useTranslation();
  return (
    <div className={classes.controls}>
      <CountInput
        label={t("retention.intervals")}
        value={question.intervals ?? DEFAULT_INTERVALS}
        least={1}
        most={INTERVALS_MAX}
        onChange={(intervals) => onChange({ ...question, intervals })}
      />
      <Select
        aria-label={t("retention.period.label")}
        className={classes.short}
        data={PERIODS.map((one) => ({ value: one, label: t(`retention.period.${one}`) }))}
        value={question.period ?? "day"}
        allowDeselect={false}
        onChange={(next) => {
          const period = PERIODS.find((one) => one === next);
          if (period) onChange({ ...question, period });
        }}
      />
      <span className={`${classes.word} ${classes.beside}`}>{t("retention.until")}</span>
      <TextInput
        type="date"
        aria-label={t("retention.lastDay")}
        value={isDay(question.date_to) ? question.date_to : ""}
        onChange={(event) => {
          const { date_to: _old, ...rest } = question;
          const day = event.currentTarget.value;
          onChange(day === "" ? rest : { ...rest, date_to: day });
        }}
      />
    </div>
  );
}
