import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { askPeople, type OpenedNumber } from "../../api/queries";
import type { PersonRow } from "../../api/words";
import { saveFile } from "../../parts/saveFile";
import { showToast } from "../../parts/toasts";
import { peopleCsv } from "./csv";

/** The most that the server gives at once. */
const PAGE = 1_000;
/** Longer lists than this a spreadsheet does not open. */
const PEOPLE_MAX = 1_000_000;

/** Fetches the whole list, page by page, and saves it; stops when the panel closes. */
export function useCsv(project: number, opened: OpenedNumber | undefined) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (name: string) => {
    if (!opened || busy) return;
    const mine = new AbortController();
    stop.current = mine;
    setBusy(true);
    try {
      const people: PersonRow[] = [];
      for (let after: string | undefined = ""; after !== undefined && people.length < PEOPLE_MAX; ) {
        const page = await askPeople(project, opened, PAGE, after, mine.signal);
        people.push(...page.people);
        after = page.next ?? undefined;
      }
      saveFile(new Blob([peopleCsv(people)], { type: "text/csv" }), name);
    } catch {
      if (!mine.signal.aborted) showToast({ text: t("people.csvFailed"), bad: true });
    } finally {
      if (!mine.signal.aborted) setBusy(false);
    }
  };
  return { busy, start };
}
