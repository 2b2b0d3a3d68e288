import type { Cell, SeriesAnswer, TrendsQuestion } from "../../api/words";

/** The number of a line in a bucket, or over the whole range; undefined where the server lists nobody behind it. */
export function cellOf(question: TrendsQuestion, line: SeriesAnswer, bucket?: number): Cell | undefined {
  const listed =
    line.compare_label !== "previous" &&
    !question.formula &&
    !question.cumulative &&
    (question.smoothing ?? 1) <= 1 &&
    question.series[line.series]?.math !== "unique_session";
  if (!listed) return undefined;
  return {
    series: line.series,
    ...(bucket === undefined ? {} : { bucket }),
    ...(line.breakdown_value === undefined || line.breakdown_value === null ? {} : { breakdown_value: line.breakdown_value }),
  };
}
