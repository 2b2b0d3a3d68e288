import type { TrendsQuestion } from "../../api/words";
import type { ControlsProps } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";

/** Over which time, in which steps. */
export function TrendsControls(props: ControlsProps<TrendsQuestion>) {
  return <RangeControls {...props} buckets />;
}
