import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { callForFile } from "../api/client";
import { projectPath } from "../api/queries";
import { saveFile } from "../parts/saveFile";
import { showToast } from "../parts/toasts";

export type FileFormat = "csv" | "parquet";

export interface Download {
  /** Which format is on its way. */
  busy: FileFormat | undefined;
  error: unknown;
  start: (sql: string, format: FileFormat) => void;
  cancel: () => void;
}

/** `sql-2026-11-27-1405.csv`: names that sort by time and say what they hold. */
export function fileName(format: FileFormat, now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `sql-${day}-${two(now.getHours())}${two(now.getMinutes())}.${format}`;
}

/** Asks the server for the whole result as a file, beyond the rows on the screen. */
export function useDownload(project: number): Download {
  const { t } = useTranslation();
  const [state, set] = useState<{ busy?: FileFormat; error?: unknown }>({});
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = useCallback(
    (sql: string, format: FileFormat) => {
      stop.current?.abort();
      const mine = new AbortController();
      stop.current = mine;
      set({ busy: format });
      void callForFile(`${projectPath(project)}/sql`, { sql, format }, mine.signal).then(
        (file) => {
          if (mine.signal.aborted) return;
          saveFile(file.content, fileName(format, new Date()));
          if (file.truncated) showToast({ text: t("sql.fileTruncated") });
          set({});
        },
        (error: unknown) => {
          if (!mine.signal.aborted) set({ error });
        },
      );
    },
    [project, t],
  );
  const cancel = useCallback(() => {
    stop.current?.abort();
    set({});
  }, []);
  return { busy: state.busy, error: state.error, start, cancel };
}
