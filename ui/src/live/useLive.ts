import { useEffect, useRef, useState } from "react";
import { get } from "../api/client";
import { projectPath } from "../api/queries";
import type { EventRow } from "../api/words";
import { LIVE_ROWS_MAX, type NotKeptNotice, withEvents, withNotice } from "./liveBuffer";
import { parseEvent, parseNotKept } from "./parseLive";

/** The screen is drawn at most this often, however fast events come. */
const DRAW_MS = 250;
/** A stream that broke is opened again after this. */
const REOPEN_MS = 2_000;

export interface LiveFilter {
  event?: string;
  distinctId?: string;
}

export interface Live {
  rows: EventRow[];
  notKept: NotKeptNotice[];
  /** How many events came while paused. */
  held: number;
  /** How many batches came too fast to be shown; they are stored. */
  missed: number;
  state: "connecting" | "open" | "broken";
  /** When the last event was received by the page, milliseconds since 1970; null before the first. */
  lastAt: number | null;
}

const EMPTY: Live = { rows: [], notKept: [], held: 0, missed: 0, state: "connecting", lastAt: null };

/** Follows a project's event stream. While paused the newest events are held back and shown afterwards. */
export function useLive(project: number, filter: LiveFilter, paused: boolean): Live {
  const [live, setLive] = useState<Live>(EMPTY);
  const waiting = useRef<EventRow[]>([]);
  const isPaused = useRef(paused);
  isPaused.current = paused;
  const { event, distinctId } = filter;

  useEffect(() => {
    const params = new URLSearchParams();
    if (event) params.set("event", event);
    if (distinctId) params.set("distinct_id", distinctId);
    let source: EventSource | undefined;
    let reopen: ReturnType<typeof setTimeout> | undefined;
    const stop = new AbortController();
    waiting.current = [];
    setLive(EMPTY);

    const open = () => {
      source = new EventSource(`${projectPath(project)}/live?${params}`);
      source.addEventListener("open", () => setLive((now) => ({ ...now, state: "open" })));
      source.addEventListener("event", (message: MessageEvent<string>) => {
        const row = parseEvent(message.data);
        if (!row) return;
        waiting.current.push(row);
        if (waiting.current.length > LIVE_ROWS_MAX) waiting.current.shift();
      });
      source.addEventListener("notkept", (message: MessageEvent<string>) => {
        const notice = parseNotKept(message.data);
        if (notice) {
          setLive((now) => ({ ...now, notKept: withNotice(now.notKept, { ...notice, heardAt: Date.now() }) }));
        }
      });
      source.addEventListener("missed", (message: MessageEvent<string>) => {
        // What arrived too fast for this page is stored all the same; it says so instead of showing a gap.
        setLive((now) => ({ ...now, missed: now.missed + (Number(message.data) || 0) }));
      });
      source.addEventListener("error", () => {
        setLive((now) => ({ ...now, state: "broken" }));
        source?.close();
        // The stream cannot say why it broke; a call can: it shows the banner when the server is gone, and asks for
        // the password when the login has expired. Only then the stream is opened again.
        void get("/api/me", stop.signal)
          .catch(() => undefined)
          .then(() => {
            if (!stop.signal.aborted) reopen = setTimeout(open, REOPEN_MS);
          });
      });
    };
    open();
    const draw = setInterval(() => {
      if (waiting.current.length === 0) return;
      if (isPaused.current) {
        setLive((now) => ({ ...now, held: waiting.current.length }));
        return;
      }
      const arrived = waiting.current;
      waiting.current = [];
      setLive((now) => ({ ...now, rows: withEvents(now.rows, arrived), held: 0, lastAt: Date.now() }));
    }, DRAW_MS);
    return () => {
      stop.abort();
      clearInterval(draw);
      clearTimeout(reopen);
      source?.close();
    };
  }, [project, event, distinctId]);

  return live;
}
