import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueue, DEPOT_CHARS_MAX, JOURNAL_CHARS_MAX, type Queue } from '../src/queue';
import { fakeDepot, pageStorage, sharedStorage } from './fakes';

const midOf = (number: number): string => `E:${String(number).padStart(6, '0')}`;
const text = (number: number, pad = 0): string => JSON.stringify({ number, pad: 'x'.repeat(pad) });
async function numbers(queue: Queue): Promise<number[]> {
  const texts = await queue.read(await queue.load());
  return texts.map((each) => (JSON.parse(each!) as { number: number }).number);
}

describe('queue', () => {
  it('goes from the journal into the depot, in the order of time, what matters more first', async () => {
    const [{ local, texts }, depot] = [sharedStorage(), fakeDepot()];
    const queue = createQueue(local, async () => depot);
    for (const number of [3, 1, 4, 2]) queue.push(midOf(number), text(number), number === 1);
    expect(queue.fresh()).toBe(4);
    expect(await numbers(queue)).toEqual([2, 3, 4, 1]);
    expect(queue.fresh()).toBe(0);
    expect(texts.size).toBe(0);
    expect(depot.texts.size).toBe(4);
  });

  it('what one page wrote any other finds; the same event written twice is one', async () => {
    const [{ texts, local }, depot] = [sharedStorage(), fakeDepot()];
    createQueue(local, async () => depot).push(midOf(1), text(1), false);
    const next = createQueue(pageStorage(texts), async () => depot);
    next.push(midOf(2), text(2), false);
    next.push(midOf(1), text(1), false);
    expect(await numbers(next)).toEqual([1, 2]);
  });

  it('what is on its way to the server is still at hand for a page that goes', async () => {
    const [{ local }, depot] = [sharedStorage(), fakeDepot()];
    let give = (): void => undefined;
    const opened = new Promise<typeof depot>((done) => (give = () => done(depot)));
    const queue = createQueue(local, () => opened);
    queue.push(midOf(1), text(1), false);
    const loading = queue.load();
    await Promise.resolve();
    expect(queue.own().map(queue.written)).toEqual([text(1)]);
    give();
    const keys = await loading;
    expect(queue.own().map(queue.written)).toEqual([text(1)]);
    await queue.remove(keys);
    expect(queue.own()).toEqual([]);
    queue.push(midOf(2), text(2), false);
    await queue.load();
    queue.rest();
    expect(queue.own()).toEqual([]);
  });

  it('without a depot, or when it breaks, the journal is the queue', async () => {
    const [{ local }, depot] = [sharedStorage(), fakeDepot()];
    const none = createQueue(local, async () => undefined);
    none.push(midOf(1), text(1), false);
    expect(await numbers(none)).toEqual([1]);
    depot.broken = true;
    const broken = createQueue(local, async () => depot);
    broken.push(midOf(2), text(2), false);
    expect(await numbers(broken)).toEqual([1, 2]);
    depot.broken = false;
    expect(await numbers(broken)).toEqual([1, 2]);
    expect(depot.texts.size).toBe(2);
  });

  it.each([['depot', DEPOT_CHARS_MAX], ['journal', JOURNAL_CHARS_MAX]])(
    'the %s is bounded: the oldest of low priority goes first, then the oldest, and each is counted',
    async (place, most) => {
      const { local } = sharedStorage();
      const depot = place === 'depot' ? fakeDepot() : undefined;
      const queue = createQueue(local, async () => depot);
      const size = 50_000;
      const count = Math.floor(most / size) + 3;
      for (let number = 0; number < count; number += 1) queue.push(midOf(number), text(number, size), number === 5 || number === 7);
      const left = await numbers(queue);
      expect(queue.lostCount()).toBe(count - left.length);
      expect(left).not.toContain(5);
      expect(left).not.toContain(7);
      expect(left).not.toContain(0);
      expect(left).toContain(count - 1);
      expect(left.length * size).toBeLessThanOrEqual(most);
      queue.lost(-queue.lostCount());
      expect(queue.lostCount()).toBe(0);
    },
  );

  it('loses nothing and leaves no rubbish, whatever pages die and whenever the disk is full', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('push' as const) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 7 }) },
      { weight: 1, arbitrary: fc.constantFrom('dies' as const, 'full' as const, 'breaks' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { texts, full } = sharedStorage();
        const depot = fakeDepot();
        const page = (): Queue => createQueue(pageStorage(texts, full), async () => depot);
        let queue = page();
        const arrived: number[] = [];
        const unsafe = new Set<number>();
        let pushed = 0;
        for (const next of steps) {
          if (next === 'push') {
            queue.push(midOf(pushed), text(pushed), pushed % 3 === 0);
            if (full.now) unsafe.add(pushed);
            pushed += 1;
          } else if (next === 'full') full.now = !full.now;
          else if (next === 'breaks') depot.broken = !depot.broken;
          else if (next === 'dies') queue = page();
          else {
            const batch = (await queue.load()).slice(0, next);
            const read = await queue.read(batch);
            arrived.push(...read.map((each) => (JSON.parse(each!) as { number: number }).number));
            await queue.remove(batch);
          }
        }
        depot.broken = false;
        arrived.push(...(await numbers(queue)));
        await queue.remove(await queue.load());
        expect(new Set(arrived).size).toBe(arrived.length);
        // Only what storage had no room for may go with its page.
        for (let number = 0; number < pushed; number += 1) if (!unsafe.has(number)) expect(arrived).toContain(number);
        expect([depot.texts.size, texts.size]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });
});
