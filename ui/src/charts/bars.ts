/** Bars for uPlot: those of one point stand beside each other. */
import type uPlot from "uplot";

/** How much of a point's place its bars fill together. */
const FILLED = 0.72;
/** A bar that is thinner cannot be seen. */
const BAR_PX_MIN = 1;
/** A bar that is wider looks like a wall. */
const BAR_PX_MAX = 56;

/** Where one of `of` bars begins, counted from the middle of its point, and how wide it is; in pixels. */
export function barPlace(place: number, of: number, pointPx: number): { from: number; width: number } {
  const width = Math.min(Math.max((pointPx * FILLED) / of, BAR_PX_MIN), BAR_PX_MAX);
  return { from: (place - of / 2) * width, width };
}

/** Draws the series as the bar at `place` among `of`. */
export function bars(place: number, of: number): uPlot.Series.PathBuilder {
  return (chart, series, from, to) => {
    const shape = new Path2D();
    const zero = chart.valToPos(0, "y", true);
    const bar = barPlace(place, of, Math.abs(chart.valToPos(1, "x", true) - chart.valToPos(0, "x", true)));
    for (let index = from; index <= to; index++) {
      const value = chart.data[series]?.[index];
      if (value === null || value === undefined) continue;
      const top = chart.valToPos(value, "y", true);
      const left = chart.valToPos(index, "x", true) + bar.from;
      // A gap of a pixel keeps neighbours apart where there is room for one.
      shape.rect(left, Math.min(top, zero), Math.max(bar.width - (bar.width > 4 ? 1 : 0), BAR_PX_MIN), Math.abs(zero - top));
    }
    return { fill: shape };
  };
}
