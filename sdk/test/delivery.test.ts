import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKOFF_MS_MAX, BATCH_EVENTS, createDelivery, FIRST_WAIT_MS, WAIT_MS, type Lock } from '../src/delivery';
import { createQueue } from '../src/queue';
import { distinct, fakeDepot, fakeLock, FakePlatform, FakeServer, pageStorage, type Received } from './fakes';

/** A browser: tabs share clock, server, storage and depot. `lock` none: a browser without Web Locks. */
function browser(lock: Lock | undefined = fakeLock()) {
  const platform = new FakePlatform();
  const server = new FakeServer(platform);
  const [depot, texts] = [fakeDepot(), new Map<string, string>()];
  let pushed = 0;
  const tab = () => {
    const local = pageStorage(texts);
    const queue = createQueue(local, async () => depot);
    const delivery = createDelivery(queue, local, server, lock, platform, () => 3, (text) => text);
    const push = (count = 1): void => {
      for (let done = 0; done < count; done += 1) {
        pushed += 1;
        const mid = `E:${String(pushed).padStart(6, '0')}`;
        queue.push(mid, JSON.stringify({ mid }), false);
        delivery.noticed();
      }
    };
    return { queue, delivery, push };
  };
  return { platform, server, depot, texts, tab };
}
const fixture = () => {
  const all = browser();
  return { ...all, ...all.tab() };
};
const numbers = (events: readonly Received[]): number[] => events.map((event) => Number(event.mid.slice(2)));

