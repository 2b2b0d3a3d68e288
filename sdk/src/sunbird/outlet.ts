/**
 * Where finished events go: the queue and the sender that telemetry.js has, under the level that it would obey.
 */
import type { Level } from '../api';
import { LEVELS } from '../consent';
import type { SunbirdEvent } from '../event';
import { filtered } from '../filter';
import { guarded, on } from '../guard';
import { browserPlatform, uuid7 } from '../platform';
import { createSender, ENHANCED } from '../sender';
import { createSessions } from '../session';
import type { WholeEvent } from './event';

export interface Outlet {
  /** Queues `event`, which is this outlet's from now on. */
  put(event: WholeEvent): void;
  /** Sends all that waits. True when it has arrived. */
  flush(): Promise<boolean>;
  /** The random id of this browser. */
  deviceId(): string;
  /** The id of the running session; asking is an activity. */
  sessionId(): string;
  /** The level in force. */
  level(): Level;
  /** The person's choice. */
  choose(level: Level): void;
}

/** Events made before the level is known wait in memory. */
const HELD_MAX = 200;
const MINUTE_MS = 60_000;

/** Where `openOutlet` sends, and what it is called there. */
export interface Address {
  host: string;
  /** May be empty: then the server knows the project by the channel. */
  key: string;
  channel: string;
  batchEvents: number;
}

export function openOutlet(view: Window & typeof globalThis, address: Address): Outlet {
  const platform = browserPlatform(view);
  let held: WholeEvent[] = [];
  // Where there is no key the channel says whose page it is: on the device, and to the server, which tells the level by
  // it and finds the project of each event by the event's own channel.
  const options = { ...address, key: address.key || address.channel };
  const release = (): void => held.splice(0).forEach(put);
  const { consent, identity, queue, delivery, local } = createSender(view, options, platform, release, () => undefined);
  const sessions = createSessions(local, platform);

  function put(event: WholeEvent): void {
    const level = consent.levelNow();
    if (level === undefined) {
      if (held.length < HELD_MAX) held.push(event);
      return;
    }
    if (level < ENHANCED) event.actor.id = identity.device();
    const kept = filtered(event as unknown as SunbirdEvent, level);
    if (!kept) return;
    // The key of the queue is an id of ours, for the page may have made the event; at basic it tells no instant.
    const at = Math.max(0, Math.round(Number(event.ets))) || platform.now();
    const id = uuid7(platform, level < ENHANCED ? at - (at % MINUTE_MS) : at);
    if (level < ENHANCED) kept.mid = `${event.eid}:${id}`;
    queue.push(`:${id}`, JSON.stringify(kept), false);
    delivery.noticed();
  }

  on(view, 'pagehide', () => {
    // Left before the level is known: the little that is always allowed is told.
    consent.settle();
    delivery.leave();
  });
  on(view.document, 'visibilitychange', () => {
    if (view.document.visibilityState === 'hidden') void delivery.flush();
  });
  guarded(consent.begin)();
  return {
    put,
    flush: delivery.flush,
    deviceId: identity.device,
    sessionId: () => sessions.touch().id,
    level: () => LEVELS[consent.levelNow() || 0]!,
    choose: consent.choose,
  };
}
