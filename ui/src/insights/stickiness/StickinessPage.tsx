import { InsightPage } from "../frame/InsightPage";
import { stickiness } from "./stickiness";

/** On how many days each person was active. */
export const StickinessPage = () => <InsightPage kind={stickiness} />;
