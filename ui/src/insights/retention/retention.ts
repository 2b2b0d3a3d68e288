/** What the frame must know of retentions. */
import { askableFilters, askableMatch, type Kind, valueName } from "../frame/kind";
import { RetentionControls } from "./RetentionControls";
import { RetentionEditor } from "./RetentionEditor";
import { RetentionView } from "./RetentionView";

export const retention: Kind<"retention"> = {
  name: "retention",
  askable: ({ filters, return_event, ...question }) => ({
    ...question,
    start_event: askableMatch(question.start_event),
    ...(return_event ? { return_event: askableMatch(return_event) } : {}),
    ...askableFilters(filters),
  }),
  nothing: (answer) => answer.rows.every((row) => !row.cells[0]),
  // A retention has a number of intervals, not a first day; the range gives it its end.
  over: ({ date_to: _old, ...question }, range) => ({ ...question, ...(range.to ? { date_to: range.to } : {}) }),
  nameCell: ({ t, dates }, question, answer, { row, column, breakdown_value: value }) => {
    const interval = row === undefined ? undefined : answer.intervals[row];
    if (!interval || column === undefined) return undefined;
    const period = question.period ?? "day";
    const name = t("retention.cell", {
      start: dates.bucketLong(interval, period),
      column: t(`retention.column.${period}`, { number: column }),
    });
    return value === undefined ? name : `${name} · ${valueName(t, value, question.breakdown)}`;
  },
  Editor: RetentionEditor,
  Controls: RetentionControls,
  View: RetentionView,
};
