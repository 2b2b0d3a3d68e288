/** Every number on the page is written here. */
import { useMemo } from "react";
import { useLocale } from "./locale";

export interface NumberFormat {
  /** In full, at most two decimals: 1,00,000 and 12.35. A missing number is a dash. */
  full: (value: number | null | undefined) => string;
  /** Short, for axes and badges: 1.2L in the Indian way. */
  short: (value: number) => string;
  /** Milliseconds with as many decimals as help. */
  milliseconds: (value: number) => string;
  /** A share of 1 as a percentage. */
  percent: (value: number) => string;
  /** Seconds in the two largest units that say something: "3m 20s". */
  duration: (seconds: number | null | undefined) => string;
}

/** What stands where there is no number. */
export const NO_NUMBER = "–";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

function durations(locale: string): (seconds: number) => string {
  const formats = UNITS.map(([unit, length]) => {
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: 0 });
    return { format, length };
  });
  const fine = new Intl.NumberFormat(locale, { style: "unit", unit: "second", unitDisplay: "narrow", maximumFractionDigits: 1 });
  return (seconds) => {
    if (Math.abs(seconds) < 59.95) return fine.format(seconds);
    const at = Math.max(0, formats.findIndex(({ length }) => Math.abs(seconds) >= length));
    const big = formats[at];
    const small = formats[at + 1];
    if (!big || !small) return fine.format(seconds);
    // Rounded to the small unit first, so that 59.9 minutes do not become "59m 60s".
    const whole = Math.round(seconds / small.length) * small.length;
    const rest = Math.round((whole % big.length) / small.length);
    const text = big.format.format(Math.trunc(whole / big.length));
    return rest === 0 ? text : `${text} ${small.format.format(rest)}`;
  };
}

export function numberFormat(locale: string): NumberFormat {
  const full = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const duration = durations(locale);
  return {
    duration: (seconds) => (seconds === null || seconds === undefined ? NO_NUMBER : duration(seconds)),
    full: (value) => (value === null || value === undefined ? NO_NUMBER : full.format(value)),
    short: (value) => (Math.abs(value) < 1000 ? full.format(value) : short.format(value)),
    milliseconds: (value) => fine.format(value),
    percent: (value) => percent.format(value),
  };
}

export function useNumbers(): NumberFormat {
  const locale = useLocale();
  return useMemo(() => numberFormat(locale), [locale]);
}
