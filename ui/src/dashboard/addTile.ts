import { get, patch, post } from "../api/client";
import { projectPath } from "../api/queries";
import type { Dashboard } from "../api/words";
import { withTile } from "./grid";

/** What the dashboard that is made by itself is called; can be read in both languages. */
const FIRST_NAME = "Dashboard";

export const createDashboard = (project: number): Promise<Dashboard> =>
  post<Dashboard>(`${projectPath(project)}/dashboards`, { name: FIRST_NAME, description: "", tiles: [] });

export const saveTiles = (project: number, dashboard: number, tiles: Dashboard["tiles"]): Promise<Dashboard> =>
  patch<Dashboard>(`${projectPath(project)}/dashboards/${dashboard}`, { tiles });

/** Puts an insight on the project's dashboard, which is made when there is none. */
export async function addTile(project: number, insight: number): Promise<Dashboard> {
  const { dashboards } = await get<{ dashboards: Dashboard[] }>(`${projectPath(project)}/dashboards`);
  const dashboard = dashboards[0] ?? (await createDashboard(project));
  return saveTiles(project, dashboard.id, withTile(dashboard.tiles, insight));
}
