import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKOFF_MS_MAX, BATCH_EVENTS_MAX, Delivery, FIRST_WAIT_MS, WAIT_MS } from '../src/delivery';
import { Queue } from '../src/queue';
import { memoryStorage } from '../src/storage';
import { distinct, FakePlatform, FakeServer, type Received } from './fakes';

function fixture() {
  const platform = new FakePlatform();
  const queue = new Queue(memoryStorage(), platform);
  const server = new FakeServer(platform);
  const delivery = new Delivery(queue, server, platform);
  let pushed = 0;
  const push = (count = 1): void => {
    for (let done = 0; done < count; done += 1) {
      queue.push(JSON.stringify({ mid: `m${(pushed += 1)}` }));
      delivery.notice();
    }
  };
  return { platform, queue, server, delivery, push };
}
const mids = (events: readonly Received[]): string[] => events.map((event) => event.mid);

describe('delivery', () => {
  it('the first event leaves soon, later ones gather for a few seconds', async () => {
    const { platform, server, push } = fixture();
    push();
    await platform.advance(FIRST_WAIT_MS);
    expect(mids(server.received)).toEqual(['m1']);
    push(3);
    await platform.advance(WAIT_MS - 1);
    expect(server.requests).toHaveLength(1);
    await platform.advance(1);
    expect(mids(server.received)).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(server.requests).toHaveLength(2);
  });

  it('a full batch leaves at once, and no request carries more', async () => {
    const { platform, server, push } = fixture();
    push(BATCH_EVENTS_MAX * 2 + 1);
    await platform.advance(0);
    expect(server.requests.map((request) => JSON.parse(request.body).events.length)).toEqual([20, 20, 1]);
  });

  it('after a failure the same events go again, later and later, until they arrive', async () => {
    const { platform, server, push } = fixture();
    server.answers = Array.from({ length: 9 }, () => ({ kind: 'later' as const }));
    push(2);
    await platform.advance(10 * BACKOFF_MS_MAX);
    expect(mids(server.received)).toEqual(['m1', 'm2']);
    expect(server.requests).toHaveLength(10);
    const pauses = server.requests.slice(1).map((request, index) => request.at - server.requests[index]!.at);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(BACKOFF_MS_MAX);
    for (const [step, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** step, BACKOFF_MS_MAX) / 2);
    }
  });

  it('a time that the server names is kept, even when the network comes back or the page asks', async () => {
    const { platform, server, delivery, push } = fixture();
    server.answers = [{ kind: 'later', waitMs: 90_000 }];
    push();
    await platform.advance(FIRST_WAIT_MS);
    delivery.online();
    expect(await delivery.flush()).toBe(false);
    delivery.leave();
    await platform.advance(89_000);
    expect(server.requests).toHaveLength(1);
    expect(server.beacons).toEqual([]);
    await platform.advance(3_000);
    expect(mids(server.received)).toEqual(['m1']);
  });

  it('coming online ends a back-off', async () => {
    const { platform, server, delivery, push } = fixture();
    server.answers = Array.from({ length: 20 }, () => ({ kind: 'later' as const }));
    push();
    await platform.advance(100_000);
    expect(server.received).toEqual([]);
    const before = server.requests.length;
    server.answers = [];
    delivery.online();
    await platform.advance(0);
    expect(server.requests).toHaveLength(before + 1);
    expect(mids(server.received)).toEqual(['m1']);
  });

  it('a refused batch is dropped, so that it does not stand in the way for ever', async () => {
    const { platform, server, push } = fixture();
    server.answers = [{ kind: 'refused' }];
    push();
    await platform.advance(FIRST_WAIT_MS);
    push();
    await platform.advance(WAIT_MS);
    expect(mids(server.received)).toEqual(['m2']);
  });

  it('a batch that is too large is halved; a single event that is too large is given up', async () => {
    const { platform, server, push } = fixture();
    server.answers = [{ kind: 'tooLarge' }, { kind: 'tooLarge' }, { kind: 'tooLarge' }];
    push(4);
    await platform.advance(FIRST_WAIT_MS);
    expect(mids(server.received)).toEqual(['m2', 'm3', 'm4']);
  });

  it('a leaving page hands over what waits, but not what is in flight, and keeps it for the next page', async () => {
    const { queue, server, delivery, push } = fixture();
    push(BATCH_EVENTS_MAX + 3);
    delivery.leave();
    expect(mids(server.beacons)).toEqual(['m21', 'm22', 'm23']);
    expect(queue.length).toBe(23);
  });

  it('every event arrives once by its mid and in order, whatever the server does', async () => {
    const answer = fc.constantFrom(
      { kind: 'later' as const },
      { kind: 'later' as const, waitMs: 5_000 },
      { kind: 'arrived' as const },
      'lost answer' as const,
    );
    const step = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.record({ pauseMs: fc.integer({ min: 0, max: 20_000 }) }));
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 25 }), fc.array(step, { maxLength: 25 }), async (answers, steps) => {
        const { platform, queue, server, push } = fixture();
        server.answers = [...answers];
        let count = 0;
        for (const next of steps) {
          if (typeof next === 'number') {
            push(next);
            count += next;
          } else {
            await platform.advance(next.pauseMs);
          }
        }
        await platform.advance(30 * BACKOFF_MS_MAX);
        expect(mids(distinct(server.received))).toEqual(Array.from({ length: count }, (_, index) => `m${index + 1}`));
        const repeats = server.received.length - count;
        const lost = answers.filter((each) => each === 'lost answer').length;
        expect(repeats).toBeLessThanOrEqual(lost * BATCH_EVENTS_MAX);
        expect(queue.length).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
