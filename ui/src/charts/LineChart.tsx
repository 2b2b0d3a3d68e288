import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import classes from "./LineChart.module.css";
import { bars } from "./bars";
import { axisStep, splitIncomplete, type Stroke, WHOLE_STEPS, wholeNumbers } from "./lines";
import { barAt, layerAt, nearestLine } from "./pick";
import { areaPath, type Layer, layerPath, stacked } from "./stack";

export interface Line {
  name: string;
  colour: string;
  data: readonly (number | null)[];
}

interface LineChartProps {
  lines: readonly Line[];
  /** One text per point: short for the axis, long beside the pointer. */
  shortLabels: readonly string[];
  longLabels: readonly string[];
  /** From this point on the numbers may still grow; equals the number of points when all are complete. */
  completeUntil: number;
  /** Bars beside each other, bars or areas on each other, instead of lines; all points are then drawn as complete. */
  form?: "lines" | "bars" | "stack" | "area";
  height: number;
  /** What the picture says, for those who do not see it. */
  summary: string;
  formatValue: (value: number | null | undefined) => string;
  formatAxis: (value: number) => string;
  /** Colours of axis text, grid and surface. */
  ink: { text: string; grid: string; surface: string };
  incompleteNote: string;
  /** A click on the picture: which line, at which point. */
  onPick?: (line: number, index: number) => void;
}

const AXIS_FONT = '12px "Telemetry Devanagari", system-ui, sans-serif';

/** A colour without transparency is so long; an area lets the grid shine through. */
const OPAQUE_CHARS = 7;
const AREA_ALPHA = "66";

/** How many lines the box beside the pointer lists. */
const TIP_LINES_MAX = 12;

/** Lines over buckets, drawn by uPlot. Buckets stand at even distances, whatever the calendar did between them. */
export function LineChart(props: LineChartProps) {
  const { lines, shortLabels, longLabels, completeUntil, height, summary, ink, formatAxis, form = "lines" } = props;
  const frame = useRef<HTMLDivElement>(null);
  // A new handler is no reason to draw anew.
  const picked = useRef(props.onPick);
  picked.current = props.onPick;
  const pickable = props.onPick !== undefined;
  const [at, setAt] = useState<{ index: number; left: number; flip: boolean } | null>(null);

  useEffect(() => {
    const host = frame.current;
    if (!host) return;
    const points = shortLabels.length;
    const asBars = form === "bars" || form === "stack";
    const layers = form === "stack" || form === "area" ? stacked(lines) : undefined;
    const split: Stroke[] = layers
      ? layers.map((layer, place) => ({ colour: lines[place]?.colour ?? "", data: layer.top, dashed: false, single: false }))
      : splitIncomplete(lines, asBars ? points : completeUntil);
    /** Half a place beside the first and last bar, a sliver beside the first and last point. */
    const margin = asBars ? 0.55 : 0.15;
    const few = points <= 40;
    const axis = { stroke: ink.text, font: AXIS_FONT, ticks: { show: false } };
    const chart = new uPlot(
      {
        width: host.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
        padding: [12, 22, 0, 0],
        scales: { x: { time: false, range: () => [-margin, Math.max(points - 1, 0) + margin] }, y: { range: rangeFromZero } },
        axes: [
          {
            ...axis,
            size: 32,
            grid: { show: false },
            splits: (self) => axisStep(points, self.width),
            values: (_, splits) => splits.map((split) => shortLabels[split] ?? ""),
          },
          {
            ...axis,
            size: 56,
            grid: { stroke: ink.grid, width: 1 },
            ...(wholeNumbers(lines) ? { incrs: WHOLE_STEPS } : {}),
            values: (_, splits) => splits.map((split) => formatAxis(split)),
          },
        ],
        series: [
          {},
          ...split.map(({ colour, dashed, single }, place) => ({
            stroke: colour,
            width: asBars ? 0 : 2,
            ...(asBars ? { fill: colour, paths: pathOf(layers?.[place], place, split.length) } : {}),
            ...(form === "area" ? areaOf(layers?.[place], colour) : {}),
            ...(dashed ? { dash: [5, 4] } : {}),
            points: { show: !asBars && (few || single), size: points === 1 ? 9 : 5, fill: dashed ? ink.surface : colour },
            spanGaps: false,
          })),
        ],
        hooks: {
          ready: [
            (self) => {
              self.over.addEventListener("click", () => {
                const index = self.cursor.idx;
                if (index === null || index === undefined || index >= points) return;
                const value = self.posToVal(self.cursor.top ?? 0, "y");
                const offset = (self.cursor.left ?? 0) - self.valToPos(index, "x");
                const pointPx = Math.abs(self.valToPos(1, "x") - self.valToPos(0, "x"));
                const line = layers
                  ? layerAt(layers, index, value)
                  : asBars
                    ? barAt(offset, lines.length, pointPx)
                    : nearestLine(lines.map((one) => one.data[index]), value);
                if (line !== undefined) picked.current?.(line, index);
              });
            },
          ],
          setCursor: [
            (self) => {
              const index = self.cursor.idx;
              const left = self.cursor.left ?? -1;
              if (index === null || index === undefined || left < 0) setAt(null);
              else setAt({ index, left: self.valToPos(index, "x") + 56, flip: left > self.width / 2 });
            },
          ],
        },
      },
      [shortLabels.map((_, index) => index), ...split.map((one) => one.data)] as uPlot.AlignedData,
      host,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height }));
    resize.observe(host);
    // A canvas does not wait for a font that is still on its way.
    let gone = false;
    void document.fonts.load(AXIS_FONT, shortLabels[0]).then((fonts) => {
      if (fonts.length > 0 && !gone) chart.redraw(false, true);
    });
    return () => {
      gone = true;
      resize.disconnect();
      chart.destroy();
    };
  }, [lines, shortLabels, completeUntil, height, ink, formatAxis, form]);

  return (
    <figure className={classes.figure} aria-label={summary} role="img">
      <div ref={frame} style={{ height }} data-pickable={pickable || undefined} className={classes.frame} />
      {at && at.index < longLabels.length && (
        <div className={classes.tip} data-flip={at.flip || undefined} style={{ insetInlineStart: at.left }}>
          <div className={classes.tipTitle}>
            {longLabels[at.index]}
            {at.index >= completeUntil && <span className={classes.tipNote}> · {props.incompleteNote}</span>}
          </div>
          {lines.slice(0, TIP_LINES_MAX).map((line, index) => (
            <div key={`${index} ${line.name}`} className={classes.tipRow}>
              <span className={classes.swatch} style={{ background: line.colour }} />
              <span className="tm-clip">{line.name}</span>
              <span className="tm-number">{props.formatValue(line.data[at.index])}</span>
            </div>
          ))}
        </div>
      )}
    </figure>
  );
}

const areaOf = (layer: Layer | undefined, colour: string) =>
  layer ? { fill: colour.slice(0, OPAQUE_CHARS) + AREA_ALPHA, paths: areaPath(layer) } : {};

const pathOf = (layer: Layer | undefined, place: number, of: number) => (layer ? layerPath(layer) : bars(place, of));

/** The axis begins at zero, since a count is a length; it reaches a little above the highest value. */
function rangeFromZero(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  const top = high <= 0 ? (low < 0 ? 0 : 1) : high * 1.08;
  return [Math.min(0, low * 1.08), top];
}
