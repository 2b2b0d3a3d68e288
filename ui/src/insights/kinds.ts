/** All kinds of insight, for whoever shows any of them. */
import type { InsightKind } from "../api/words";
import type { Kind } from "./frame/kind";
import { funnel } from "./funnel/funnel";
import { lifecycle } from "./lifecycle/lifecycle";
import { paths } from "./paths/paths";
import { retention } from "./retention/retention";
import { stickiness } from "./stickiness/stickiness";
import { trends } from "./trends/trends";

export const INSIGHTS: { [Name in InsightKind]: Kind<Name> } = { trends, funnel, retention, lifecycle, stickiness, paths };
