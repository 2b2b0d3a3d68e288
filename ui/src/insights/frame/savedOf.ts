import type { Insight, InsightKind, InsightQuestions } from "../../api/words";

/** The question of a saved insight, when it is of this kind. */
export function savedOf<Name extends InsightKind>(name: Name, saved: Insight | undefined): InsightQuestions[Name] | undefined {
  if (saved?.question.kind !== name) return undefined;
  const { kind: _kind, ...question } = saved.question;
  return question as unknown as InsightQuestions[Name];
}
