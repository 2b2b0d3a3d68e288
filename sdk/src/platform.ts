/**
 * What the SDK needs from outside to tell the time and to be random. Injected, so that tests decide both.
 */
export interface Platform {
  /** The device's clock, Unix epoch in ms. It may be wrong, but never goes back while the page is open. */
  now(): number;
  /** `count` random bytes. */
  bytes(count: number): number[];
  /** Runs `task` once, `ms` from now. Returns what cancels it. */
  later(ms: number, task: () => void): () => void;
  /** Runs `task` when the page has nothing better to do. */
  idle(task: () => void): void;
}

/** Longest that captured events wait for an idle moment of a busy page. */
const IDLE_WAIT_MS = 500;

/** The browser's clock, random source and timers. */
export function browserPlatform(view: Window & typeof globalThis): Platform {
  // A clock that is set back would put an answer before its question; one that jumps ahead was asleep, or is right now.
  let ahead = -Infinity;
  return {
    now: () => {
      const passed = view.performance.now();
      ahead = Math.max(ahead, Date.now() - passed);
      return Math.round(ahead + passed);
    },
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      // No crypto in some old web views. The ids must be distinct, not secret.
      return [...(view.crypto ? view.crypto.getRandomValues(bytes) : bytes.map(() => Math.random() * 256))];
    },
    later: (ms, task) => {
      const timer = view.setTimeout(task, ms);
      return () => view.clearTimeout(timer);
    },
    // A timer, in browsers that do not tell when they are idle, takes the second argument for 0.
    idle: (task) => (view.requestIdleCallback || view.setTimeout)(task, { timeout: IDLE_WAIT_MS } as never),
  };
}

/** Orders the ids of one instant. */
let made = 0;

/** A UUIDv7 (RFC 9562): 48 bits of `at` in whole ms, a counter, then random bits. Ids of one page sort by time. */
export function uuid7(platform: Platform, at = platform.now()): string {
  made = (made + 1) % 4096;
  const padded = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const noise = platform.bytes(8).map((byte) => padded(byte, 2)).join('');
  const time = padded(at, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${padded(made, 3)}-8${noise.slice(0, 3)}-${noise.slice(4)}`;
}
