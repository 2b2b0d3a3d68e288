/** How often and when, in the rules of cohorts. */
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { COUNT_OPERATORS, type PeriodUnit, PERIOD_UNITS, type Times, type When, type WindowUnit } from "../api/words";
import { CountInput } from "../insights/frame/CountInput";
import classes from "../insights/frame/Frame.module.css";
import { RangePicker } from "../parts/RangePicker";
import { isDay } from "../url/range";
import own from "./Cohorts.module.css";

/** So many units nobody asks for. */
const COUNT_MAX = 10_000;

interface LengthFieldProps<Unit extends WindowUnit> {
  label: string;
  length: { count: number; unit: Unit | WindowUnit };
  units: readonly Unit[];
  onChange: (length: { count: number; unit: Unit }) => void;
}

/** So many units of time. */
export function LengthField<Unit extends WindowUnit>({ label, length, units, onChange }: LengthFieldProps<Unit>) {
  const { t } = useTranslation();
  const unit = units.find((one) => one === length.unit) ?? units[0];
  if (!unit) return null;
  return (
    <span className={own.pair}>
      <CountInput label={label} value={length.count} least={1} most={COUNT_MAX} onChange={(count) => onChange({ count, unit })} />
      <Select
        aria-label={t("cohorts.unitOf", { what: label })}
        className={classes.short}
        allowDeselect={false}
        data={units.map((one) => ({ value: one, label: t(`funnel.unit.${one}`) }))}
        value={unit}
        onChange={(next) => {
          const chosen = units.find((one) => one === next);
          if (chosen) onChange({ count: length.count, unit: chosen });
        }}
      />
    </span>
  );
}

interface WhenFieldProps {
  scope: string;
  when: When | undefined;
  onChange: (when: When) => void;
}

/** In the last days, between dates, or ever. */
export function WhenField({ scope, when = {}, onChange }: WhenFieldProps) {
  const { t } = useTranslation();
  const shape = when.last ? "last" : when.date_from || when.date_to ? "dates" : "ever";
  const label = t("cohorts.whenOf", { scope });
  return (
    <>
      <Select
        aria-label={label}
        className={classes.short}
        allowDeselect={false}
        data={(["last", "dates", "ever"] as const).map((one) => ({ value: one, label: t(`cohorts.when.${one}`) }))}
        value={shape}
        onChange={(next) => {
          if (next === "last") onChange({ last: { count: 30, unit: "day" } });
          else onChange(next === "dates" ? { date_from: "-30d" } : {});
        }}
      />
      {when.last && (
        <LengthField<PeriodUnit>
          label={label}
          length={{ count: when.last.count, unit: when.last.unit ?? "day" }}
          units={PERIOD_UNITS}
          onChange={(last) => onChange({ last })}
        />
      )}
      {shape === "dates" && (
        <RangePicker
          range={{ from: when.date_from ?? "all", ...(when.date_to ? { to: when.date_to } : {}) }}
          onChange={({ from, to }) => onChange({ date_from: from, ...(to && isDay(to) ? { date_to: to } : {}) })}
        />
      )}
    </>
  );
}

interface TimesFieldProps {
  scope: string;
  /** Undefined: at least once. */
  times: Times | undefined;
  onChange: (times: Times | undefined) => void;
}

/** How often something was done. */
export function TimesField({ scope, times, onChange }: TimesFieldProps) {
  const { t } = useTranslation();
  const operator = times?.operator ?? "gte";
  const value = times?.value ?? 1;
  const set = (next: Times) => onChange(next.operator === "gte" && next.value === 1 ? undefined : next);
  return (
    <span className={own.pair}>
      <Select
        aria-label={t("cohorts.operatorOf", { scope })}
        className={classes.short}
        allowDeselect={false}
        data={COUNT_OPERATORS.map((one) => ({ value: one, label: t(`cohorts.times.${one}`) }))}
        value={operator}
        onChange={(next) => {
          const chosen = COUNT_OPERATORS.find((one) => one === next);
          if (chosen) set({ operator: chosen, value });
        }}
      />
      <CountInput label={t("cohorts.timesOf", { scope })} value={value} least={1} most={1_000_000} onChange={(count) => set({ operator, value: count })} />
      <span className={classes.word}>{t("cohorts.timesWord")}</span>
    </span>
  );
}
