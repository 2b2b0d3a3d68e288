/**
 * Empties the queue: when to send, how much at once, and what to do when it fails.
 *
 * One request at a time, so the order is kept. Events leave the queue only when the server has answered for them.
 */
import { batchBody } from './event';
import { randomFraction, uuid7, type Platform } from './platform';
import type { Queue, Waiting } from './queue';
import type { Transport } from './transport';

/** Sunbird's own batch size; the server takes far more, but a small batch is soon through on a poor network. */
export const BATCH_EVENTS_MAX = 20;
/** Browsers refuse more than 64 KiB of keepalive bodies in flight, and a character may be 3 bytes in UTF-8. */
export const BATCH_CHARS_MAX = 20 * 1024;
/** A developer who pastes the snippet sees the first event within a second. */
export const FIRST_WAIT_MS = 300;
/** Afterwards events gather: each request wakes a phone's radio for seconds. */
export const WAIT_MS = 5 * 1000;
/** First back-off step; doubles with each failure. */
export const BACKOFF_MS = 1000;
/** Longest back-off: shorter than the queue's lease. */
export const BACKOFF_MS_MAX = 60 * 1000;

export class Delivery {
  private cancelTimer: (() => void) | undefined;
  private running: Promise<boolean> | undefined;
  private inFlight: Waiting[] = [];
  private failures = 0;
  /** While set nothing is sent: after a failure, or because the server asked for it. */
  private pause: 'none' | 'failure' | 'asked' = 'none';
  private batchEventsMax = BATCH_EVENTS_MAX;
  private hasSent = false;

  constructor(
    private readonly queue: Queue,
    private readonly transport: Transport,
    private readonly platform: Platform,
  ) {}

  /** An event was queued: sends soon, or now when a batch is full. */
  notice(): void {
    if (this.queue.length >= this.batchEventsMax) void this.flush();
    else if (!this.cancelTimer) this.sendIn(this.hasSent ? WAIT_MS : FIRST_WAIT_MS);
  }

  /** Sends all that waits. True when the queue was emptied; false when a pause or a failure left some. */
  flush(): Promise<boolean> {
    this.running ??= this.sendAll()
      .catch(() => false)
      .then((emptied) => {
        this.running = undefined;
        return emptied;
      });
    return this.running;
  }

  /** The network came back: a back-off ends, but not a wait that the server asked for. */
  online(): void {
    if (this.pause === 'failure') this.resume();
    void this.flush();
  }

  /**
   * The page goes: hands what waits to the browser. It stays in storage, for nobody hears whether it arrived; the next
   * page sends it again and the server counts it once.
   */
  leave(): void {
    if (this.pause === 'asked') return;
    // Events in flight outlive the page by themselves.
    let skip = this.inFlight.length;
    for (;;) {
      const batch = this.queue.peek(BATCH_EVENTS_MAX, BATCH_CHARS_MAX, skip);
      if (batch.length === 0 || !this.transport.beacon(this.body(batch))) return;
      skip += batch.length;
    }
  }

  private async sendAll(): Promise<boolean> {
    while (this.queue.length > 0) {
      if (this.pause !== 'none') return false;
      this.stopTimer();
      this.queue.renewLease();
      this.inFlight = this.queue.peek(this.batchEventsMax, BATCH_CHARS_MAX);
      const batch = this.inFlight;
      const evicted = this.queue.evicted;
      // A retry goes without the keepalive, lest its small allowance, shared with the host page, be what failed.
      const answer = await this.transport.send(this.body(batch), this.failures === 0);
      this.hasSent = true;
      this.inFlight = [];
      if (answer.kind === 'later') {
        this.backOff(answer.waitMs);
        return false;
      }
      this.failures = 0;
      if (answer.kind === 'tooLarge' && batch.length > 1) {
        this.batchEventsMax = Math.ceil(batch.length / 2);
        continue;
      }
      this.queue.remove(batch);
      if (answer.kind === 'arrived') this.queue.evicted -= evicted;
      this.batchEventsMax = BATCH_EVENTS_MAX;
    }
    return true;
  }

  private body(batch: readonly Waiting[]): string {
    const texts = batch.map((event) => event.text);
    return batchBody(uuid7(this.platform), this.platform.now(), this.queue.evicted, texts);
  }

  private backOff(askedMs: number | undefined): void {
    const stepMs = Math.min(BACKOFF_MS * 2 ** this.failures, BACKOFF_MS_MAX);
    this.failures += 1;
    // Half fixed, half random: a server that comes back is not met by every page in the same second.
    const ownMs = stepMs * (0.5 + randomFraction(this.platform) / 2);
    this.pause = askedMs === undefined ? 'failure' : 'asked';
    this.stopTimer();
    this.sendIn(askedMs === undefined ? ownMs : askedMs + ownMs - stepMs / 2);
  }

  private resume(): void {
    this.pause = 'none';
    this.stopTimer();
  }

  private sendIn(ms: number): void {
    this.cancelTimer = this.platform.later(ms, () => {
      this.cancelTimer = undefined;
      this.pause = 'none';
      void this.flush();
    });
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}
