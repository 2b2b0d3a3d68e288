/** Sunbird's sample events: what must be kept is kept, what must be refused is a failed event that says why. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sunbirdBatch } from '../harness/events.mjs';
import { folder } from '../harness/paths.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';

const samples = JSON.parse(readFileSync(folder('fixtures/sunbird-samples.json'), 'utf8'));

/** Why each sample is refused by Sunbird's own schemas. */
const STRICT = {
  // 3.1 is in the server's schema for ASSESS only.
  'ver 3.1': 'unsupported_version',
  'START stageid': 'extra_field',
  'IMPRESSION no uri': 'missing_field',
  'visits as object': 'invalid_field',
  'FEEDBACK contentId': 'extra_field',
  'channel empty': 'missing_field',
  'no pdata': 'missing_field',
  'mid empty': 'missing_field',
  'INTERACT id object': 'invalid_field',
  'edata missing': 'missing_field',
  'plugin no ver': 'missing_field',
  'summary object': 'invalid_field',
  'SEARCH size string': 'invalid_field',
};
/** What a lenient project still refuses; the other seven are repaired. */
const LENIENT = ['channel empty', 'no pdata', 'mid empty', 'INTERACT id object', 'edata missing', 'plugin no ver'];

/** The sample with a mid of its own (they share theirs), and marked so that its row or failure can be found. */
function own(event, mark) {
  return { ...event, tags: [mark], ...(event.mid === '' ? {} : { mid: `${event.eid}:${randomUUID()}` }) };
}

async function sendAll(server) {
  const events = [
    ...samples.request.events.map((event) => ['request', event]),
    ...Object.entries(samples.accept),
    ...Object.entries(samples.reject),
  ].map(([name, event], index) => own(event, `${name}#${index}`));
  // One batch: a bad event must not harm its mates.
  const response = await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch(events));
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ id: 'api.telemetry', responseCode: 'SUCCESS' });
  const rows = await server.events();
  const { failed } = await server.inProject('GET', '/failed-events?limit=100');
  const mark = (tags) => (Array.isArray(tags) ? tags : JSON.parse(tags))[0].split('#')[0];
  return {
    kept: rows.map((row) => mark(row.properties.tags)).sort(),
    refused: Object.fromEntries(failed.map((each) => [mark(JSON.parse(each.payload).tags), each])),
    rows,
  };
}

const GOOD = [...samples.request.events.map(() => 'request'), ...Object.keys(samples.accept)];

describe('a strict project', () => {
  let server;
  beforeAll(async () => {
    server = await Server.start();
    await server.inProject('PATCH', '', { sunbird_validation: 'strict' });
  });
  afterAll(() => server?.stop());

  it('keeps every event that the schemas accept and refuses each other one for its reason', async () => {
    const { kept, refused } = await sendAll(server);
    expect(kept).toEqual([...GOOD].sort());
    expect(Object.fromEntries(Object.entries(refused).map(([name, each]) => [name, each.reason]))).toEqual(STRICT);
    expect(refused['plugin no ver'].detail).toContain('plugin.ver');
    expect(await server.outcomes()).toMatchObject({ received: 34, stored: 21, failed: 13, not_kept: 0 });
  });
});

describe('a lenient project', () => {
  let server;
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server?.stop());

  it('repairs what can be repaired and refuses the rest', async () => {
    const { kept, refused, rows } = await sendAll(server);
    const repaired = Object.keys(samples.reject).filter((name) => !LENIENT.includes(name));
    expect(repaired).toHaveLength(7);
    expect(kept).toEqual([...GOOD, ...repaired].sort());
    expect(Object.keys(refused).sort()).toEqual([...LENIENT].sort());
    for (const name of LENIENT) expect(refused[name].reason).toBe(STRICT[name]);

    const row = (name) => rows.find((each) => JSON.stringify(each.properties.tags).includes(`${name}#`)).properties;
    expect(row('IMPRESSION no uri')['edata.uri'] ?? '').toBe('');
    // It has a pageid of its own, so the stage stays beside it.
    expect(row('START stageid')).toMatchObject({ 'edata.pageid': 'home', 'edata.stageid': 's1' });
    expect(row('SEARCH size string')['edata.size']).toBe(3);
    expect(row('FEEDBACK contentId')['edata.rating']).toBe(4.5);
    const search = rows.find((each) => each.event === 'SEARCH' && each.properties['edata.query'] === 'छुट्टी');
    expect(search.distinct_id).toBe('p-5d2e81c4');
    expect(await server.outcomes()).toMatchObject({ received: 34, stored: 28, failed: 6 });
  });
});
