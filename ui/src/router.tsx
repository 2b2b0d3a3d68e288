/** Every screen and its address. Screens behind the shell are fetched when they are first opened. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "./api/errors";
import { meQuery, setupQuery } from "./api/queries";
import type { Me } from "./api/words";
import { isLanguage, setLanguage } from "./i18n/language";
import { DAYS, type Day } from "./homepage/pulse";
import { readNumber, readOneOf, readText } from "./url/read";
import { lastProject } from "./shell/lastProject";
import { PageError, PageLoading, PageMissing } from "./shell/PageStates";
import { Shell } from "./shell/Shell";
import { readEventsLink } from "./url/events";
import { readItemsLink, readSessionsLink } from "./url/reports";
import { readPeopleLink, readPersonLink } from "./url/people";
import { readSqlLink } from "./url/sql";
import { readLink } from "./url/insight";
import { readWebLink } from "./url/web";
import { URLS } from "./url/kinds";

interface Context {
  cache: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: PageMissing });

/** Who is here; sends strangers to the login, and everybody to the set-up while there is no member at all. */
async function whoIsHere(cache: QueryClient, href: string): Promise<Me> {
  try {
    const me = await cache.ensureQueryData(meQuery);
    if (isLanguage(me.member.language)) await setLanguage(me.member.language);
    return me;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const setup = await cache.fetchQuery(setupQuery);
    if (setup.needed) throw redirect({ to: "/setup" });
    throw redirect({ to: "/login", search: href === "/" ? {} : { next: href } });
  }
}

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context, location }) => {
    const me = await whoIsHere(context.cache, location.href);
    const last = lastProject();
    const project = me.projects.find((one) => one.id === last) ?? me.projects[0];
    if (!project) throw redirect({ to: "/setup" });
    const params = { projectId: project.id };
    throw project.has_events
      ? redirect({ to: "/p/$projectId/home", params })
      : redirect({ to: "/p/$projectId/start", params });
  },
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./setup/SetupPage"), "SetupPage"),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = readText(search["next"]);
    // Only a path of this very page: a link must not lead a person elsewhere after their password.
    return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import("./login/LoginPage"), "LoginPage"),
});

const project = createRoute({
  getParentRoute: () => root,
  path: "/p/$projectId",
  params: {
    parse: ({ projectId }) => ({ projectId: Number.parseInt(projectId, 10) }),
    stringify: ({ projectId }) => ({ projectId: String(projectId) }),
  },
  beforeLoad: async ({ context, location }) => {
    await whoIsHere(context.cache, location.href);
  },
  component: Shell,
});

const child = <Path extends string>(path: Path) => ({ getParentRoute: () => project, path });

