/**
 * Empties the queue: when to send, how much at once, and what to do when it fails.
 *
 * One request at a time in the whole browser. Events leave the queue only when the server has answered for them.
 */
import { batchBody } from './event';
import { uuid7, type Platform } from './platform';
import { lengthOf, type Queue } from './queue';
import type { KeyValue } from './storage';
import type { Answer, Transport } from './transport';

/** A small batch is soon through on a poor network; gzip makes 50 events some 4 KB. */
export const BATCH_EVENTS = 50;
/** Browsers refuse more than 64 KiB of keepalive bodies in flight, and a character may be 3 bytes in UTF-8. */
export const BATCH_CHARS_MAX = 20 * 1024;
/** A developer who pastes the snippet sees the first event within a second. */
export const FIRST_WAIT_MS = 300;
/** Afterwards events gather: each request wakes a phone's radio for seconds. */
export const WAIT_MS = 10 * 1000;
/** First back-off step; doubles with each failure. */
export const BACKOFF_MS = 1000;
/** Longest back-off. */
export const BACKOFF_MS_MAX = 60 * 1000;
/** Longer than one request may take. */
const LEASE_MS = 45 * 1000;
/** A longer pause was written by a clock that jumped. */
const PAUSE_MS_MAX = 61 * 60 * 1000;

/** When the next attempt may be made, shared by the tabs: `<instant> <failures> <asked by the server: 0 or 1>`. */
const PAUSE = 'pause';

export interface Delivery {
  /** An event was queued: sends soon, or now when a batch is full. */
  noticed(): void;
  /** Sends all that waits. True when the queue was emptied; false when a pause or a failure left some. */
  flush(): Promise<boolean>;
  /** The network came back: a back-off ends, but not a wait that the server asked for. */
  online(): void;
  /**
   * The page goes: hands what it wrote to the browser. It stays in storage, for nobody hears whether it arrived; the
   * next page sends it again and the server counts it once.
   */
  leave(): void;
  /** All that waits, as the body of one request. */
  unsent(): Promise<string>;
}

export interface DeliverySettings {
  /** Most events of one request. */
  batchEvents?: number | undefined;
  /** Longest time that an event waits for others. */
  waitMs?: number | undefined;
}

/** Runs `task` while no other tab runs one. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** `lock` gives one tab at a time the turn to send; without it a sender asks the others for a pause. `level` is the one in force, `outgoing` an event's text as it may leave at that level; empty: not at all. */
export function createDelivery(
  queue: Queue,
  local: KeyValue,
  transport: Transport,
  lock: Lock | undefined,
  platform: Platform,
  level: () => number,
  outgoing: (text: string) => string,
  { batchEvents = BATCH_EVENTS, waitMs = WAIT_MS }: DeliverySettings = {},
): Delivery {
  let cancelTimer: (() => void) | undefined;
  let running: Promise<boolean> | undefined;
  let inFlight: readonly string[] = [];
  let batchMax = batchEvents;
  let hasSent = false;

  const alone: Lock = lock || ((task) => task());
  const stopTimer = (): void => {
    if (cancelTimer) cancelTimer();
    cancelTimer = undefined;
  };
  const sendIn = (ms: number): void => {
    stopTimer();
    cancelTimer = platform.later(ms, () => {
      cancelTimer = undefined;
      void flush();
    });
  };

  const pause = (): [leftMs: number, failures: number, asked: number] => {
    const [until = 0, failures = 0, asked = 0] = (local.get(PAUSE) || '').split(' ').map(Number);
    const leftMs = until - platform.now();
    return [leftMs <= PAUSE_MS_MAX ? leftMs : 0, failures, asked];
  };

  const backOff = (askedMs: number, failures: number): void => {
    const stepMs = Math.min(BACKOFF_MS * 2 ** failures, BACKOFF_MS_MAX);
    const asked = askedMs >= 0;
    // Half fixed, half random: a server that comes back is not met by every page in the same second.
    const ms = Math.round((asked ? askedMs : stepMs / 2) + (stepMs * platform.bytes(1)[0]!) / 512);
    local.set(PAUSE, `${platform.now() + ms} ${failures + 1} ${+asked}`);
    sendIn(ms);
  };

  const body = (texts: readonly string[], evicted = queue.lostCount()): string =>
    batchBody(uuid7(platform), platform.now(), level(), evicted, texts);

  /** What may leave of `texts`. */
  const fit = (texts: readonly (string | undefined)[]): string[] =>
    texts.map((text) => outgoing(text || '')).filter(Boolean);

  /** The first keys whose texts make a batch: at most `batchMax`, but always one. */
  const cut = (keys: readonly string[]): string[] => {
    let chars = 0;
    return keys.slice(0, batchMax).filter((key, index) => {
      chars += lengthOf(key);
      return !index || chars <= BATCH_CHARS_MAX;
    });
  };

  const sendAll = async (): Promise<boolean> => {
    for (;;) {
      const keys = await queue.load();
      if (!keys[0]) return true;
      const [leftMs, failures] = pause();
      if (leftMs > 0) {
        sendIn(leftMs);
        return false;
      }
      stopTimer();
      if (!lock) local.set(PAUSE, `${platform.now() + LEASE_MS} ${failures} 0`);
      const batch = cut(keys);
      const texts = fit(await queue.read(batch));
      const evicted = queue.lostCount();
      // A retry goes without the keepalive, lest its small allowance, shared with the host page, be what failed.
      const handed = () => (inFlight = batch);
      const answer: Answer = texts[0] ? await transport.send(body(texts, evicted), failures === 0, handed) : 'refused';
      inFlight = [];
      hasSent = true;
      if (typeof answer === 'number') {
        backOff(answer, failures);
        return false;
      }
      local.remove(PAUSE);
      if (answer === 'tooLarge' && batch.length > 1) {
        batchMax = Math.ceil(batch.length / 2);
        continue;
      }
      await queue.remove(batch);
      if (answer === 'arrived' && texts[0]) queue.lost(-evicted);
      batchMax = batchEvents;
    }
  };

  const flush = (): Promise<boolean> => {
    running =
      running ||
      alone(sendAll)
        .catch(() => {
          // The storage failed; what is written waits for the next turn.
          if (!cancelTimer) sendIn(waitMs);
          return false;
        })
        .then((emptied) => {
          running = undefined;
          queue.rest();
          return emptied;
        });
    return running;
  };

  return {
    noticed: () => {
      if (queue.fresh() >= batchMax && pause()[0] <= 0) void flush();
      else if (!cancelTimer) sendIn(hasSent ? waitMs : FIRST_WAIT_MS);
    },
    flush,
    online: () => {
      if (!pause()[2]) local.remove(PAUSE);
      void flush();
    },
    leave: () => {
      const [leftMs, , asked] = pause();
      if (asked && leftMs > 0) return;
      const left = queue.own().filter((key) => !inFlight.includes(key));
      while (left[0]) {
        const batch = left.splice(0, cut(left).length);
        const texts = fit(batch.map(queue.written));
        if (texts[0] && !transport.beacon(body(texts))) return;
      }
    },
    unsent: () =>
      alone(async () => body(fit(await queue.read(await queue.load())))),
  };
}
