import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import { failedQuery, outcomesQuery, projectPath } from "../api/queries";
import type { Project, RetryResult } from "../api/words";
import { useNumbers } from "../format/numbers";
import { Loaded } from "../parts/States";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { FailedView, type RetryWhich } from "./FailedView";

interface FailedTabProps {
  project: Project;
  /** Only this reason; null: all. */
  reason: string | null;
  onReason: (reason: string | null) => void;
}

/** Failed events have a life of seven days, in which they can be read and tried again. */
const DAYS = 7;

export function FailedTab({ project, reason, onReason }: FailedTabProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const failed = useInfiniteQuery(failedQuery(project.id, reason));
  const outcomes = useQuery(outcomesQuery(project.id, DAYS));
  const retry = useAction({
    touches: [keys.project(project.id)],
    run: (which: RetryWhich) => post<RetryResult>(`${projectPath(project.id)}/failed-events/retry`, which),
    onDone: (result) =>
      showToast({
        text: t("data.retried", {
          tried: numbers.full(result.tried),
          stored: numbers.full(result.stored + result.duplicate),
          failed: numbers.full(result.failed + result.not_kept),
        }),
        bad: result.stored + result.duplicate === 0 && result.tried > 0,
      }),
  });
  const reasons = outcomes.data?.reasons.filter((one) => one.outcome === "failed").map((one) => one.reason) ?? [];
  return (
    <Loaded query={failed}>
      {(data) => (
        <FailedView
          rows={data.pages.flatMap((page) => page.failed)}
          timeZone={project.time_zone}
          reasons={[...new Set(reasons)]}
          reason={reason}
          onReason={onReason}
          retrying={retry.isPending}
          onRetry={(which) => retry.mutate(which)}
          {...(failed.hasNextPage ? { onMore: () => void failed.fetchNextPage() } : {})}
        />
      )}
    </Loaded>
  );
}
