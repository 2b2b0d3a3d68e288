import type { Insight } from "../../api/words";

/** The screen that shows an insight's kind. */
export const screenOf = ({ question }: Insight) =>
  `/p/$projectId/${question.kind === "events" ? "trends" : question.kind}` as const;
