import { useCallback, useRef, useState } from "react";
import { forget, type Past, readHistory, remember, writeHistory } from "./history";

export interface History {
  past: readonly Past[];
  add: (entry: Past) => void;
  remove: (sql: string) => void;
  clear: () => void;
  /** Takes a clearing back. */
  restore: (past: readonly Past[]) => void;
}

/** The last queries, kept between visits. Another tab may have added some, so each change begins from what is stored. */
export function useHistory(member: number, project: number): History {
  const [past, setPast] = useState<readonly Past[]>(() => readHistory(member, project) ?? []);
  const shown = useRef(past);
  const change = useCallback(
    (next: (now: readonly Past[]) => readonly Past[]) => {
      shown.current = next(readHistory(member, project) ?? shown.current);
      writeHistory(member, project, shown.current);
      setPast(shown.current);
    },
    [member, project],
  );
  return {
    past,
    add: useCallback((entry: Past) => change((now) => remember(now, entry)), [change]),
    remove: useCallback((sql: string) => change((now) => forget(now, sql)), [change]),
    clear: useCallback(() => change(() => []), [change]),
    restore: useCallback(
      (before: readonly Past[]) =>
        change((now) => [...now, ...before.filter((old) => now.every((one) => one.sql !== old.sql))]),
      [change],
    ),
  };
}
