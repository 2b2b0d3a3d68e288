import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { makeCache } from "../../api/cache";
import type { StickinessQuestion } from "../../api/words";
import { stickinessAnswer } from "../../testing/samples";
import { useAnswer } from "./useAnswer";

afterEach(() => vi.unstubAllGlobals());

const of = (event: string): StickinessQuestion => ({ series: [{ event }] });

test("until the new answer is there, the old one stands with the question that it answers", async () => {
  const waiting: (() => void)[] = [];
  vi.stubGlobal("fetch", () =>
    new Promise((resolve) => waiting.push(() => resolve(new Response(JSON.stringify(stickinessAnswer))))),
  );
  const cache = makeCache();
  const { result, rerender } = renderHook(({ event }) => useAnswer(1, "stickiness", of(event)), {
    initialProps: { event: "view" },
    wrapper: ({ children }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>,
  });
  expect(result.current).toMatchObject({ data: undefined, asked: undefined, busy: true });
  await waitFor(() => expect(waiting).toHaveLength(1));
  await act(async () => waiting[0]?.());
  await waitFor(() => expect(result.current.stale).toBe(false));
  expect(result.current.asked).toMatchObject(of("view"));
  rerender({ event: "pay" });
  expect(result.current).toMatchObject({ data: stickinessAnswer, asked: of("view"), stale: true, busy: true });
  await waitFor(() => expect(waiting).toHaveLength(2));
  expect(result.current).toMatchObject({ asked: of("view"), stale: true });
  await act(async () => waiting[1]?.());
  await waitFor(() => expect(result.current).toMatchObject({ asked: of("pay"), stale: false }));
});