describe('delivery', () => {
  it('the first event leaves soon, later ones gather for ten seconds', async () => {
    const { platform, server, push } = fixture();
    push();
    await platform.advance(FIRST_WAIT_MS);
    expect(numbers(server.received)).toEqual([1]);
    push(3);
    await platform.advance(WAIT_MS - 1);
    expect(server.requests).toHaveLength(1);
    await platform.advance(1);
    expect(numbers(server.received)).toEqual([1, 2, 3, 4]);
    expect(server.requests).toHaveLength(2);
  });

  it('a full batch leaves at once, and no request carries more', async () => {
    const { platform, server, push } = fixture();
    push(BATCH_EVENTS * 2 + 1);
    await platform.advance(0);
    expect(server.requests.map((request) => JSON.parse(request.body).events.length)).toEqual([50, 50, 1]);
  });

  it('is written down before the network is tried', async () => {
    const { platform, server, depot, push } = fixture();
    const before: number[] = [];
    const { send } = server;
    server.send = (body, outliving, handed) => {
      before.push(depot.texts.size);
      return send(body, outliving, handed);
    };
    push(3);
    await platform.advance(FIRST_WAIT_MS);
    expect(before).toEqual([3]);
    expect(depot.texts.size).toBe(0);
  });

  it('after a failure the same events go again, later and later, until they arrive', async () => {
    const { platform, server, push } = fixture();
    server.answers = Array.from({ length: 9 }, () => Number.NaN);
    push(2);
    await platform.advance(10 * BACKOFF_MS_MAX);
    expect(numbers(server.received)).toEqual([1, 2]);
    expect(server.requests).toHaveLength(10);
    const pauses = server.requests.slice(1).map((request, index) => request.at - server.requests[index]!.at);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(BACKOFF_MS_MAX);
    for (const [step, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** step, BACKOFF_MS_MAX) / 2);
    }
  });

  it('a time that the server names is kept by every tab, even when the network comes back or the page asks', async () => {
    const { platform, server, delivery, push, tab } = fixture();
    server.answers = [90_000];
    push();
    await platform.advance(FIRST_WAIT_MS);
    delivery.online();
    expect(await delivery.flush()).toBe(false);
    const other = tab();
    other.push(60);
    expect(await other.delivery.flush()).toBe(false);
    delivery.leave();
    await platform.advance(89_000);
    expect(server.requests).toHaveLength(1);
    expect(server.beacons).toEqual([]);
    await platform.advance(3_000);
    expect(numbers(server.received)).toHaveLength(61);
  });

  it('coming online ends a back-off', async () => {
    const { platform, server, delivery, push } = fixture();
    server.answers = Array.from({ length: 20 }, () => Number.NaN);
    push();
    await platform.advance(100_000);
    expect(server.received).toEqual([]);
    const before = server.requests.length;
    server.answers = [];
    delivery.online();
    await platform.advance(0);
    expect(server.requests).toHaveLength(before + 1);
    expect(numbers(server.received)).toEqual([1]);
  });

  it('a refused batch is dropped, so that it does not stand in the way for ever', async () => {
    const { platform, server, push } = fixture();
    server.answers = ['refused'];
    push();
    await platform.advance(FIRST_WAIT_MS);
    push();
    await platform.advance(WAIT_MS);
    expect(numbers(server.received)).toEqual([2]);
  });

  it('a batch that is too large is halved; a single event that is too large is given up', async () => {
    const { platform, server, push } = fixture();
    server.answers = ['tooLarge', 'tooLarge', 'tooLarge'];
    push(4);
    await platform.advance(FIRST_WAIT_MS);
    expect(numbers(server.received)).toEqual([2, 3, 4]);
  });

  it('a leaving page hands over what it wrote last, and keeps it for the next page', async () => {
    const { platform, server, delivery, push, tab } = fixture();
    push(3);
    delivery.leave();
    expect(numbers(server.beacons)).toEqual([1, 2, 3]);
    const next = tab();
    await next.delivery.flush();
    await platform.advance(0);
    expect(numbers(distinct([...server.beacons, ...server.received]))).toEqual([1, 2, 3]);
    expect(await next.queue.load()).toEqual([]);
  });

  it.each(Array.from({ length: 40 }, (_, turns) => turns))('a page that goes while it sends, %i steps in, loses nothing', async (turns) => {
    const { server, delivery, push } = fixture();
    // The browser packs the body first; the page is gone before it has.
    server.send = () => new Promise(() => undefined);
    push(3);
    void delivery.flush();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    push();
    delivery.leave();
    expect(numbers(distinct(server.beacons))).toEqual([1, 2, 3, 4]);
  });

  it('what the browser sends to the end is not sent twice by a page that goes', async () => {
    const { platform, server, delivery, push } = fixture();
    server.send = (_body, _outliving, handed) => {
      handed();
      return new Promise(() => undefined);
    };
    push(3);
    void delivery.flush();
    await platform.advance(0);
    delivery.leave();
    expect(server.beacons).toEqual([]);
  });

  it.each([['with Web Locks', fakeLock()], ['without', undefined]])('three tabs, one sender: no double, %s', async (_, lock) => {
    const { platform, server, tab } = browser(lock);
    const tabs = [tab(), tab(), tab()];
    for (let round = 0; round < 5; round += 1) {
      for (const { push } of tabs) push(7);
      await platform.advance(WAIT_MS);
    }
    await platform.advance(10 * WAIT_MS);
    expect(numbers(server.received).sort((a, b) => a - b)).toEqual(Array.from({ length: 105 }, (_, index) => index + 1));
    // Whoever is first sends for all: no more requests than one tab would need.
    expect(server.requests.length).toBeLessThanOrEqual(12);
  });

  it('every event arrives once by its mid, whatever the server does and whichever tab dies', async () => {
    const answer = fc.constantFrom(Number.NaN, 5_000, 'arrived' as const, 'lost answer' as const);
    const step = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.record({ pauseMs: fc.integer({ min: 0, max: 20_000 }) }), fc.constant('dies' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 25 }), fc.array(step, { maxLength: 25 }), async (answers, steps) => {
        const { platform, server, depot, texts, tab } = browser();
        server.answers = [...answers];
        let current = tab();
        let count = 0;
        for (const next of steps) {
          if (typeof next === 'number') {
            current.push(next);
            count += next;
          } else if (next === 'dies') current = tab();
          else await platform.advance(next.pauseMs);
        }
        current.push();
        await platform.advance(30 * BACKOFF_MS_MAX);
        const arrived = numbers(distinct(server.received)).sort((a, b) => a - b);
        expect(arrived).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1));
        const lost = answers.filter((each) => each === 'lost answer').length;
        expect(server.received.length - count - 1).toBeLessThanOrEqual(lost * BATCH_EVENTS);
        expect([depot.texts.size, [...texts.keys()].filter((key) => key.startsWith('q/'))]).toEqual([0, []]);
      }),
      { numRuns: 200 },
    );
  });
});
