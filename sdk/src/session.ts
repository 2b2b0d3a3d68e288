/**
 * The session rule: one visit of one browser, shared by its tabs.
 *
 * A session goes on until there was no activity for more than 30 minutes, or until it is more than 24 hours old.
 * Activity exactly at a limit continues it. A clock that jumps back continues it too.
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
export function continues(session: Session, now: number): boolean {
  return now - session.activeAt <= IDLE_MS_MAX && now - session.startedAt <= AGE_MS_MAX;
}

/** Reads, continues and replaces the session. All state is in the storage, so that tabs agree. */
export class Sessions {
  constructor(
    private readonly storage: KeyValue,
    private readonly platform: Platform,
  ) {}

  /** The session of an activity now: the running one, or a new one. */
  touch(): Session {
    const now = this.platform.now();
    const running = this.read();
    const session =
      running && continues(running, now)
        ? { ...running, activeAt: Math.max(running.activeAt, now) }
        : { id: uuid7(this.platform), startedAt: now, activeAt: now };
    this.storage.set(KEY, `${session.id} ${session.startedAt} ${session.activeAt}`);
    return session;
  }

  /** Ends the session; the next activity begins another. */
  end(): void {
    this.storage.remove(KEY);
  }

  private read(): Session | undefined {
    const [id, startedAt, activeAt] = (this.storage.get(KEY) ?? '').split(' ');
    const times = [Number(startedAt), Number(activeAt)] as const;
    // Anything may have written there: a text that is not ours begins a new session.
    return id && activeAt && times.every(Number.isFinite)
      ? { id, startedAt: times[0], activeAt: times[1] }
      : undefined;
  }
}
