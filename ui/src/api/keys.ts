/** All cache keys in one place, so that what a change touches can be found. */
import type { AnyQuestion, Cell, CohortRule, EventsQuestion, Scope } from "./words";

export const keys = {
  me: ["me"] as const,
  setup: ["setup"] as const,
  members: ["members"] as const,
  tokens: ["tokens"] as const,
  project: (project: number) => ["project", project] as const,
  accessKeys: (project: number) => ["project", project, "keys"] as const,
  catalogue: (project: number) => ["project", project, "catalogue"] as const,
  values: (project: number, property: string, search: string, of: Scope) =>
    ["project", project, "values", of, property, search] as const,
  cohorts: (project: number) => ["project", project, "cohorts"] as const,
  cohort: (project: number, cohort: number) => ["project", project, "cohorts", cohort] as const,
  cohortPeople: (project: number, cohort: number, limit: number) => ["project", project, "cohorts", cohort, "people", limit] as const,
  ruleSize: (project: number, cohort: number, rule: CohortRule) => ["project", project, "cohorts", cohort, "size", rule] as const,
  answer: (project: number, question: AnyQuestion) => ["project", project, "answer", question] as const,
  people: (project: number, question: AnyQuestion, cell: Cell, askedAt: string) =>
    ["project", project, "people", question, cell, askedAt] as const,
  events: (project: number, question: EventsQuestion) => ["project", project, "events", question] as const,
  outcomes: (project: number, days: number) => ["project", project, "outcomes", days] as const,
  actions: (project: number) => ["project", project, "actions"] as const,
  page: (project: number, question: AnyQuestion) => ["project", project, "page", question] as const,
  person: (project: number, id: string) => ["project", project, "person", id] as const,
  failed: (project: number, reason: string | null) => ["project", project, "failed", reason] as const,
  insights: (project: number) => ["project", project, "insights"] as const,
  insight: (project: number, insight: number) => ["project", project, "insights", insight] as const,
  sqlSchema: (project: number) => ["project", project, "sql", "schema"] as const,
  sqlAnswer: (project: number) => ["project", project, "sql", "answer"] as const,
  demo: (project: number) => ["demo", project] as const,
  dashboards: (project: number) => ["project", project, "dashboards"] as const,
};
