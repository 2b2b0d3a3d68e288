import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError, Unreachable } from "../api/errors";
import { showToast } from "./toasts";

interface ActionOptions<In, Out> {
  run: (input: In) => Promise<Out>;
  /** Which cached answers the change makes old. */
  touches?: readonly QueryKey[];
  /** What is no more after it: its answers are not asked for again, though they are still shown for a moment. */
  ends?: QueryKey;
  onDone?: (out: Out, input: In) => void | Promise<void>;
  /** Whether a failure is shown as a toast; a form shows it in its own place instead. */
  quiet?: boolean;
}

/** A change on the server: runs, refreshes what it touched, says what went wrong. */
export function useAction<In, Out>({ run, touches = [], ends, onDone, quiet }: ActionOptions<In, Out>) {
  const cache = useQueryClient();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: run,
    onSuccess: (out, input) => {
      const lasts = ({ queryKey }: { queryKey: QueryKey }) => !ends?.every((part, index) => part === queryKey[index]);
      for (const queryKey of touches) void cache.invalidateQueries({ queryKey, predicate: lasts });
      return onDone?.(out, input);
    },
    onError: (error) => {
      if (quiet) return;
      const text =
        error instanceof ApiError
          ? error.message
          : error instanceof Unreachable
            ? t("error.unreachable")
            : t("error.unexpected");
      showToast({ text, bad: true });
    },
  });
}
