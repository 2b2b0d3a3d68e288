/** Layers that stand on each other: what is positive grows up from zero, what is negative down. */
import type uPlot from "uplot";
import { barPlace } from "./bars";

export interface Layer {
  /** Where the layer begins and ends at each point. */
  base: number[];
  top: (number | null)[];
}

export function stacked(lines: readonly { data: readonly (number | null)[] }[]): Layer[] {
  const up: number[] = [];
  const down: number[] = [];
  return lines.map(({ data }) => {
    const layer: Layer = { base: [], top: [] };
    data.forEach((value, index) => {
      const pile = (value ?? 0) < 0 ? down : up;
      const base = pile[index] ?? 0;
      layer.base.push(base);
      layer.top.push(value === null ? null : base + value);
      pile[index] = base + (value ?? 0);
    });
    return layer;
  });
}

/** Draws a layer between its base and its top. */
export function layerPath({ base, top }: Layer): uPlot.Series.PathBuilder {
  return (chart, _series, from, to) => {
    const shape = new Path2D();
    const bar = barPlace(0, 1, Math.abs(chart.valToPos(1, "x", true) - chart.valToPos(0, "x", true)));
    for (let index = from; index <= to; index++) {
      const high = top[index];
      const low = base[index] ?? 0;
      if (high === null || high === undefined || high === low) continue;
      const first = chart.valToPos(high, "y", true);
      const second = chart.valToPos(low, "y", true);
      const left = chart.valToPos(index, "x", true) + bar.from;
      const height = Math.abs(second - first);
      // A gap of a pixel keeps layers apart where there is room for one.
      shape.rect(left, Math.min(first, second), Math.max(bar.width - 1, 1), height > 4 ? height - 1 : height);
    }
    return { fill: shape };
  };
}

/** Draws a layer as an area between its base and its top, with a line along the top. A point without a number is 0. */
export function areaPath({ base, top }: Layer): uPlot.Series.PathBuilder {
  return (chart, _series, from, to) => {
    const [fill, stroke] = [new Path2D(), new Path2D()];
    const x = (index: number) => chart.valToPos(index, "x", true);
    const y = (value: number) => chart.valToPos(value, "y", true);
    for (let index = from; index <= to; index++) {
      const high = y(top[index] ?? base[index] ?? 0);
      for (const path of [fill, stroke]) {
        if (index === from) path.moveTo(x(index), high);
        else path.lineTo(x(index), high);
      }
    }
    for (let index = to; index >= from; index--) fill.lineTo(x(index), y(base[index] ?? 0));
    fill.closePath();
    return { fill, stroke };
  };
}
