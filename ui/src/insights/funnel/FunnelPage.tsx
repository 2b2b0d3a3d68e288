import { InsightPage } from "../frame/InsightPage";
import { funnel } from "./funnel";

/** Who took which steps, in time. */
export const FunnelPage = () => <InsightPage kind={funnel} />;
