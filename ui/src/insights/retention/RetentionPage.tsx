import { InsightPage } from "../frame/InsightPage";
import { retention } from "./retention";

/** Who came back, and when. */
export const RetentionPage = () => <InsightPage kind={retention} />;
