/** Every date and time on the page is written here. */
import { useMemo } from "react";
import type { Bucket, Interval } from "../api/words";
import { useLocale } from "./locale";

export interface DateFormat {
  /** Date and time to the second. */
  instant: (utc: string) => string;
  /** Time of the day with milliseconds. */
  time: (utc: string) => string;
  /** The day only. */
  day: (utc: string) => string;
  /** "3 minutes ago". */
  ago: (utc: string, now: number) => string;
  /** A bucket on an axis. */
  bucketShort: (bucket: Bucket, interval: Interval) => string;
  /** A bucket in a table or beside the pointer. */
  bucketLong: (bucket: Bucket, interval: Interval) => string;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function relative(format: Intl.RelativeTimeFormat, seconds: number): string {
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return format.format(-Math.max(0, Math.floor(seconds)), "second");
}

const SHORT: Record<Interval, Intl.DateTimeFormatOptions> = {
  minute: { hour: "2-digit", minute: "2-digit", hour12: false },
  hour: { hour: "2-digit", minute: "2-digit", hour12: false },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
};

const LONG: Record<Interval, Intl.DateTimeFormatOptions> = {
  minute: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false },
  hour: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false },
  day: { weekday: "short", day: "numeric", month: "short" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
};

/** Times are shown in the project's zone, so that two people in two places read the same. */
export function dateFormat(locale: string, timeZone: string): DateFormat {
  const formatter = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (utc: string) => {
      const date = new Date(utc);
      return Number.isNaN(date.getTime()) ? utc : format.format(date);
    };
  };
  const byInterval = (table: Record<Interval, Intl.DateTimeFormatOptions>) => {
    const cache = new Map<Interval, (utc: string) => string>();
    return (bucket: Bucket, interval: Interval) => {
      const format = cache.get(interval) ?? formatter(table[interval]);
      cache.set(interval, format);
      return format(bucket.start_utc);
    };
  };
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    instant: formatter({ dateStyle: "medium", timeStyle: "medium", hour12: false }),
    time: formatter({
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
      hour12: false,
    }),
    day: formatter({ dateStyle: "medium" }),
    ago: (utc, now) => relative(ago, (now - Date.parse(utc)) / 1000),
    bucketShort: byInterval(SHORT),
    bucketLong: byInterval(LONG),
  };
}

export function useDates(timeZone: string): DateFormat {
  const locale = useLocale();
  return useMemo(() => dateFormat(locale, timeZone), [locale, timeZone]);
}
