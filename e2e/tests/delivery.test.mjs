/** Whatever is repeated, killed or bad in between: what was acknowledged is there, once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { impression, posthog, posthogBatch, sunbirdBatch, tally } from '../harness/events.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';

let server;
beforeEach(async () => {
  server = await Server.start();
});
afterEach(() => server?.stop());

const BATCHES = 8;
const BATCH_EVENTS = 25;

/** One dialect: how an event is made, how a bad one, and how a batch is sent. */
const DIALECTS = {
  sunbird: {
    good: (number) => impression(String(number), { actor: { id: `parent-${number % 20}`, type: 'User' } }),
    numberOf: (row) => Number(row.properties['edata.pageid']),
    bad: () => ({ ...impression('bad'), context: undefined }),
    send: (events) => server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch(events)),
    name: 'IMPRESSION',
    reason: 'missing_field',
  },
  posthog: {
    good: (number) => posthog('paid', `parent-${number % 20}`, { number }),
    numberOf: (row) => row.properties.number,
    bad: () => posthog('paid', ''),
    send: (events) => server.post('/batch/', posthogBatch(WRITE_KEY, events)),
    name: 'paid',
    reason: 'missing_distinct_id',
  },
};

function batches(dialect) {
  const all = Array.from({ length: BATCHES }, (_, batch) =>
    Array.from({ length: BATCH_EVENTS }, (_, index) => dialect.good(batch * BATCH_EVENTS + index)),
  );
  // One bad event in the middle of a batch in the middle.
  all[4].splice(12, 0, dialect.bad());
  return { all, good: BATCHES * BATCH_EVENTS };
}

describe.each(Object.keys(DIALECTS))('%s', (name) => {
  const dialect = DIALECTS[name];

  it('every batch three times, a kill -9 between, a bad event in the middle: exact counts', async () => {
    const { all, good } = batches(dialect);
    for (let round = 0; round < 3; round += 1) {
      for (const [index, batch] of all.entries()) {
        const response = await dialect.send(batch);
        expect(response.status).toBe(200);
        if (round < 2 && index === 3 + round) {
          await server.kill();
          await server.launch();
        }
      }
    }
    expect(await server.count({ event: dialect.name, math: 'total' })).toBe(good);
    expect(await server.count({ event: dialect.name, math: 'dau' })).toBe(20);
    const rows = await server.events();
    expect(rows).toHaveLength(good);
    expect(new Set(rows.map((row) => row.uuid)).size).toBe(good);
    const outcomes = await server.outcomes();
    expect(outcomes).toMatchObject({ received: 3 * (good + 1), stored: good, duplicate: 2 * good, failed: 3, not_kept: 0 });
    expect(outcomes.reasons.map(({ reason, count }) => ({ reason, count }))).toEqual([{ reason: dialect.reason, count: 3 }]);
    expect((await server.inProject('GET', '/failed-events')).failed).toHaveLength(3);
  });

  it('killed with requests in flight and tried again by the client: what was acknowledged is there, once', async () => {
    const { all, good } = batches(dialect);
    const acknowledged = new Set();
    const attempt = async (index) => {
      const response = await dialect.send(all[index]).catch(() => undefined);
      if (response?.status === 200) acknowledged.add(index);
    };
    for (let round = 0; round < 2; round += 1) {
      const inFlight = all.map((_, index) => attempt(index));
      await Promise.race(inFlight);
      await server.kill();
      await Promise.all(inFlight);
      await server.launch();
      const there = new Set((await server.events()).map(dialect.numberOf));
      for (const index of acknowledged) {
        for (let event = 0; event < BATCH_EVENTS; event += 1) expect(there).toContain(index * BATCH_EVENTS + event);
      }
    }
    await Promise.all(all.map((_, index) => attempt(index)));
    expect(acknowledged.size).toBe(BATCHES);
    const rows = await server.events();
    expect(tally(rows)).toEqual({ [dialect.name]: good });
    expect(await server.count({ event: dialect.name, math: 'total' })).toBe(good);
    expect((await server.outcomes()).stored).toBe(good);
  });
});

it('a failed event can be tried again once its cause is gone, and counts once', async () => {
  const event = impression('late');
  delete event.edata.uri;
  await server.inProject('PATCH', '', { sunbird_validation: 'strict' });
  await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([event]));
  const { failed } = await server.inProject('GET', '/failed-events?reason=missing_field');
  const mine = failed.find((one) => JSON.parse(one.payload).mid === event.mid);
  const retry = () => server.inProject('POST', '/failed-events/retry', { ids: [mine.id] });
  // Still wrong: it fails again and stays.
  expect(await retry()).toMatchObject({ tried: 1, stored: 0, failed: 1 });
  await server.inProject('PATCH', '', { sunbird_validation: 'lenient' });
  expect(await retry()).toMatchObject({ tried: 1, stored: 1, failed: 0 });
  expect(await retry()).toMatchObject({ tried: 1, stored: 0, duplicate: 1 });
  await server.outcomes();
});
