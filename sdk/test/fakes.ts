/** A clock, random bytes, timers and a server that tests command. */
import type { Platform } from '../src/platform';
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

  randomBytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => {
      // Numerical Recipes' generator: distinct ids, and the same in each run.
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      return this.state >>> 24;
    });

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
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export interface Received {
  mid: string;
  eid: string;
  ets: number;
  edata: Record<string, unknown>;
  actor: { id: string };
  context: { sid: string; did: string };
}

/** Keeps each event that it answered `arrived` for, in order; `answers` is used up first, then it takes everything. */
export class FakeServer implements Transport {
  requests: { body: string; outliving: boolean; at: number }[] = [];
  received: Received[] = [];
  beacons: Received[] = [];
  answers: (Answer | 'lost answer')[] = [];
  beaconWorks = true;

  constructor(private readonly platform: FakePlatform) {}

  send = (body: string, outliving: boolean): Promise<Answer> => {
    this.requests.push({ body, outliving, at: this.platform.now() });
    const answer = this.answers.shift() ?? { kind: 'arrived' };
    // The server has it, but the client never hears so.
    if (answer === 'lost answer' || answer.kind === 'arrived') this.received.push(...eventsOf(body));
    return Promise.resolve(answer === 'lost answer' ? { kind: 'later' } : answer);
  };

  beacon = (body: string): boolean => {
    if (this.beaconWorks) this.beacons.push(...eventsOf(body));
    return this.beaconWorks;
  };
}

export function eventsOf(body: string): Received[] {
  return (JSON.parse(body) as { events: Received[] }).events;
}

/** The events without the repeats of a `mid`, as the server counts them. */
export function distinct(events: readonly Received[]): Received[] {
  return [...new Map(events.map((event) => [event.mid, event])).values()];
}
