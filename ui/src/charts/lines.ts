/** The arithmetic of a line chart, apart from its pixels. */

interface Named {
  colour: string;
  data: readonly (number | null)[];
}

export interface Stroke {
  colour: string;
  data: (number | null)[];
  /** Whether it leads to points that may still grow. */
  dashed: boolean;
  /** Whether it holds one point only, which no line would show. */
  single: boolean;
}

/**
 * Cuts each line in two strokes: up to the last complete point, and from there on dashed. The dashed one begins at the
 * last complete point, so that the line does not break. Lines without incomplete points stay one stroke.
 */
export function splitIncomplete(lines: readonly Named[], completeUntil: number): Stroke[] {
  return lines.flatMap(({ colour, data }) => {
    const solid = data.map((value, index) => (index < completeUntil ? value : null));
    const rest = data.map((value, index) => (index >= completeUntil - 1 ? value : null));
    const single = (values: (number | null)[]) => values.filter((value) => value !== null).length === 1;
    const stroke = (values: (number | null)[], dashed: boolean): Stroke => ({
      colour,
      data: values,
      dashed,
      single: single(values),
    });
    if (completeUntil >= data.length) return [stroke(solid, false)];
    return [stroke(solid, false), stroke(rest, true)];
  });
}

/** A label on the axis needs about this much room. */
const LABEL_PX = 76;
/** The number axis takes this much of the width. */
const AXIS_PX = 72;

/** Which points carry a label, so that labels do not touch; counted from the last point, which always has one. */
export function axisStep(points: number, width: number): number[] {
  const room = Math.max(1, Math.floor((width - AXIS_PX) / LABEL_PX));
  const step = Math.max(1, Math.ceil(points / room));
  const marked: number[] = [];
  for (let index = points - 1; index >= 0; index -= step) marked.unshift(index);
  return marked;
}

/** Steps of the number axis where half an event would make no sense: 1, 2, 5, 10, 20, 50… */
export const WHOLE_STEPS: number[] = Array.from({ length: 14 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat();

export const wholeNumbers = (lines: readonly Pick<Named, "data">[]): boolean =>
  lines.every((line) => line.data.every((value) => value === null || Number.isInteger(value)));
