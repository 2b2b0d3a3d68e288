/**
 * Makes events and hands them to the queue. Knows no DOM: the captures tell it what the visitor did.
 */
import type { Delivery } from './delivery';
import { filtered } from './filter';
import { safeJson, type Origin, type Properties, type SunbirdEvent } from './event';
import { guarded } from './guard';
import type { Identity } from './identity';
import { FIELDS } from './levels';
import { uuid7, type Platform } from './platform';
import type { Queue } from './queue';
import { IDLE_MS_MAX, type Sessions } from './session';
import type { KeyValue } from './storage';

/** Names of an app's own events are cut here, as the server does. */
const NAME_CHARS_MAX = 200;
/** Events made before the level is known wait in memory. */
const HELD_MAX = 50;
/** A pause in what the visitor does is counted as attention up to here. */
const ATTENTION_MS_MAX = 30 * 1000;
/** Tabs that open within it share a session. */
const TABS_MS = 2000;
/** HEARTBEAT at each minute of engaged time. */
const HEARTBEAT_MS = 60 * 1000;
/** What is given up first when there is no room, and told by the next like it. */
const LOW = /^(HEARTBEAT|INTERRUPT|METRICS|EXDATAtm\.heat$)/;
/** Prefix of the END that a page leaves in case that it is never heard of again. */
const LAST_WORD = 'end/';

/** One stay on this page within one session: from START to END. */
interface Visit {
  sessionId: string;
  readonly startedAt: number;
  /** The last activity, device clock in ms: where the visit ends if the next one belongs to another session. */
  activeAt: number;
  pages: number;
  /** Engaged time, ms. */
  engagedMs: number;
  /** Engaged time at the last HEARTBEAT. */
  beatMs: number;
}

/** The stay on one page of the app. */
interface PageStay {
  id: string;
  since: number;
  engagedMs: number;
  /** How far the page was seen, percent of its height; 0 unknown. */
  scroll: number;
}

export interface Client {
  readonly identity: Identity;
  /** Takes up what earlier pages left, and begins on `pageId`. */
  start(pageId: string): void;
  /** Records an event that happened at `at`. */
  emit(eid: string, edata: object, at?: number): void;
  /** Records a captured event when the page is idle. */
  idly(eid: string, edata: object, at?: number): void;
  /** Records an app's own event. */
  custom(name: string, data: object): void;
  /** Records that a page is seen. `subtype` tells how it came: `load`, `push`, `replace`, `pop`, `hash`, `restore`, `call`. */
  impression(pageId: string, edata: object, at?: number): void;
  /** The visitor did something that is no event by itself (scrolled, typed): the session goes on. */
  touch(): void;
  /** Whether the visitor looks at the page now. */
  attend(watching: boolean): void;
  /** The page was scrolled down to `percent` of its height. */
  scrolled(percent: number): void;
  track(name: unknown, properties?: Properties): void;
  identify(personId: unknown, properties?: Properties): void;
  /** The visitor logged out: a new anonymous device id and a new session. */
  reset(): void;
  /** The page may never come back (tab hidden): keeps an END for that case and sends what waits. */
  hide(): void;
  /** The page came back before it was gone. */
  show(): void;
  /** The page goes: END, and everything to the browser. */
  leave(): void;
  /** The level is known now, or another one. */
  leveled(): void;
}

export interface ClientParts {
  origin: Origin;
  platform: Platform;
  /** Shared by the tabs at enhanced and full, memory below. */
  local: KeyValue;
  queue: Queue;
  sessions: Sessions;
  identity: Identity;
  delivery: Delivery;
  levelNow: () => number | undefined;
  heartbeats: boolean;
}

/** A name or an id that an app passes; empty when it is none. */
export const words = (value: unknown): string =>
  /string|number/.test(typeof value) ? String(value).trim().slice(0, NAME_CHARS_MAX) : '';
/** Hundredths of a second say enough. */
const seconds = (ms: number): number => Math.round(ms / 10) / 100;

