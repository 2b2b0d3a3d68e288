import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeCache } from "../api/cache";
import { useSqlRun } from "./useSqlRun";

interface Sent {
  sql: string;
  signal: AbortSignal;
  answer: (status: number, body: unknown) => void;
}
const sent: Sent[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal(
    "fetch",
    (_: string, init: RequestInit) =>
      new Promise((resolve, reject) => {
        const signal = init.signal as AbortSignal;
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        const { sql } = JSON.parse(String(init.body)) as { sql: string };
        sent.push({ sql, signal, answer: (status, body) => resolve(new Response(JSON.stringify(body), { status })) });
      }),
  );
});
afterEach(() => vi.unstubAllGlobals());

const rows = (value: number) => ({ columns: [{ name: "n", type: "integer" }], rows: [[value]], truncated: false, elapsed_ms: 1 });

function runs() {
  const cache = makeCache();
  const ended = vi.fn();
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
  return { ended, ...renderHook(() => useSqlRun(1, ended), { wrapper }) };
}

test("an answer is kept with its query, and after a failure too", async () => {
  const { result, ended } = runs();
  act(() => result.current.run("SELECT 1"));
  expect(result.current.since).toBeDefined();
  act(() => sent[0]?.answer(200, rows(1)));
  await waitFor(() => expect(result.current.last).toMatchObject({ sql: "SELECT 1", answer: { rows: [[1]] } }));
  expect(result.current.since).toBeUndefined();
  expect(ended).toHaveBeenLastCalledWith("SELECT 1", 1);

  act(() => result.current.run("SELEC"));
  act(() => sent[1]?.answer(400, { error: { code: "sql_invalid", message: "no" } }));
  await waitFor(() => expect(result.current.error).toMatchObject({ code: "sql_invalid" }));
  expect(result.current.last?.sql).toBe("SELECT 1");
  expect(ended).toHaveBeenLastCalledWith("SELEC", undefined);
});

test("a cancel closes the connection and is no failure", async () => {
  const { result, ended } = runs();
  act(() => result.current.run("SELECT 1"));
  act(() => result.current.cancel());
  expect(sent[0]?.signal.aborted).toBe(true);
  await waitFor(() => expect(result.current.cancelled).toBe(true));
  expect(result.current).toMatchObject({ error: undefined, since: undefined });
  expect(ended).not.toHaveBeenCalled();
});

test("a newer query replaces the running one, and leaving the page ends it", async () => {
  const { result, unmount } = runs();
  act(() => result.current.run("SELECT 1"));
  act(() => result.current.run("SELECT 2"));
  expect(sent[0]?.signal.aborted).toBe(true);
  act(() => sent[1]?.answer(200, rows(2)));
  await waitFor(() => expect(result.current.last?.sql).toBe("SELECT 2"));
  act(() => result.current.run("SELECT 3"));
  unmount();
  expect(sent[2]?.signal.aborted).toBe(true);
});
