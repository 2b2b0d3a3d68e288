import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { LINK_CHARS_MAX } from "../url/sql";
import { useDraft } from "./useDraft";

function drafts(linked: string) {
  const editor = { current: { insert: vi.fn(), replace: vi.fn(), goTo: vi.fn() } };
  const onDraft = vi.fn();
  const hook = renderHook(({ address }) => useDraft(address, editor, onDraft), { initialProps: { address: linked } });
  return { ...hook, replaced: editor.current.replace, onDraft };
}

test("an echo of what was typed a moment ago does not take back what was typed since", () => {
  const { result, rerender, replaced, onDraft } = drafts("");
  act(() => result.current.typed("SELECT 1"));
  act(() => result.current.typed("SELECT 12"));
  rerender({ address: "SELECT 1" });
  expect(replaced).not.toHaveBeenCalled();
  expect(result.current.sql).toBe("SELECT 12");
  expect(onDraft).toHaveBeenLastCalledWith("SELECT 12");
});

test("another address brings its query into the editor", () => {
  const { result, rerender, replaced } = drafts("SELECT 1");
  rerender({ address: "SELECT 2" });
  expect(replaced).toHaveBeenCalledWith("SELECT 2");
  expect(result.current.sql).toBe("SELECT 2");
});

test("a query that is too long for the address is not lost when the address becomes empty", () => {
  const { result, rerender, replaced } = drafts("SELECT 1");
  const long = `SELECT '${"x".repeat(LINK_CHARS_MAX)}'`;
  act(() => result.current.typed(long));
  rerender({ address: "" });
  expect(replaced).not.toHaveBeenCalled();
  expect(result.current.sql).toBe(long);
});
