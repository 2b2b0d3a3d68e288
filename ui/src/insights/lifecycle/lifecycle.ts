/** What the frame must know of lifecycles. */
import { STATUSES } from "../../api/words";
import { fittingInterval } from "../../url/range";
import { askableFilters, askableMatch, type Kind, withRange } from "../frame/kind";
import { LifecycleControls } from "./LifecycleControls";
import { LifecycleEditor } from "./LifecycleEditor";
import { LifecycleView } from "./LifecycleView";

export const lifecycle: Kind<"lifecycle"> = {
  name: "lifecycle",
  askable: ({ filters, ...question }) => ({
    ...question,
    series: askableMatch(question.series),
    ...askableFilters(filters),
  }),
  nothing: (answer) => STATUSES.every((status) => answer[status].every((count) => count === 0)),
  over: (question, range) => ({ ...withRange(question, range), interval: fittingInterval(range) }),
  nameCell: ({ t, dates }, _question, answer, { status, bucket }) => {
    const at = bucket === undefined ? undefined : answer.buckets[bucket];
    return status && at && `${t(`lifecycle.${status}`)} · ${dates.bucketLong(at, answer.interval)}`;
  },
  Editor: LifecycleEditor,
  Controls: LifecycleControls,
  View: LifecycleView,
};