const projectHome = createRoute({
  ...child("/"),
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/p/$projectId/home", params });
  },
});
const start = createRoute({
  ...child("start"),
  component: lazyRouteComponent(() => import("./start/StartPage"), "StartPage"),
});
const homeScreen = createRoute({
  ...child("home"),
  validateSearch: (search: Record<string, unknown>): { day?: Day } => {
    const day = readOneOf(search["day"], DAYS);
    return day ? { day } : {};
  },
  component: lazyRouteComponent(() => import("./homepage/HomePage"), "HomePage"),
});
const web = createRoute({
  ...child("web"),
  validateSearch: readWebLink,
  component: lazyRouteComponent(() => import("./web/WebPage"), "WebPage"),
});
const live = createRoute({
  ...child("live"),
  validateSearch: (search: Record<string, unknown>): { event?: string; distinct_id?: string; first?: true } => {
    const event = readText(search["event"]);
    const distinctId = readText(search["distinct_id"]);
    return {
      ...(event ? { event } : {}),
      ...(distinctId ? { distinct_id: distinctId } : {}),
      ...(search["first"] === true ? { first: true } : {}),
    };
  },
  component: lazyRouteComponent(() => import("./live/LivePage"), "LivePage"),
});
const events = createRoute({
  ...child("events"),
  validateSearch: readEventsLink,
  component: lazyRouteComponent(() => import("./events/EventsPage"), "EventsPage"),
});
const trends = createRoute({
  ...child("trends"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.trends, search),
  component: lazyRouteComponent(() => import("./insights/trends/TrendsPage"), "TrendsPage"),
});
const funnel = createRoute({
  ...child("funnel"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.funnel, search),
  component: lazyRouteComponent(() => import("./insights/funnel/FunnelPage"), "FunnelPage"),
});
const retention = createRoute({
  ...child("retention"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.retention, search),
  component: lazyRouteComponent(() => import("./insights/retention/RetentionPage"), "RetentionPage"),
});
const lifecycle = createRoute({
  ...child("lifecycle"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.lifecycle, search),
  component: lazyRouteComponent(() => import("./insights/lifecycle/LifecyclePage"), "LifecyclePage"),
});
const stickiness = createRoute({
  ...child("stickiness"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.stickiness, search),
  component: lazyRouteComponent(() => import("./insights/stickiness/StickinessPage"), "StickinessPage"),
});
const paths = createRoute({
  ...child("paths"),
  validateSearch: (search: Record<string, unknown>) => readLink(URLS.paths, search),
  component: lazyRouteComponent(() => import("./insights/paths/PathsPage"), "PathsPage"),
});
const insights = createRoute({
  ...child("insights"),
  component: lazyRouteComponent(() => import("./insights/saved/InsightsPage"), "InsightsPage"),
});
const dashboard = createRoute({
  ...child("dashboard"),
  validateSearch: (search: Record<string, unknown>): { date_from?: string; date_to?: string } => {
    const from = readText(search["date_from"]);
    const to = readText(search["date_to"]);
    return { ...(from ? { date_from: from } : {}), ...(to ? { date_to: to } : {}) };
  },
  component: lazyRouteComponent(() => import("./dashboard/DashboardPage"), "DashboardPage"),
});
const people = createRoute({
  ...child("people"),
  validateSearch: readPeopleLink,
  component: lazyRouteComponent(() => import("./persons/PeoplePage"), "PeoplePage"),
});
const person = createRoute({
  ...child("person"),
  validateSearch: readPersonLink,
  component: lazyRouteComponent(() => import("./persons/PersonPage"), "PersonPage"),
});
const cohorts = createRoute({
  ...child("cohorts"),
  component: lazyRouteComponent(() => import("./cohorts/CohortsPage"), "CohortsPage"),
});
const cohort = createRoute({
  ...child("cohort"),
  validateSearch: (search: Record<string, unknown>): { id?: number; kind?: "list" } => {
    const id = readNumber(search["id"]);
    return id === undefined ? (search["kind"] === "list" ? { kind: "list" } : {}) : { id };
  },
  component: lazyRouteComponent(() => import("./cohorts/CohortPage"), "CohortPage"),
});
const sessions = createRoute({
  ...child("sessions"),
  validateSearch: readSessionsLink,
  component: lazyRouteComponent(() => import("./sessions/SessionsPage"), "SessionsPage"),
});
const items = createRoute({
  ...child("items"),
  validateSearch: readItemsLink,
  component: lazyRouteComponent(() => import("./items/ItemsPage"), "ItemsPage"),
});
const actions = createRoute({
  ...child("actions"),
  component: lazyRouteComponent(() => import("./actions/ActionsPage"), "ActionsPage"),
});
const action = createRoute({
  ...child("action"),
  validateSearch: (search: Record<string, unknown>): { id?: number } => {
    const id = readNumber(search["id"]);
    return id === undefined ? {} : { id };
  },
  component: lazyRouteComponent(() => import("./actions/ActionPage"), "ActionPage"),
});
const sql = createRoute({
  ...child("sql"),
  validateSearch: readSqlLink,
  component: lazyRouteComponent(() => import("./sql/SqlPage"), "SqlPage"),
});
const data = createRoute({
  ...child("data"),
  validateSearch: (search: Record<string, unknown>): { tab?: "properties" | "failed" | "not-kept"; reason?: string } => {
    const tab = (["properties", "failed", "not-kept"] as const).find((one) => one === search["tab"]);
    const reason = readText(search["reason"]);
    return { ...(tab ? { tab } : {}), ...(reason ? { reason } : {}) };
  },
  component: lazyRouteComponent(() => import("./data/DataPage"), "DataPage"),
});
const settings = createRoute({
  ...child("settings"),
  component: lazyRouteComponent(() => import("./settings/SettingsPage"), "SettingsPage"),
});
const members = createRoute({
  ...child("members"),
  component: lazyRouteComponent(() => import("./members/MembersPage"), "MembersPage"),
});
const account = createRoute({
  ...child("account"),
  component: lazyRouteComponent(() => import("./account/AccountPage"), "AccountPage"),
});
const newProject = createRoute({
  ...child("new-app"),
  component: lazyRouteComponent(() => import("./setup/NewProjectPage"), "NewProjectPage"),
});

const tree = root.addChildren([
  home,
  setup,
  login,
  project.addChildren([
    projectHome,
    start,
    homeScreen,
    web,
    live,
    events,
    trends,
    funnel,
    retention,
    lifecycle,
    stickiness,
    paths,
    insights,
    dashboard,
    sessions,
    items,
    actions,
    action,
    people,
    person,
    cohorts,
    cohort,
    sql,
    data,
    settings,
    members,
    account,
    newProject,
  ]),
]);

export function makeRouter(cache: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { cache },
    defaultPreload: "intent",
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: PageMissing,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
