/** What the frame must know of trends. */
import { type Cell, needsProperty, type SeriesAnswer } from "../../api/words";
import { fittingInterval } from "../../url/range";
import { askableFilters, askableMatch, type Kind, withRange } from "../frame/kind";
import { lineNames } from "./lineNames";
import { TrendsControls } from "./TrendsControls";
import { TrendsEditor } from "./TrendsEditor";
import { TrendsView } from "./TrendsView";

export const trends: Kind<"trends"> = {
  name: "trends",
  askable: (question) => {
    const series = question.series
      .filter((one) => !needsProperty(one.math ?? "total") || one.property)
      .map((one) => {
        const { property, ...rest } = askableMatch(one);
        return property && needsProperty(one.math ?? "total") ? { ...rest, property } : rest;
      });
    if (series.length === 0) return undefined;
    const { filters, ...rest } = question;
    return { ...rest, series, ...askableFilters(filters) };
  },
  nothing: (answer) => answer.series.every((line) => line.sum === 0 && !line.total),
  over: (question, range) => ({ ...withRange(question, range), interval: fittingInterval(range) }),
  nameCell: ({ t, dates }, question, answer, cell) => {
    const at = answer.series.findIndex((line) => isLine(line, cell));
    const name = lineNames(t, question, answer.series)[at];
    const bucket = cell.bucket === undefined ? undefined : answer.buckets[cell.bucket];
    if (name === undefined || (cell.bucket !== undefined && !bucket)) return undefined;
    return `${name} · ${bucket ? dates.bucketLong(bucket, answer.interval) : t("trends.total")}`;
  },
  Editor: TrendsEditor,
  Controls: TrendsControls,
  View: TrendsView,
};

const isLine = (line: SeriesAnswer, cell: Cell): boolean =>
  line.compare_label !== "previous" && line.series === cell.series && (line.breakdown_value ?? undefined) === cell.breakdown_value;
