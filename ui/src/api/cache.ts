/** The query cache of the page, with its rules for trying again. */
import { QueryClient } from "@tanstack/react-query";
import { reachable } from "./client";
import { ApiError } from "./errors";

/** A server that says "later" is asked twice more; anything else is shown at once. */
const worthARetry = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 503 || error.status === 500);

export function makeCache(): QueryClient {
  const cache = new QueryClient({
    defaultOptions: {
      queries: { retry: worthARetry, staleTime: 5_000, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  reachable.subscribe(() => {
    // The server is back: whatever failed meanwhile is asked again.
    if (reachable.get()) void cache.invalidateQueries();
  });
  return cache;
}
