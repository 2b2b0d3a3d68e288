/**
 * What each capture is given.
 */
import type { Captures } from '../api';
import type { Client } from '../client';
import type { Visit } from '../edata';
import type { Platform } from '../platform';

/** What came before the part that tells of it: a click, an error. */
export interface Early {
  readonly event: Event;
  /** Where it happened; a past event no longer tells. */
  readonly target: EventTarget;
  readonly at: number;
}

export interface Capture {
  readonly view: Window & typeof globalThis;
  readonly client: Client;
  readonly platform: Platform;
  /** The level in force; undefined until it is known. */
  levelNow(): number | undefined;
  /** Whether something is recorded by itself. */
  wants(what: keyof Captures): boolean;
  /** Who hears of each new address: `subtype` as in `Client.impression`. */
  readonly onAddress: ((subtype: string) => void)[];
  /** Who has something to tell before the page is hidden or left. */
  readonly onLeave: (() => void)[];
  /** What waits for its part; a part takes what is its own, and by that what follows. */
  early: Early[];
  /** Types of which nothing waits any more. */
  readonly heard: Set<string>;
  /** Calls of the app that telemetry-actions.js answers, until it does. */
  readonly calls: [name: 'alias' | 'group', args: unknown[]][];
  /** Answers such a call. */
  more(name: 'alias' | 'group', args: unknown[]): void;
  /** Tells what was seen and waits for the page to be drawn. */
  flush(): void;
  /** The marked items that can be seen now; until telemetry-actions.js is there, none are known. */
  inView(then: (visits: Visit[]) => void): void;
}
