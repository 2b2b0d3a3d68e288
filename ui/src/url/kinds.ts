/** How each kind of insight stands in a link. */
import type { InsightKind, InsightQuestions } from "../api/words";
import { funnelUrl } from "./funnel";
import type { InsightUrl } from "./insight";
import { lifecycleUrl } from "./lifecycle";
import { pathsUrl } from "./paths";
import { retentionUrl } from "./retention";
import { stickinessUrl } from "./stickiness";
import { trendsUrl } from "./trends";

export const URLS: { [Kind in InsightKind]: InsightUrl<InsightQuestions[Kind]> } = {
  trends: trendsUrl,
  funnel: funnelUrl,
  retention: retentionUrl,
  lifecycle: lifecycleUrl,
  stickiness: stickinessUrl,
  paths: pathsUrl,
};