export function createClient({
  origin,
  platform,
  local,
  queue,
  sessions,
  identity,
  delivery,
  levelNow: level,
  heartbeats,
}: ClientParts): Client {
  const lastWord = LAST_WORD + uuid7(platform);
  let visit: Visit | undefined;
  let stay: PageStay = { id: '', since: platform.now(), engagedMs: 0, scroll: 0 };
  let watching = true;
  let started = false;
  let hasWord = false;
  const held: (() => void)[] = [];
  const waiting: (() => void)[] = [];

  const event = (eid: string, edata: object, at: number): SunbirdEvent => {
    const cdata = identity.groups();
    return {
      eid,
      ets: at,
      ver: '3.0',
      // At basic no time is told to the millisecond, nor by an id.
      mid: `${eid}:${uuid7(platform, level()! < 2 ? at - (at % 60_000) : at)}`,
      actor: { id: identity.actor(), type: 'User' },
      context: { ...origin, sid: visit ? visit.sessionId : '', did: identity.device(), ...(cdata[0] && { cdata }) },
      edata: /pageid/.test(FIELDS[eid]!) ? { pageid: stay.id, ...edata } : edata,
    };
  };

  const write = (made: SunbirdEvent): void => {
    const kept = filtered(made, level()!);
    if (!kept) return;
    const { type } = made.edata as { type?: string };
    queue.push(made.mid, JSON.stringify(kept), LOW.test(made.eid + type));
    delivery.noticed();
  };
  const put = (eid: string, edata: object, at: number): void => write(event(eid, edata, at));

  const endOf = (ending: Visit, at: number): SunbirdEvent => {
    const summary = [{ pages: ending.pages }, { engaged: seconds(ending.engagedMs) }, { scroll: stay.scroll }];
    const edata = { type: 'app', mode: 'play', duration: seconds(at - ending.startedAt), summary };
    return event('END', edata, at);
  };

  /** Takes back the END that was kept; true when another page has taken this one for dead and told it. */
  const told = (): boolean => {
    const gone = hasWord && local.get(lastWord) === null;
    hasWord = false;
    local.remove(lastWord);
    return gone;
  };
  /** Ends the visit, if one is open. */
  const close = (at = platform.now()): void => {
    if (!told() && visit) write(endOf(visit, at));
    visit = undefined;
  };

  const touch = (now = platform.now()): void => {
    if (!started || !level()) return;
    const session = sessions.touch();
    // The silence between is nobody's: the old visit ended when it was last active.
    if (visit && session.startedAt > visit.activeAt + TABS_MS) close(visit.activeAt);
    if (visit) {
      // Tabs that open at once each begin a session; the last to write wins.
      visit.sessionId = session.id;
      const passed = now - visit.activeAt;
      if (watching && passed > 0 && passed <= ATTENTION_MS_MAX) {
        visit.engagedMs += passed;
        stay.engagedMs += passed;
      }
      visit.activeAt = now;
      if (heartbeats && visit.engagedMs - visit.beatMs >= HEARTBEAT_MS) {
        visit.beatMs = visit.engagedMs;
        put('HEARTBEAT', { engaged: seconds(visit.engagedMs), duration: seconds(now - visit.startedAt) }, now);
      }
    } else {
      visit = { sessionId: session.id, startedAt: now, activeAt: now, pages: 0, engagedMs: 0, beatMs: 0 };
      put('START', { type: 'app', mode: 'play' }, now);
    }
  };

  const leveled = (task: () => void): void => {
    if (level() !== undefined) task();
    else if (held.length < HELD_MAX) held.push(task);
  };
  const settle = (): void => {
    for (const task of waiting.splice(0)) guarded(task)();
  };

  const emit = (eid: string, edata: object, at = platform.now()): void => {
    settle();
    leveled(() => {
      touch();
      put(eid, edata, at);
    });
  };
  const custom = (type: string, data: object): void => emit('EXDATA', { type, data: safeJson(data) });

  /** The END of a page that was hidden and never came back is told half an hour later. */
  const adopt = guarded((page: string): void => {
    const text = local.get(LAST_WORD + page)!;
    const { ets, mid } = JSON.parse(text) as SunbirdEvent;
    if (platform.now() - ets <= IDLE_MS_MAX) return;
    queue.push(mid, text, false);
    local.remove(LAST_WORD + page);
  });

  const begin = (): void => {
    if (!started || level() === undefined) return;
    local.keys(LAST_WORD).forEach(adopt);
    // What waited for the level happened after the page had opened.
    touch(held[0] ? stay.since : undefined);
    for (const task of held.splice(0)) task();
    delivery.noticed();
  };

  return {
    identity,
    start: (pageId) => {
      started = true;
      stay.id = pageId;
      begin();
    },
    leveled: begin,
    touch,
    emit,
    custom,
    idly: (eid, edata, at = platform.now()) => {
      if (!waiting[0]) platform.idle(settle);
      waiting.push(() => emit(eid, edata, at));
    },
    impression: (pageId, edata, at = platform.now()) => {
      settle();
      leveled(() => {
        touch();
        const before = stay;
        stay = { id: pageId, since: at, engagedMs: 0, scroll: 0 };
        const made = event('IMPRESSION', { type: 'view', uri: pageId, ...edata, pageid: pageId }, at);
        // The event has no place for what was before it but the correlation data.
        if (visit && visit.pages) {
          made.context.cdata = [
            ...identity.groups(),
            { type: 'PreviousPage', id: before.id },
            { type: 'PreviousSeconds', id: `${seconds(at - before.since)}` },
            { type: 'PreviousEngaged', id: `${seconds(before.engagedMs)}` },
            { type: 'PreviousScroll', id: `${before.scroll}` },
          ];
        }
        write(made);
        if (visit) visit.pages += 1;
      });
    },
    attend: (now) => {
      touch();
      watching = now;
    },
    scrolled: (percent) => {
      stay.scroll = Math.max(stay.scroll, Math.min(100, percent));
    },
    track: (name, properties) => {
      const type = words(name);
      if (type) custom(type, properties || {});
    },
    identify: (personId, properties) => {
      const id = words(personId);
      if (!id) return;
      leveled(() => {
        if (level()! < 2) return;
        const set = properties && { $set: properties };
        if (identity.claim(id)) custom('$identify', { $anon_distinct_id: identity.device(), ...set });
        // A second person on the same device is never merged with the first.
        else if (set) custom('$set', set);
      });
    },
    reset: () => {
      settle();
      leveled(() => {
        close();
        identity.reset();
        sessions.end();
        touch();
      });
    },
    hide: () => {
      settle();
      if (!visit) return;
      const kept = filtered(endOf(visit, platform.now()), level()!);
      if (kept) {
        local.set(lastWord, JSON.stringify(kept));
        hasWord = true;
      }
      void delivery.flush();
    },
    show: () => {
      started = true;
      // What follows an END is another visit.
      if (told()) visit = undefined;
      touch();
      void delivery.flush();
    },
    leave: () => {
      settle();
      close();
      // What comes after, as a freeze, begins no visit.
      started = false;
      delivery.leave();
    },
  };
}
