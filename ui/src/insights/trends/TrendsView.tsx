import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrendsAnswer, TrendsQuestion } from "../../api/words";
import type { Line } from "../../charts/LineChart";
import { useDates } from "../../format/dates";
import { useNumbers } from "../../format/numbers";
import { useScheme } from "../../theme/scheme";
import { chartInk } from "../../charts/ink";
import { lineColours, lineNames } from "./lineNames";
import classes from "./Trends.module.css";
import { TrendsTable } from "./TrendsTable";

const LineChart = lazy(() => import("../../charts/LineChart").then((module) => ({ default: module.LineChart })));

interface TrendsViewProps {
  answer: TrendsAnswer;
  question: TrendsQuestion;
  /** In a tile: the picture fills it and the table is left out. */
  tileHeight?: number;
}

/** The picture of a trend and, below it, the same numbers as a table. */
export function TrendsView({ answer, question, tileHeight }: TrendsViewProps) {
  const { t } = useTranslation();
  const scheme = useScheme();
  const numbers = useNumbers();
  const dates = useDates(answer.time_zone);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const names = useMemo(() => lineNames(t, question, answer.series), [t, question, answer]);
  const colours = useMemo(() => lineColours(question, answer.series, scheme), [question, answer, scheme]);
  const lines = useMemo<Line[]>(
    () =>
      answer.series
        .map((line, index) => ({ name: names[index] ?? "", colour: colours[index] ?? "", data: line.data }))
        .filter((line) => !hidden.has(line.name)),
    [answer, names, colours, hidden],
  );
  const short = useMemo(() => answer.buckets.map((b) => dates.bucketShort(b, answer.interval)), [answer, dates]);
  const long = useMemo(() => answer.buckets.map((b) => dates.bucketLong(b, answer.interval)), [answer, dates]);
  const open = answer.buckets.findIndex((bucket) => bucket.incomplete === true);
  const summary = t("trends.summary", {
    names: names.join(", "),
    from: long[0],
    to: long.at(-1),
    points: answer.buckets.length,
  });
  const toggle = (name: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  return (
    <>
      <div className={tileHeight ? classes.tileChart : classes.chart}>
        <Suspense fallback={<div style={{ height: tileHeight ?? CHART_PX }} />}>
          <LineChart
            lines={lines}
            shortLabels={short}
            longLabels={long}
            completeUntil={open === -1 ? answer.buckets.length : open}
            height={tileHeight ?? CHART_PX}
            summary={summary}
            formatValue={numbers.full}
            formatAxis={numbers.short}
            ink={chartInk(scheme)}
            incompleteNote={t("trends.growing")}
          />
        </Suspense>
      </div>
      {(answer.series.length > 1 || tileHeight === undefined) && (
        <ul className={`${classes.legend} ${tileHeight === undefined ? "" : classes.legendRow}`} aria-label={t("trends.legend")}>
          {answer.series.map((_, index) => {
            const name = names[index] ?? "";
            return (
              <li key={name}>
                <button
                  type="button"
                  className={classes.legendItem}
                  aria-pressed={!hidden.has(name)}
                  onClick={() => toggle(name)}
                >
                  <span className={classes.swatch} style={{ background: colours[index] }} />
                  <span className="tm-clip">{name}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {tileHeight === undefined && <TrendsTable answer={answer} names={names} colours={colours} labels={long} />}
    </>
  );
}

const CHART_PX = 320;
