/** What the frame must know of stickiness. */
import { fittingInterval } from "../../url/range";
import { askableFilters, askableMatch, type Kind, withRange } from "../frame/kind";
import { StickinessControls } from "./StickinessControls";
import { StickinessEditor } from "./StickinessEditor";
import { lineNames, StickinessView } from "./StickinessView";

export const stickiness: Kind<"stickiness"> = {
  name: "stickiness",
  askable: ({ filters, ...question }) => ({
    ...question,
    series: question.series.map(askableMatch),
    ...askableFilters(filters),
  }),
  nothing: (answer) => answer.lines.every((line) => line.persons === 0),
  over: (question, range) => ({ ...withRange(question, range), interval: fittingInterval(range) }),
  nameCell: ({ t }, question, answer, { series, column }) => {
    const name = series === undefined ? undefined : lineNames(t, question, answer)[series];
    if (name === undefined || column === undefined) return undefined;
    return `${name} · ${t(`stickiness.active.${answer.interval}`, { count: column })}`;
  },
  Editor: StickinessEditor,
  Controls: StickinessControls,
  View: StickinessView,
};
