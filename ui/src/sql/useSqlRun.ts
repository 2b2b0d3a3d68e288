import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { call } from "../api/client";
import { keys } from "../api/keys";
import { projectPath } from "../api/queries";
import { readAnswer, type SqlAnswer } from "../api/sql";

/** How many rows come to the page; more than a person scrolls through, less than a phone's memory minds. */
export const ROWS_SHOWN_MAX = 10_000;
/** How long an answer waits for a member who went to another screen. */
const KEPT_MS = 10 * 60_000;

/** An answer with the query that it answers. */
export interface Answered {
  sql: string;
  answer: SqlAnswer;
}

export interface SqlRun {
  /** The last answer, also while the next one is on its way or after a failure. */
  last: Answered | undefined;
  /** Why the last try failed. */
  error: unknown;
  /** Whether the last try was cancelled by the member. */
  cancelled: boolean;
  /** Since when a query runs, milliseconds since 1970; undefined when none does. */
  since: number | undefined;
  run: (sql: string) => void;
  cancel: () => void;
}

type Try = { error?: unknown; cancelled?: true; since?: number };

/**
 * Runs one query at a time. A newer one, a cancel and leaving the page close the connection, upon which the server
 * kills the query.
 */
export function useSqlRun(project: number, onEnd: (sql: string, rows: number | undefined) => void): SqlRun {
  const cache = useQueryClient();
  const kept = useQuery<Answered>({ queryKey: keys.sqlAnswer(project), queryFn: skipToken, staleTime: Infinity, gcTime: KEPT_MS });
  const [now, set] = useReducer((_: Try, next: Try) => next, {});
  const stop = useRef<AbortController | null>(null);
  const ended = useRef(onEnd);
  useEffect(() => {
    ended.current = onEnd;
  });
  useEffect(() => () => stop.current?.abort(), []);

  const run = useCallback(
    (sql: string) => {
      stop.current?.abort();
      const mine = new AbortController();
      stop.current = mine;
      set({ since: Date.now() });
      const asked = call<unknown>("POST", `${projectPath(project)}/sql`, {
        body: { sql, rows_max: ROWS_SHOWN_MAX },
        signal: mine.signal,
      });
      void asked.then(
        (body) => {
          if (mine.signal.aborted) return;
          const answer = readAnswer(body);
          cache.setQueryData<Answered>(keys.sqlAnswer(project), { sql, answer });
          set({});
          ended.current(sql, answer.rows.length);
        },
        (error: unknown) => {
          if (mine.signal.aborted) return;
          set({ error });
          ended.current(sql, undefined);
        },
      );
    },
    [cache, project],
  );
  const cancel = useCallback(() => {
    stop.current?.abort();
    set({ cancelled: true });
  }, []);
  return { last: kept.data, error: now.error, cancelled: now.cancelled === true, since: now.since, run, cancel };
}
