/** What can be read, as options for `useQuery`. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, get } from "./client";
import { armLoginGate } from "./login-gate";
import { keys } from "./keys";
import { readSchema } from "./sql";
import type {
  Actions,
  AnyQuestion,
  Catalogue,
  CatalogueValues,
  Cell,
  Cohort,
  CohortPeople,
  CohortRule,
  Dashboard,
  DemoFill,
  EventsAnswer,
  EventsQuestion,
  FailedEvents,
  Insight,
  InsightAnswers,
  InsightKind,
  InsightQuestions,
  Key,
  Me,
  Member,
  Outcomes,
  PeopleAnswer,
  Person,
  RuleSize,
  Scope,
  SessionsAnswer,
  SessionsQuestion,
  Token,
} from "./words";

/** How long a list of names stays good without asking again. */
const CATALOGUE_STALE_MS = 30_000;

export const projectPath = (project: number): string => `/api/projects/${project}`;

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => get<{ needed: boolean; version: string }>("/api/setup", signal),
});

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }) => {
    const me = await call<Me>("GET", "/api/me", { signal });
    armLoginGate();
    return me;
  },
  staleTime: 60_000,
});

export const membersQuery = queryOptions({
  queryKey: keys.members,
  queryFn: ({ signal }) => get<{ members: Member[] }>("/api/members", signal),
});

export const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  queryFn: ({ signal }) => get<{ tokens: Token[] }>("/api/tokens", signal),
});

export const accessKeysQuery = (project: number) =>
  queryOptions({
    queryKey: keys.accessKeys(project),
    queryFn: ({ signal }) => get<{ keys: Key[] }>(`${projectPath(project)}/keys`, signal),
  });

export const catalogueQuery = (project: number) =>
  queryOptions({
    queryKey: keys.catalogue(project),
    queryFn: ({ signal }) => get<Catalogue>(`${projectPath(project)}/catalogue`, signal),
    staleTime: CATALOGUE_STALE_MS,
  });

export const valuesQuery = (project: number, property: string, search: string, of: Scope) =>
  queryOptions({
    queryKey: keys.values(project, property, search, of),
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ property, search, type: of, limit: "20" });
      return get<CatalogueValues>(`${projectPath(project)}/catalogue/values?${params}`, signal);
    },
    enabled: property !== "",
    staleTime: CATALOGUE_STALE_MS,
    placeholderData: keepPreviousData,
  });

/** The old answer stays while the new one is on its way; a superseded call is cancelled. */
export const askQuery = <Answer>(project: number, question: AnyQuestion) =>
  queryOptions({
    queryKey: keys.answer(project, question),
    queryFn: ({ signal }) => call<Answer>("POST", `${projectPath(project)}/query`, { body: question, signal }),
    placeholderData: keepPreviousData,
  });

/** The same, typed by the kind. */
export const answerQuery = <Kind extends InsightKind>(project: number, question: { kind: Kind } & InsightQuestions[Kind]) =>
  // A kind and its question belong together, which the union of all of them cannot say of one.
  askQuery<InsightAnswers[Kind]>(project, question as unknown as AnyQuestion);

/** Which number is opened: the question, its cell, and the now that the answer was given at. */
export interface OpenedNumber {
  question: AnyQuestion;
  cell: Cell;
  askedAt: string;
}

/** How many people one page of the panel fetches. */
const PEOPLE_PAGE = 50;

export const askPeople = (project: number, opened: OpenedNumber, limit: number, after: string, signal: AbortSignal) =>
  call<PeopleAnswer>("POST", `${projectPath(project)}/people`, {
    body: {
      question: opened.question,
      cell: opened.cell,
      ...(opened.askedAt === "" ? {} : { asked_at: opened.askedAt }),
      limit,
      ...(after === "" ? {} : { after }),
    },
    signal,
  });

