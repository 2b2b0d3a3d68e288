import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SqlAnswer } from "../api/sql";
import { chartInk } from "../charts/ink";
import { BarList } from "../charts/BarList";
import type { Line } from "../charts/LineChart";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { Empty } from "../parts/States";
import { PALETTE } from "../theme/palette";
import { useScheme } from "../theme/scheme";
import { chartOf, shortTimes } from "./chartOf";
import classes from "./Result.module.css";

const LineChart = lazy(() => import("../charts/LineChart").then((module) => ({ default: module.LineChart })));
const CHART_PX = 360;

/** The result as a picture: lines, bars over time, or lying bars with names. */
export function ResultChart({ answer, kind }: { answer: SqlAnswer; kind: "line" | "bars" }) {
  const { t } = useTranslation();
  const scheme = useScheme();
  const numbers = useNumbers();
  // Moments are drawn as they are written, in whatever zone the query chose.
  const dates = useDates("UTC");
  const chart = useMemo(() => chartOf(answer), [answer]);
  const lines = useMemo<Line[]>(() => {
    if (typeof chart === "string") return [];
    // By place: names of columns are chosen anew with each query, and no two series of one picture look alike.
    return chart.series.map((one, index) => ({ ...one, colour: PALETTE[scheme][index] ?? "" }));
  }, [chart, scheme]);
  const labels = typeof chart === "string" ? [] : chart.labels;
  const timed = typeof chart !== "string" && chart.timed;
  const short = useMemo(
    () => (timed ? shortTimes(labels, (utc) => dates.bucketShort({ label: utc, start_utc: utc }, "day")) : labels),
    [timed, labels, dates],
  );
  if (typeof chart === "string") {
    return (
      <Empty icon="trends" title={t("sql.noChart")}>
        {t(`sql.noChartWhy.${chart}`)}
      </Empty>
    );
  }
  const summary = t(kind === "line" ? "sql.lineSummary" : "sql.barSummary", {
    names: lines.map((line) => line.name).join(", "),
    points: numbers.full(labels.length),
  });
  const left = [
    chart.placesLeft > 0 && t(timed ? "sql.pointsLeft" : "sql.placesLeft", { shown: numbers.full(labels.length), left: numbers.full(chart.placesLeft) }),
    chart.seriesLeft > 0 && t("sql.seriesLeft", { shown: lines.length, left: numbers.full(chart.seriesLeft) }),
  ].filter((one) => one !== false);
  return (
    <div className={classes.chart}>
      {kind === "bars" && !timed ? (
        <BarList bars={lines} labels={labels} summary={summary} formatValue={numbers.full} />
      ) : (
        <Suspense fallback={<div style={{ height: CHART_PX }} />}>
          <LineChart
            lines={lines}
            shortLabels={short}
            longLabels={labels}
            completeUntil={labels.length}
            form={kind === "bars" ? "bars" : "lines"}
            height={CHART_PX}
            summary={summary}
            formatValue={numbers.full}
            formatAxis={numbers.short}
            ink={chartInk(scheme)}
            incompleteNote=""
          />
        </Suspense>
      )}
      <ul className={classes.legend} aria-label={t("insight.legend")}>
        {lines.map((line, index) => (
          <li key={index}>
            <span className={classes.swatch} style={{ background: line.colour }} />
            <span className="tm-clip">{line.name}</span>
          </li>
        ))}
      </ul>
      {left.map((one) => (
        <p key={one} className={classes.left}>
          {one}
        </p>
      ))}
    </div>
  );
}
