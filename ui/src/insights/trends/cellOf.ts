import type { Cell, SeriesAnswer, TrendsQuestion } from "../../api/words";

/** The number of a line in a bucket, or over the whole range; undefined where the server lists nobody behind it. */
export function cellOf(question: TrendsQuestion, line: SeriesAnswer, bucket?: number): Cell | undefined {
  if (question.series[line.series]?.math === "unique_session") return undefined;
  return {
    series: line.series,
    ...(bucket === undefined ? {} : { bucket }),
    ...(line.breakdown_value === undefined || line.breakdown_value === null ? {} : { breakdown_value: line.breakdown_value }),
  };
}
