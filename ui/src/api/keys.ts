/** All cache keys in one place, so that what a change touches can be found. */
import type { Cell, EventsQuestion, InsightQuestion } from "./words";

export const keys = {
  me: ["me"] as const,
  setup: ["setup"] as const,
  members: ["members"] as const,
  tokens: ["tokens"] as const,
  project: (project: number) => ["project", project] as const,
  accessKeys: (project: number) => ["project", project, "keys"] as const,
  catalogue: (project: number) => ["project", project, "catalogue"] as const,
  values: (project: number, property: string, search: string) =>
    ["project", project, "values", property, search] as const,
  answer: (project: number, question: InsightQuestion) => ["project", project, "answer", question] as const,
  people: (project: number, question: InsightQuestion, cell: Cell, askedAt: string) =>
    ["project", project, "people", question, cell, askedAt] as const,
  events: (project: number, question: EventsQuestion) => ["project", project, "events", question] as const,
  outcomes: (project: number, days: number) => ["project", project, "outcomes", days] as const,
  failed: (project: number, reason: string | null) => ["project", project, "failed", reason] as const,
  insights: (project: number) => ["project", project, "insights"] as const,
  insight: (project: number, insight: number) => ["project", project, "insights", insight] as const,
  sqlSchema: (project: number) => ["project", project, "sql", "schema"] as const,
  sqlAnswer: (project: number) => ["project", project, "sql", "answer"] as const,
  demo: (project: number) => ["demo", project] as const,
  dashboards: (project: number) => ["project", project, "dashboards"] as const,
};
