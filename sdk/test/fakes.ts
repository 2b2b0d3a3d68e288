/** A clock, random bytes, timers and a server that tests command. */
import type { Depot } from '../src/depot';
import type { Lock } from '../src/delivery';
import type { Platform } from '../src/platform';
import { keyValue, type KeyValue } from '../src/storage';
import type { Answer, Transport } from '../src/transport';

/** 2026-06-10 05:00:00 UTC, in ms. */
export const MORNING = 1_781_067_600_000;

/** Time moves only when `advance` says so; timers then run in their order. */
export class FakePlatform implements Platform {
  time = MORNING;
  private state = 1;
  private timers: { at: number; order: number; task: () => void }[] = [];
  private order = 0;

  now = (): number => this.time;

  bytes = (count: number): number[] =>
    Array.from({ length: count }, () => {
      // Numerical Recipes' generator: distinct ids, and the same in each run.
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      return this.state >>> 24;
    });

  idle = (task: () => void): void => void this.later(0, task);

  later = (ms: number, task: () => void): (() => void) => {
    const timer = { at: this.time + ms, order: (this.order += 1), task };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  };

  /** Lets `ms` pass; promises settle after each timer. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await settle();
      const due = this.timers.filter((timer) => timer.at <= until);
      const next = due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.task();
    }
    this.time = until;
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

export interface Received {
  mid: string;
  eid: string;
  ets: number;
  edata: Record<string, unknown>;
  actor: { id: string };
  context: { sid: string; did: string; cdata?: { type: string; id: string }[] };
}

/** Keeps each event that it answered `arrived` for, in order; `answers` is used up first, then it takes everything. */
export class FakeServer implements Transport {
  requests: { body: string; outliving: boolean; at: number }[] = [];
  received: Received[] = [];
  beacons: Received[] = [];
  answers: (Answer | 'lost answer')[] = [];
  beaconWorks = true;

  constructor(private readonly platform: FakePlatform) {}

  send = (body: string, outliving: boolean, handed: () => void): Promise<Answer> => {
    this.requests.push({ body, outliving, at: this.platform.now() });
    if (outliving) handed();
    const answer = this.answers.shift() ?? 'arrived';
    // The server has it, but the client never hears so.
    if (answer === 'lost answer' || answer === 'arrived') this.received.push(...eventsOf(body));
    return Promise.resolve(answer === 'lost answer' ? Number.NaN : answer);
  };

  beacon = (body: string): boolean => {
    if (this.beaconWorks) this.beacons.push(...eventsOf(body));
    return this.beaconWorks;
  };
}

/** Storage that all pages of a test share, and that a test may fill up. */
export function sharedStorage(): { local: KeyValue; texts: Map<string, string>; full: { now: boolean } } {
  const texts = new Map<string, string>();
  const full = { now: false };
  return { local: pageStorage(texts, full), texts, full };
}

/** What one page sees of it. */
export function pageStorage(texts: Map<string, string>, full = { now: false }): KeyValue {
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full.now) throw new Error('no room');
      texts.set(key, value);
    },
    removeItem: (key: string) => void texts.delete(key),
  };
  const place = new Proxy(storage, { ownKeys: () => [...texts.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
  return keyValue(() => place as unknown as Storage, '');
}

/** A depot in memory; its answers come later, as a real one's. */
export function fakeDepot(): Depot & { texts: Map<string, string>; broken: boolean } {
  const depot = {
    texts: new Map<string, string>(),
    broken: false,
    keys: async () => {
      await check();
      return [...depot.texts.keys()].sort();
    },
    read: async (keys: readonly string[]) => {
      await check();
      return keys.map((key) => depot.texts.get(key));
    },
    change: async (put: readonly (readonly [string, string])[], remove: readonly string[]) => {
      await check();
      for (const [key, text] of put) depot.texts.set(key, text);
      for (const key of remove) depot.texts.delete(key);
    },
    destroy: () => depot.texts.clear(),
  };
  const check = async (): Promise<void> => {
    await Promise.resolve();
    if (depot.broken) throw new Error('the base is gone');
  };
  return depot;
}

/** One at a time, in the order of asking, as Web Locks. */
export function fakeLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}

export function eventsOf(body: string): Received[] {
  return (JSON.parse(body) as { events: Received[] }).events;
}

/** The events without the repeats of a `mid`, as the server counts them. */
export function distinct(events: readonly Received[]): Received[] {
  return [...new Map(events.map((event) => [event.mid, event])).values()];
}
