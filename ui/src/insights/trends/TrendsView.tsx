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
import { TrendsNumbers } from "./TrendsNumbers";
import { TrendsTable } from "./TrendsTable";

/** What the number above the picture of a tile takes. */
const TOTAL_PX = 34;

const NONE: readonly Bucket[] = [];

const FORMS = { line: "lines", bar: "bars", stacked: "stack", area: "area", table: "lines", number: "lines" } as const;

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
  const display = question.display ?? "line";
  const piled = display === "stacked" || display === "area";
  // What stands on each other is of one period: the other one is in the table.
  const drawn = useMemo(
    () => answer.series.map((_, at) => at).filter((at) => !piled || answer.series[at]?.compare_label !== "previous"),
    [answer, piled],
  );
  const drawnLines = useMemo(() => drawn.flatMap((at) => lines[at] ?? []), [drawn, lines]);
  const onPick =
    onOpen &&
    ((at: number, bucket: number) => {
      const line = answer.series[drawn[at] ?? -1];
      const cell = line && cellOf(question, line, bucket);
      if (cell) onOpen(cell);
    });
  const table = asTable || display === "table";
  if (display === "number" && !asTable) {
    return <TrendsNumbers {...{ answer, question, names, colours }} {...(onOpen ? { onOpen } : {})} />;
  }
  return (
    <>
      {tile && only && !table && <div className={classes.tileTotal}>{numbers.full(only.total ?? only.sum)}</div>}
      {!table && (
        <SeriesChart
          lines={drawnLines}
          shortLabels={short}
          longLabels={long}
          completeUntil={completeUntil}
          form={FORMS[display]}
          summary={t(display === "line" ? "trends.summary" : "trends.summaryOther", {
            names: drawnLines.map(({ name }) => name).join(", "),
            from: long[0],
            to: long.at(-1),
            points: long.length,
            display: t(`trends.display.${display}`),
          })}
          {...(tile ? { tileHeight: tileHeight - (only ? TOTAL_PX : 0) } : {})}
          {...(onPick ? { onPick } : {})}
        />
      )}
      {(!tile || table) && (
        <TrendsTable {...{ answer, question, names, colours }} labels={long} {...(onOpen ? { onOpen } : {})} />
      )}
    </>
  );
}
