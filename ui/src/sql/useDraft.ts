import { type RefObject, useEffect, useRef, useState } from "react";
import { fitsLink } from "../url/sql";
import type { EditorHandle } from "./editor/SqlEditor";

interface Draft {
  sql: string;
  /** The editor reports what it holds now. */
  typed: (sql: string) => void;
  /** Puts another query into the editor. */
  open: (sql: string) => void;
}

/**
 * The query that is being written. The editor holds it, the address follows; when the address changes by anything else
 * than by following (another link, the way back), the editor follows the address.
 */
export function useDraft(linked: string, editor: RefObject<EditorHandle | null>, onDraft: (sql: string) => void): Draft {
  const [sql, setSql] = useState(linked);
  // The address lags behind the letters, so every text that it may still bring back as an echo is remembered.
  const own = useRef(new Set([linked]));
  useEffect(() => {
    if (own.current.has(linked)) return;
    own.current = new Set([linked]);
    setSql(linked);
    editor.current?.replace(linked);
  }, [linked, editor]);
  const typed = (next: string) => {
    // What does not fit into an address is an empty one there.
    own.current.add(fitsLink(next) ? next : "");
    setSql(next);
    onDraft(next);
  };
  return {
    sql,
    typed,
    open: (next) => {
      // The editor may still be on its way; it then begins with this text.
      if (editor.current) editor.current.replace(next);
      else typed(next);
    },
  };
}