export const peopleQuery = (project: number, opened: OpenedNumber) =>
  infiniteQueryOptions({
    queryKey: keys.people(project, opened.question, opened.cell, opened.askedAt),
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => askPeople(project, opened, PEOPLE_PAGE, pageParam, signal),
    getNextPageParam: (page) => page.next,
    // The list belongs to one moment; it does not move while it is read.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const eventsQuery = (project: number, question: EventsQuestion) =>
  infiniteQueryOptions({
    queryKey: keys.events(project, question),
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const page = pageParam === "" ? {} : { after: pageParam };
      return call<EventsAnswer>("POST", `${projectPath(project)}/query`, {
        body: { kind: "events", ...question, ...page },
        signal,
      });
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const actionsQuery = (project: number) =>
  queryOptions({
    queryKey: keys.actions(project),
    queryFn: ({ signal }) => get<Actions>(`${projectPath(project)}/actions`, signal),
  });

/** Sessions, page by page. */
export const sessionsQuery = (project: number, question: SessionsQuestion) =>
  infiniteQueryOptions({
    queryKey: keys.page(project, { kind: "sessions", ...question }),
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const page = pageParam === "" ? {} : { after: pageParam };
      return call<SessionsAnswer>("POST", `${projectPath(project)}/query`, { body: { kind: "sessions", ...question, ...page }, signal });
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const personQuery = (project: number, id: string) =>
  queryOptions({
    queryKey: keys.person(project, id),
    queryFn: ({ signal }) => get<Person>(`${projectPath(project)}/persons/${encodeURIComponent(id)}`, signal),
  });

export const cohortsQuery = (project: number) =>
  queryOptions({
    queryKey: keys.cohorts(project),
    queryFn: ({ signal }) => get<{ cohorts: Cohort[] }>(`${projectPath(project)}/cohorts`, signal),
  });

export const cohortQuery = (project: number, cohort: number) =>
  queryOptions({
    queryKey: keys.cohort(project, cohort),
    queryFn: ({ signal }) => get<Cohort>(`${projectPath(project)}/cohorts/${cohort}`, signal),
  });

/** Who is in a cohort, page by page; of a page of one its size. */
export const cohortPeopleQuery = (project: number, cohort: number, limit: number) =>
  infiniteQueryOptions({
    queryKey: keys.cohortPeople(project, cohort, limit),
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => {
      const params = new URLSearchParams({ limit: String(limit), ...(pageParam ? { after: String(pageParam) } : {}) });
      return get<CohortPeople>(`${projectPath(project)}/cohorts/${cohort}/people?${params}`, signal);
    },
    getNextPageParam: (page) => page.next,
    staleTime: CATALOGUE_STALE_MS,
  });

/** How many a rule takes, before it is saved; `cohort` is 0 for a new one. */
export const ruleSizeQuery = (project: number, cohort: number, rule: CohortRule) =>
  queryOptions({
    queryKey: keys.ruleSize(project, cohort, rule),
    queryFn: ({ signal }) => call<RuleSize>("POST", `${projectPath(project)}/cohorts/size`, { body: { rule, cohort }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const outcomesQuery = (project: number, days: number) =>
  queryOptions({
    queryKey: keys.outcomes(project, days),
    queryFn: ({ signal }) => get<Outcomes>(`${projectPath(project)}/outcomes?days=${days}`, signal),
  });

export const failedQuery = (project: number, reason: string | null) =>
  infiniteQueryOptions({
    queryKey: keys.failed(project, reason),
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const params = new URLSearchParams({ limit: "50" });
      if (reason) params.set("reason", reason);
      if (pageParam) params.set("after", pageParam);
      return get<FailedEvents>(`${projectPath(project)}/failed-events?${params}`, signal);
    },
    getNextPageParam: (page) => page.next,
  });

export const insightsQuery = (project: number) =>
  queryOptions({
    queryKey: keys.insights(project),
    queryFn: ({ signal }) => get<{ insights: Insight[] }>(`${projectPath(project)}/insights`, signal),
  });

export const insightQuery = (project: number, insight: number) =>
  queryOptions({
    queryKey: keys.insight(project, insight),
    queryFn: ({ signal }) => get<Insight>(`${projectPath(project)}/insights/${insight}`, signal),
  });

export const dashboardsQuery = (project: number) =>
  queryOptions({
    queryKey: keys.dashboards(project),
    queryFn: ({ signal }) => get<{ dashboards: Dashboard[] }>(`${projectPath(project)}/dashboards`, signal),
  });

export const sqlSchemaQuery = (project: number) =>
  queryOptions({
    queryKey: keys.sqlSchema(project),
    queryFn: async ({ signal }) => readSchema(await get<unknown>(`${projectPath(project)}/sql/schema`, signal)),
    staleTime: CATALOGUE_STALE_MS,
  });

/** How often a demo that is being filled is asked how far it is. */
const DEMO_ASKED_MS = 1_000;

export const demoQuery = (project: number) =>
  queryOptions({
    queryKey: keys.demo(project),
    queryFn: ({ signal }) => get<DemoFill>(`${projectPath(project)}/demo`, signal),
    refetchInterval: (query) => (query.state.data?.state === "running" ? DEMO_ASKED_MS : false),
    refetchOnWindowFocus: false,
    staleTime: CATALOGUE_STALE_MS,
  });
