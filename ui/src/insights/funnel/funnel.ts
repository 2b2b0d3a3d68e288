/** What the frame must know of funnels. */
import type { FunnelAnswer } from "../../api/words";
import { fittingInterval } from "../../url/range";
import { askableFilters, askableMatch, type Kind, valueName, withRange } from "../frame/kind";
import { FunnelControls } from "./FunnelControls";
import { FunnelEditor } from "./FunnelEditor";
import { FunnelView } from "./FunnelView";
import { sound } from "./sound";
import { stepNames } from "./stepNames";

export const funnel: Kind<"funnel"> = {
  name: "funnel",
  askable: (question) => {
    const { filters, exclusions, ...rest } = question;
    return sound({
      ...rest,
      steps: question.steps.map(askableMatch),
      ...(exclusions ? { exclusions: exclusions.map(askableMatch) } : {}),
      ...askableFilters(filters),
    });
  },
  nothing: (answer: FunnelAnswer) =>
    !(answer.rows ?? []).some((row) => row.steps.some((step) => step.count > 0)) &&
    !answer.time_to_convert?.bins.length &&
    !(answer.trend ?? []).some((bucket) => bucket.entered > 0),
  over: (question, range) => ({
    ...withRange(question, range),
    ...(question.view === "trend" ? { interval: fittingInterval(range) } : {}),
  }),
  nameCell: ({ t, dates, numbers }, question, answer, cell) => {
    const names = stepNames(t, question, answer);
    const value = cell.breakdown_value === undefined ? "" : ` · ${valueName(t, cell.breakdown_value, question.breakdown)}`;
    if (cell.step !== undefined) {
      const name = names[Math.abs(cell.step) - 1];
      if (name === undefined) return undefined;
      return t(cell.step < 0 ? "funnel.droppedAt" : "funnel.reached", { number: Math.abs(cell.step), name }) + value;
    }
    if (cell.bucket === undefined) return undefined;
    const bucket = answer.trend?.[cell.bucket];
    if (bucket) {
      return `${t(cell.converted ? "funnel.converted" : "funnel.entered")} · ${dates.bucketLong(bucket, question.interval ?? "day")}`;
    }
    const bin = answer.time_to_convert?.bins[cell.bucket];
    return bin && t("funnel.tookFrom", { from: numbers.duration(bin.from_s) });
  },
  Editor: FunnelEditor,
  Controls: FunnelControls,
  View: FunnelView,
};
