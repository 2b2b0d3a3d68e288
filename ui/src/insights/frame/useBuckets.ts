import { useMemo } from "react";
import type { Bucket, Interval } from "../../api/words";
import { useDates } from "../../format/dates";

/** What the buckets of an answer are called, and from which on they may still grow. */
export function useBuckets(buckets: readonly Bucket[], interval: Interval, timeZone: string) {
  const dates = useDates(timeZone);
  return useMemo(() => {
    const open = buckets.findIndex((bucket) => bucket.incomplete === true);
    return {
      short: buckets.map((bucket) => dates.bucketShort(bucket, interval)),
      long: buckets.map((bucket) => dates.bucketLong(bucket, interval)),
      completeUntil: open === -1 ? buckets.length : open,
    };
  }, [buckets, interval, dates]);
}
