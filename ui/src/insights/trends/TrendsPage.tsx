import { InsightPage } from "../frame/InsightPage";
import { trends } from "./trends";

/** How many, over time. */
export const TrendsPage = () => <InsightPage kind={trends} />;
