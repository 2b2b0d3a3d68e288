/**
 * The session rule: one visit of one browser, shared by its tabs.
 *
 * A session goes on until there was no activity for more than 30 minutes, or until it is more than 24 hours old.
 * Activity exactly at a limit continues it; so does midnight, and a clock that jumps back.
 */
import { uuid7, type Platform } from './platform';
import type { KeyValue } from './storage';

/** Longer silence means that the person left. The usual value of web analytics, and what the server assumes. */
export const IDLE_MS_MAX = 30 * 60 * 1000;
/** A kiosk that is never idle still gets a new session each day. */
export const AGE_MS_MAX = 24 * 60 * 60 * 1000;

/** A session as stored: its id, when it began and when it was last active (device clock, ms). */
export interface Session {
  readonly id: string;
  readonly startedAt: number;
  readonly activeAt: number;
}

const KEY = 'session';

/** True when activity at `now` belongs to `session`. */
export function continues(session: Session, now: number, idleMs = IDLE_MS_MAX): boolean {
  return now - session.activeAt <= idleMs && now - session.startedAt <= AGE_MS_MAX;
}

export interface Sessions {
  /** The session of an activity now: the running one, or a new one. */
  touch(): Session;
  /** Ends the session; the next activity begins another. */
  end(): void;
}

/** Reads, continues and replaces the session. All state is in the storage, so that tabs agree. */
export function createSessions(storage: KeyValue, platform: Platform, idleMs = IDLE_MS_MAX): Sessions {
  return {
    touch: () => {
      const now = platform.now();
      const [id, startedAt, activeAt] = (storage.get(KEY) || '').split(' ');
      // Anything may have written there: what is no time continues nothing.
      const known = { id: id!, startedAt: Number(startedAt), activeAt: Number(activeAt) };
      const session =
        id && continues(known, now, idleMs)
          ? { ...known, activeAt: Math.max(known.activeAt, now) }
          : { id: uuid7(platform), startedAt: now, activeAt: now };
      storage.set(KEY, `${session.id} ${session.startedAt} ${session.activeAt}`);
      return session;
    },
    end: () => storage.remove(KEY),
  };
}
