import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS_MAX, LEASE_MS, Queue, STORED_CHARS_MAX } from '../src/queue';
import { memoryStorage, type KeyValue } from '../src/storage';
import { FakePlatform } from './fakes';

const text = (number: number): string => JSON.stringify({ number });
const numbers = (queue: Queue): number[] =>
  queue.peek(10_000, Infinity).map((event) => (JSON.parse(event.text) as { number: number }).number);

describe('queue', () => {
  it('what a dead page left is adopted first, in its order', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    const dead = new Queue(storage, platform);
    for (let number = 0; number < 12; number += 1) dead.push(text(number));
    dead.endLease();
    platform.time += 10;
    const next = new Queue(storage, platform);
    next.push(text(99));
    expect(next.adopt()).toBe(12);
    expect(numbers(next)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]);
  });

  it('a living page keeps its events until its lease runs out', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    new Queue(storage, platform).push(text(1));
    const other = new Queue(storage, platform);
    platform.time += LEASE_MS;
    expect(other.adopt()).toBe(0);
    platform.time += 1;
    expect(other.adopt()).toBe(1);
  });

  it('the last word is adopted as the last event, unless it was taken back', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    const killed = new Queue(storage, platform);
    killed.push(text(1));
    killed.keepLastWord(text(2));
    expect(numbers(killed)).toEqual([1]);
    platform.time += LEASE_MS + 1;
    const next = new Queue(storage, platform);
    next.adopt();
    expect(numbers(next)).toEqual([1, 2]);
    expect(killed.takeBackLastWord()).toBe('spoken');
    killed.keepLastWord(text(3));
    expect(killed.takeBackLastWord()).toBe('taken');
    expect(killed.takeBackLastWord()).toBe('none');
  });

  it('a page that comes back does not send again what another has adopted', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    const frozen = new Queue(storage, platform);
    frozen.push(text(1));
    frozen.endLease();
    new Queue(storage, platform).adopt();
    frozen.reopen();
    expect(frozen.length).toBe(0);
  });

  it('damaged texts in storage are thrown away, not sent', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    for (const [index, bad] of ['{"a":', '[]', 'null', '7', ''].entries()) storage.set(`q/old/${index}`, bad);
    const queue = new Queue(storage, platform);
    expect(queue.adopt()).toBe(0);
    expect(storage.keys('q/')).toEqual([]);
  });

  it('memory and storage are bounded; the oldest goes first and is counted', () => {
    const [platform, storage] = [new FakePlatform(), memoryStorage()];
    const queue = new Queue(storage, platform);
    for (let number = 0; number < EVENTS_MAX + 5; number += 1) queue.push(JSON.stringify({ number, pad: 'x'.repeat(500) }));
    expect(queue.evicted).toBe(5);
    expect(numbers(queue)[0]).toBe(5);
    const stored = storage.keys('q/').reduce((sum, key) => sum + (storage.get(key)?.length ?? 0), 0);
    expect(stored).toBeLessThanOrEqual(STORED_CHARS_MAX);
  });

  it('loses nothing, keeps the order and leaves no rubbish, whatever happens between pages', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('push' as const) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 7 }) },
      { weight: 1, arbitrary: fc.constant('crash' as const) },
      { weight: 1, arbitrary: fc.constant('leave' as const) },
      { weight: 1, arbitrary: fc.constant('full' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const platform = new FakePlatform();
        const disk = memoryStorage();
        let full = false;
        const storage: KeyValue = { ...disk, set: (key, value) => !full && disk.set(key, value) };
        let queue = new Queue(storage, platform);
        const arrived: number[] = [];
        let pushed = 0;
        let unsafe = new Set<number>();
        for (const next of steps) {
          platform.time += 1;
          if (next === 'push') {
            queue.push(text(pushed));
            if (full) unsafe.add(pushed);
            pushed += 1;
          } else if (next === 'full') {
            full = !full;
          } else if (typeof next === 'number') {
            const batch = queue.peek(next, Infinity);
            arrived.push(...batch.map((event) => (JSON.parse(event.text) as { number: number }).number));
            queue.remove(batch);
          } else {
            if (next === 'leave') queue.endLease();
            else platform.time += LEASE_MS + 1;
            full = false;
            queue = new Queue(storage, platform);
            queue.adopt();
          }
        }
        const rest = queue.peek(10_000, Infinity);
        arrived.push(...rest.map((event) => (JSON.parse(event.text) as { number: number }).number));
        expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
        expect(new Set(arrived).size).toBe(arrived.length);
        // Only what storage had no room for may go with its page.
        for (let number = 0; number < pushed; number += 1) {
          if (!unsafe.has(number)) expect(arrived).toContain(number);
        }
        queue.remove(rest);
        expect(disk.keys('q/')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
