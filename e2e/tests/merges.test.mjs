/** Who is whom: identify, alias, merges, what is refused, and undoing it; seen by the unique persons of a trend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impression, posthog, posthogBatch, sunbird, sunbirdBatch } from '../harness/events.mjs';
import { SECRET_KEY, Server, WRITE_KEY } from '../harness/server.mjs';

let server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server?.stop());

async function send(events, key = WRITE_KEY) {
  const response = await server.post('/batch/', posthogBatch(key, events));
  expect(response.status).toBe(200);
}
const view = (id, name) => posthog(name, id);
const identify = (id, anonymous, changes = {}) => posthog('$identify', id, { $anon_distinct_id: anonymous, ...changes });
const alias = (id, other) => posthog('$create_alias', id, { distinct_id: id, alias: other });
const dangerous = (id, other) => posthog('$merge_dangerously', id, { distinct_id: id, alias: other });
const persons = (event) => server.count({ event, math: 'dau' });
const merges = () => server.inProject('GET', '/merges');
const mergeOf = async (other) => (await merges()).merges.find((merge) => merge.from === other);
const warningOf = async (other) => (await merges()).warnings.find((warning) => [warning.distinct_id, warning.other].includes(other));

describe('identify', () => {
  it('joins what the anonymous browser did before, and undo parts them again', async () => {
    await send([view('anon-a', 'a'), view('user-a', 'a')]);
    expect(await persons('a')).toBe(2);
    await send([identify('user-a', 'anon-a', { $set: { role: 'parent' } })]);
    expect(await persons('a')).toBe(1);
    expect((await server.inProject('GET', '/persons/anon-a')).properties).toMatchObject({ role: 'parent' });

    const merge = await mergeOf('anon-a');
    expect(merge).toMatchObject({ kind: 'identify', into: 'user-a' });
    const undone = await server.inProject('POST', `/merges/${merge.seq}/undo`);
    expect(undone.undone_at).toBeTruthy();
    expect(await persons('a')).toBe(2);
    expect((await server.inProject('GET', '/persons/anon-a')).distinct_ids).toEqual(['anon-a']);
    await expect(server.inProject('POST', `/merges/${merge.seq}/undo`)).rejects.toThrow(/: 40[49] /);
  });

  it('from telemetry.js works the same way', async () => {
    const visit = (id) => impression('home', { actor: { id, type: 'User' } });
    await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([visit('tm-anon'), visit('tm-user')]));
    expect(await persons('IMPRESSION')).toBe(2);
    const data = JSON.stringify({ $anon_distinct_id: 'tm-anon', $set: { class: '6' } });
    const claim = sunbird('EXDATA', { type: '$identify', data }, { actor: { id: 'tm-user', type: 'User' } });
    await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([claim]));
    expect(await persons('IMPRESSION')).toBe(1);
    expect((await server.inProject('GET', '/persons/tm-anon')).properties).toMatchObject({ class: '6' });
  });

  it('never takes an id that is already another person', async () => {
    await send([view('user-b1', 'b'), view('user-b2', 'b'), identify('user-b1', 'anon-b1'), identify('user-b2', 'anon-b2')]);
    expect(await persons('b')).toBe(2);
    await send([identify('user-b1', 'user-b2')]);
    expect(await persons('b')).toBe(2);
    expect(await warningOf('user-b2')).toMatchObject({ code: 'cannot_merge_already_identified' });
  });

  it.each(['anonymous', 'Guest', 'undefined', '[object Object]', '"null"', 'NaN'])('ignores the illegal id %s', async (illegal) => {
    const event = `illegal ${illegal}`;
    await send([view('user-c', event), view(illegal, event)]);
    await send([identify('user-c', illegal)]);
    expect(await persons(event)).toBe(2);
    expect(await warningOf(illegal)).toMatchObject({ code: 'cannot_merge_with_illegal_distinct_id' });
  });

  it('the same claim again changes nothing', async () => {
    const claim = identify('user-d', 'anon-d');
    await send([view('anon-d', 'd'), view('user-d', 'd'), claim]);
    const before = (await merges()).merges.length;
    await send([claim, identify('user-d', 'anon-d'), identify('user-d', 'user-d')]);
    expect((await merges()).merges).toHaveLength(before);
    expect(await persons('d')).toBe(1);
  });
});

describe('alias', () => {
  it('joins two ids for all their past events, over days', async () => {
    const day = (days) => ({ timestamp: new Date(Date.now() - days * 86_400_000).toISOString() });
    await send([posthog('e', 'user-e', {}, day(3)), posthog('e', 'device-e', {}, day(2)), posthog('e', 'other-e')]);
    expect(await persons('e')).toBe(3);
    await send([alias('user-e', 'device-e')]);
    expect(await persons('e')).toBe(2);
    const merge = await mergeOf('device-e');
    expect(merge).toMatchObject({ kind: 'alias', into: 'user-e' });
    await server.inProject('POST', `/merges/${merge.seq}/undo`);
    expect(await persons('e')).toBe(3);
  });

  it('holds after the server was killed', async () => {
    await send([view('user-f', 'f'), view('device-f', 'f'), alias('user-f', 'device-f')]);
    await server.kill();
    await server.launch();
    expect(await persons('f')).toBe(1);
  });
});

describe('merge_dangerously', () => {
  it('with the public write key is refused; with the secret key it joins two identified persons', async () => {
    await send([view('user-g1', 'g'), view('user-g2', 'g'), identify('user-g1', 'anon-g1'), identify('user-g2', 'anon-g2')]);
    await send([dangerous('user-g1', 'user-g2')]);
    expect(await persons('g')).toBe(2);
    expect(await warningOf('user-g2')).toMatchObject({ code: 'merge_needs_secret_key' });

    await send([dangerous('user-g1', 'user-g2')], SECRET_KEY);
    expect(await persons('g')).toBe(1);
    const person = await server.inProject('GET', '/persons/user-g2');
    expect(person.distinct_ids.sort()).toEqual(['anon-g1', 'anon-g2', 'user-g1', 'user-g2']);
    const merge = await mergeOf('user-g2');
    expect(merge.kind).toBe('merge_dangerously');
    await server.inProject('POST', `/merges/${merge.seq}/undo`);
    expect(await persons('g')).toBe(2);
  });
});
