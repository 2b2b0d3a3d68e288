import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import { trendsQuery } from "../../api/queries";
import type { Filter, TrendsAnswer, TrendsQuestion } from "../../api/words";
import { isComplete } from "../../parts/filters/operators";
import { DEFAULT_TRENDS, linkOf, questionOf } from "../../url/trends";
import { needsProperty } from "../../api/words";

/** Clicks that follow each other this fast are one change. */
const PAUSE_MS = 250;

export interface TrendsState {
  data: TrendsAnswer | undefined;
  error: unknown;
  /** Whether an answer is on its way. */
  busy: boolean;
  /** Whether the answer on the screen belongs to an older question. */
  stale: boolean;
  /** When the answer came, milliseconds since 1970; 0 before the first. */
  answeredAt: number;
  retry: () => void;
}

/** What can be asked already: parts that are still being filled in are left out. Undefined when nothing is left. */
export function askable(question: TrendsQuestion): TrendsQuestion | undefined {
  const complete = (filters: Filter[] | undefined) => filters?.filter(isComplete) ?? [];
  const series = question.series
    .filter((one) => !needsProperty(one.math ?? "total") || one.property)
    .map((one) => {
      const { filters, property, ...rest } = one;
      const kept = complete(filters);
      return {
        ...rest,
        ...(kept.length > 0 ? { filters: kept } : {}),
        ...(property && needsProperty(one.math ?? "total") ? { property } : {}),
      };
    });
  if (series.length === 0) return undefined;
  return questionOf(linkOf({ ...question, series, filters: complete(question.filters) }));
}

/** Asks by itself when the question changes; the answer before it stays until the new one is there. */
export function useTrends(project: number, question: TrendsQuestion | undefined): TrendsState {
  const wanted = question && askable(question);
  const [settled] = useDebouncedValue(wanted && JSON.stringify(wanted), PAUSE_MS);
  const asked = settled === undefined ? undefined : (JSON.parse(settled) as TrendsQuestion);
  const options = trendsQuery(project, asked ?? DEFAULT_TRENDS);
  const answer = useQuery({ ...options, queryFn: asked ? options.queryFn ?? skipToken : skipToken });
  const pending = wanted !== undefined && JSON.stringify(wanted) !== settled;
  return {
    data: answer.data,
    error: answer.isPlaceholderData ? null : answer.error,
    busy: answer.isFetching || pending,
    stale: answer.isPlaceholderData || pending,
    answeredAt: answer.dataUpdatedAt,
    retry: () => void answer.refetch(),
  };
}
