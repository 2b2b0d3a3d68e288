/** Which line of a chart a click means. */
import { barPlace } from "./bars";
import type { Layer } from "./stack";

/** The line whose value is nearest; undefined where no line has one. */
export function nearestLine(values: readonly (number | null | undefined)[], value: number): number | undefined {
  let best: number | undefined;
  values.forEach((one, index) => {
    if (one === null || one === undefined) return;
    const before = best === undefined ? undefined : values[best];
    if (before === null || before === undefined || Math.abs(one - value) < Math.abs(before - value)) best = index;
  });
  return best;
}

/** The bar among `of` at so many pixels right of its point's middle; the outer ones reach to the end of the place. */
export function barAt(offsetPx: number, of: number, pointPx: number): number {
  const { width } = barPlace(0, of, pointPx);
  return Math.min(of - 1, Math.max(0, Math.floor(offsetPx / width + of / 2)));
}

/** The layer that holds `value` at a point. */
export function layerAt(layers: readonly Layer[], index: number, value: number): number | undefined {
  const found = layers.findIndex(({ base, top }) => {
    const ends = [base[index] ?? 0, top[index] ?? base[index] ?? 0];
    return Math.min(...ends) <= value && value <= Math.max(...ends) && ends[0] !== ends[1];
  });
  return found === -1 ? undefined : found;
}
