import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "../api/keys";
import { dashboardsQuery, insightsQuery } from "../api/queries";
import { atLeast, type Dashboard, type Tile } from "../api/words";
import { Page } from "../parts/Page";
import { Empty, ErrorPanel, LoadingRows } from "../parts/States";
import { useAction } from "../parts/useAction";
import { useMe, useProject } from "../shell/useProject";
import { createDashboard, saveTiles } from "./addTile";
import { DashboardView } from "./DashboardView";

/** The project's dashboard; made by the first visit. */
export function DashboardPage() {
  const { t } = useTranslation();
  const project = useProject();
  const mayWrite = atLeast(useMe().member.role, "member");
  const cache = useQueryClient();
  const navigate = useNavigate({ from: "/p/$projectId/dashboard" });
  const search = useSearch({ from: "/p/$projectId/dashboard" });
  const dashboards = useQuery(dashboardsQuery(project.id));
  const insights = useQuery(insightsQuery(project.id));
  const dashboard = dashboards.data?.dashboards[0];

  const put = (next: Dashboard): void => {
    cache.setQueryData<{ dashboards: Dashboard[] }>(keys.dashboards(project.id), (now) => ({
      dashboards: [next, ...(now?.dashboards ?? []).filter((one) => one.id !== next.id)],
    }));
  };
  const create = useAction({ quiet: true, run: () => createDashboard(project.id), onDone: put });
  const save = useAction({
    run: (tiles: Tile[]) => saveTiles(project.id, dashboard?.id ?? 0, tiles),
    touches: [keys.dashboards(project.id)],
  });
  const missing = dashboards.data !== undefined && dashboard === undefined && mayWrite;
  const { mutate: make, isIdle } = create;
  useEffect(() => {
    if (missing && isIdle) make(undefined);
  }, [missing, isIdle, make]);

  const error = dashboards.error ?? insights.error ?? create.error;
  if (error && (!dashboard || !insights.data)) {
    return (
      <Page title={t("nav.dashboard")}>
        <ErrorPanel
          error={error}
          onRetry={() => (create.reset(), void dashboards.refetch(), void insights.refetch())}
        />
      </Page>
    );
  }
  if (dashboards.data && !dashboard && !mayWrite) {
    return (
      <Page title={t("nav.dashboard")}>
        <Empty icon="dashboard" title={t("dashboard.none")} />
      </Page>
    );
  }
  if (!dashboard || !insights.data) {
    return (
      <Page title={t("nav.dashboard")}>
        <LoadingRows rows={6} height={40} />
      </Page>
    );
  }
  return (
    <DashboardView
      projectId={project.id}
      dashboard={dashboard}
      insights={insights.data.insights}
      {...(search.date_from
        ? { range: { from: search.date_from, ...(search.date_to ? { to: search.date_to } : {}) } }
        : {})}
      mayWrite={mayWrite}
      onRange={(range) =>
        void navigate({
          search: range ? { date_from: range.from, ...(range.to ? { date_to: range.to } : {}) } : {},
        })
      }
      onTiles={(tiles) => {
        put({ ...dashboard, tiles });
        save.mutate(tiles);
      }}
    />
  );
}
