import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "../../charts/LineChart";
import type { Bucket, TrendsAnswer, TrendsQuestion } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import type { ViewProps } from "../frame/kind";
import { SeriesChart } from "../frame/SeriesChart";
import { useBuckets } from "../frame/useBuckets";
import { useScheme } from "../../theme/scheme";
import { cellOf } from "./cellOf";
import { lineColours, lineNames } from "./lineNames";
import classes from "./Trends.module.css";
import { TrendsTable } from "./TrendsTable";

/** What the number above the picture of a tile takes. */
const TOTAL_PX = 34;

const NONE: readonly Bucket[] = [];

/** The picture of a trend and, below it, the same numbers as a table. */
export function TrendsView({ answer, question, tileHeight, asTable, onOpen }: ViewProps<TrendsQuestion, TrendsAnswer>) {
  const { t } = useTranslation();
  const scheme = useScheme();
  const numbers = useNumbers();
  const { short, long, completeUntil } = useBuckets(answer.buckets, answer.interval, answer.time_zone);
  const earlier = useBuckets(answer.previous_buckets ?? NONE, answer.interval, answer.time_zone);
  // Hours and minutes need their day beside them.
  const before = answer.interval === "hour" || answer.interval === "minute" ? earlier.long : earlier.short;
  const names = useMemo(
    () => lineNames(t, question, answer.series, before.length > 1 ? `${before[0]} – ${before.at(-1)}` : before[0]),
    [t, question, answer, before],
  );
  const colours = useMemo(() => lineColours(question, answer.series, scheme), [question, answer, scheme]);
  const lines = useMemo<Line[]>(
    () => answer.series.map((line, index) => ({ name: names[index] ?? "", colour: colours[index] ?? "", data: line.data })),
    [answer, names, colours],
  );
  const tile = tileHeight !== undefined;
  const only = answer.series.length === 1 ? answer.series[0] : undefined;
  return (
    <>
      {tile && only && !asTable && <div className={classes.tileTotal}>{numbers.full(only.total ?? only.sum)}</div>}
      {!asTable && (
        <SeriesChart
          lines={lines}
          shortLabels={short}
          longLabels={long}
          completeUntil={completeUntil}
          summary={t("trends.summary", { names: names.join(", "), from: long[0], to: long.at(-1), points: long.length })}
          {...(tile ? { tileHeight: tileHeight - (only ? TOTAL_PX : 0) } : {})}
          {...(onOpen
            ? {
                onPick: (at: number, bucket: number) => {
                  const line = answer.series[at];
                  const cell = line && cellOf(question, line, bucket);
                  if (cell) onOpen(cell);
                },
              }
            : {})}
        />
      )}
      {(!tile || asTable) && (
        <TrendsTable {...{ answer, question, names, colours }} labels={long} {...(onOpen ? { onOpen } : {})} />
      )}
    </>
  );
}
