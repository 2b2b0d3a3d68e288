import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { askQuery } from "../../api/queries";
import type {
  AnyQuestion,
  InsightAnswers,
  InsightKind,
  InsightQuestions,
  ReportAnswers,
  ReportKind,
  ReportQuestions,
} from "../../api/words";

/** Clicks that follow each other this fast are one change. */
const PAUSE_MS = 250;

export interface AnswerState<Question, Answer> {
  data: Answer | undefined;
  /** What `data` answers, which may be older than what stands in the editor; undefined before the first answer. */
  asked: Question | undefined;
  error: unknown;
  /** Whether an answer is on its way. */
  busy: boolean;
  /** Whether the answer on the screen belongs to an older question. */
  stale: boolean;
  /** When the answer came, milliseconds since 1970; 0 before the first. */
  answeredAt: number;
  retry: () => void;
}

/** Asks by itself when the question changes; the answer before it stays until the new one is there. */
export const useAnswer = <Kind extends InsightKind>(project: number, kind: Kind, wanted: InsightQuestions[Kind] | undefined) =>
  useAsked<InsightQuestions[Kind], InsightAnswers[Kind]>(project, kind, wanted);

/** The same for a report. */
export const useReport = <Kind extends ReportKind>(project: number, kind: Kind, wanted: ReportQuestions[Kind] | undefined) =>
  useAsked<ReportQuestions[Kind], ReportAnswers[Kind]>(project, kind, wanted);

function useAsked<Question extends object, Answer>(
  project: number,
  kind: AnyQuestion["kind"],
  wanted: Question | undefined,
): AnswerState<Question, Answer> {
  const text = wanted && JSON.stringify({ kind, ...wanted });
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const asked = settled === undefined ? undefined : (JSON.parse(settled) as AnyQuestion & Question);
  const options = askQuery<Answer>(project, asked ?? { kind: "paths", kinds: [] });
  const answer = useQuery({ ...options, queryFn: asked ? (options.queryFn ?? skipToken) : skipToken });
  const pending = text !== undefined && text !== settled;
  // The old picture stays until the new one is there, and so do the names of what it shows.
  const answered = useRef(asked);
  if (answer.data !== undefined && !answer.isPlaceholderData) answered.current = asked;
  return {
    data: answer.data,
    asked: answer.data === undefined ? undefined : answered.current,
    error: answer.isPlaceholderData ? null : answer.error,
    busy: answer.isFetching || pending,
    stale: answer.isPlaceholderData || pending,
    answeredAt: answer.dataUpdatedAt,
    retry: () => void answer.refetch(),
  };
}
