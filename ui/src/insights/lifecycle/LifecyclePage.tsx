import { InsightPage } from "../frame/InsightPage";
import { lifecycle } from "./lifecycle";

/** Who is new, returning, resurrected or gone quiet. */
export const LifecyclePage = () => <InsightPage kind={lifecycle} />;
