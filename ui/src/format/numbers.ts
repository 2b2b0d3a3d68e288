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
}

/** What stands where there is no number. */
export const NO_NUMBER = "–";

export function numberFormat(locale: string): NumberFormat {
  const full = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return {
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
