import { InsightPage } from "../frame/InsightPage";
import { paths } from "./paths";

/** What people do one after another. */
export const PathsPage = () => <InsightPage kind={paths} />;
