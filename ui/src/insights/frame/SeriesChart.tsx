import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { chartInk } from "../../charts/ink";
import type { Line } from "../../charts/LineChart";
import { useNumbers } from "../../format/numbers";
import { useScheme } from "../../theme/scheme";
import classes from "./Frame.module.css";

const LineChart = lazy(() => import("../../charts/LineChart").then((module) => ({ default: module.LineChart })));

const CHART_PX = 320;
/** What the legend takes from the height of a tile. */
const LEGEND_PX = 34;

interface SeriesChartProps {
  lines: readonly Line[];
  shortLabels: readonly string[];
  longLabels: readonly string[];
  /** From this point on the numbers may still grow; absent: all are complete. */
  completeUntil?: number;
  form?: "lines" | "bars" | "stack" | "area";
  summary: string;
  tileHeight?: number;
  formatValue?: (value: number | null | undefined) => string;
  formatAxis?: (value: number) => string;
  /** A click on the picture: the position in `lines`, and the point. */
  onPick?: (line: number, index: number) => void;
}

/** A picture of series with a legend in which they are hidden and shown. */
export function SeriesChart(props: SeriesChartProps) {
  const { lines, shortLabels, longLabels, completeUntil, form, tileHeight, summary, onPick } = props;
  const { t } = useTranslation();
  const scheme = useScheme();
  const numbers = useNumbers();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => lines.filter((line) => !hidden.has(line.name)), [lines, hidden]);
  const toggle = (name: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const tile = tileHeight !== undefined;
  const legend = lines.length > 1 || !tile;
  const height = tile ? tileHeight - (legend ? LEGEND_PX : 0) : CHART_PX;
  return (
    <>
      <div className={tile ? classes.tileChart : classes.chart}>
        <Suspense fallback={<div style={{ height }} />}>
          <LineChart
            lines={shown}
            {...{ shortLabels, longLabels, height, summary }}
            completeUntil={completeUntil ?? shortLabels.length}
            {...(form ? { form } : {})}
            formatValue={props.formatValue ?? numbers.full}
            formatAxis={props.formatAxis ?? numbers.short}
            ink={chartInk(scheme)}
            incompleteNote={t("insight.growing")}
            {...(onPick
              ? {
                  onPick: (line: number, index: number) => {
                    const picked = shown[line];
                    if (picked) onPick(lines.indexOf(picked), index);
                  },
                }
              : {})}
          />
        </Suspense>
      </div>
      {legend && (
        <ul className={`${classes.legend} ${tile ? classes.legendRow : ""}`} aria-label={t("insight.legend")}>
          {lines.map(({ name, colour }) => (
            <li key={name}>
              <button
                type="button"
                className={classes.legendItem}
                aria-pressed={!hidden.has(name)}
                onClick={() => toggle(name)}
              >
                <span className={classes.swatch} style={{ background: colour }} />
                <span className="tm-clip">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
