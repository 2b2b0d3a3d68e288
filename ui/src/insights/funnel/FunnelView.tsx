import type { FunnelAnswer, FunnelQuestion } from "../../api/words";
import type { ViewProps } from "../frame/kind";
import { StepsView } from "./StepsView";
import { TimeView } from "./TimeView";
import { RateView } from "./RateView";

/** The steps, the times or the rates of a funnel: what the answer brings. */
export function FunnelView(props: ViewProps<FunnelQuestion, FunnelAnswer>) {
  const { rows, time_to_convert: times, trend } = props.answer;
  if (times) return <TimeView {...props} times={times} />;
  if (trend) return <RateView {...props} trend={trend} />;
  return <StepsView {...props} rows={rows ?? []} />;
}
