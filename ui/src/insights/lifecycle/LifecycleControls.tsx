import type { LifecycleQuestion } from "../../api/words";
import type { ControlsProps } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";

/** Over which time, in which steps. */
export function LifecycleControls(props: ControlsProps<LifecycleQuestion>) {
  return <RangeControls {...props} buckets />;
}
