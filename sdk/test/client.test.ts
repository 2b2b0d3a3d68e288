import { describe, expect, it } from 'vitest';
import { createClient } from '../src/client';
import { createDelivery } from '../src/delivery';
import { createIdentity } from '../src/identity';
import { createQueue } from '../src/queue';
import { createSessions, IDLE_MS_MAX } from '../src/session';
import { distinct, fakeDepot, fakeLock, FakePlatform, FakeServer, pageStorage, type Received } from './fakes';
import { schemaErrors } from './schema';

function fixture(platform = new FakePlatform(), texts = new Map<string, string>(), depot = fakeDepot()) {
  const server = new FakeServer(platform);
  const local = pageStorage(texts);
  const queue = createQueue(local, async () => depot);
  const state: { level: number | undefined } = { level: 3 };
  const delivery = createDelivery(queue, local, server, fakeLock(), platform, () => state.level ?? 0, (text) => text);
  const client = createClient({
    origin: { channel: 'school.in', pdata: { id: 'school.in', ver: '1.0', pid: 'web' }, env: 'web' },
    platform,
    local,
    queue,
    sessions: createSessions(local, platform),
    identity: createIdentity(local, platform),
    delivery,
    levelNow: () => state.level,
    heartbeats: true,
  });
  client.start('/home');
  /** What has arrived, in the order in which it happened. */
  const sent = async (): Promise<Received[]> => {
    await delivery.flush();
    return [...server.received];
  };
  const next = () => fixture(platform, texts, depot);
  return { platform, server, client, sent, next, state };
}
const names = (events: readonly Received[]): unknown[] =>
  events.map((event) => (event.eid === 'EXDATA' ? event.edata['type'] : event.eid));

describe('client', () => {
  it('every kind of event is valid under the Sunbird schema and has its own mid', async () => {
    const { platform, client, sent } = fixture();
    client.impression('/home', { subtype: 'load' });
    client.emit('INTERACT', { type: 'CLICK', id: 'tile', target: { id: 't', type: 'button', ver: '1' }, extra: { pos: [{ x: 1, y: 2 }] } });
    client.track('leave_requested', { days: 2, reason: 'fever', nested: { a: [1, null] } });
    client.identify('parent-1', { class: '6' });
    client.identify('parent-1', { class: '7' });
    await platform.advance(42_500);
    client.leave();
    const events = distinct([...(await sent())]);
    expect(names(events).sort()).toEqual(['$identify', '$set', 'END', 'IMPRESSION', 'INTERACT', 'START', 'leave_requested'].sort());
    for (const event of events) {
      expect(schemaErrors(event)).toBe('');
      expect(event.mid).toMatch(new RegExp(`^${event.eid}:[0-9a-f-]{36}$`));
    }
    const end = events.find((event) => event.eid === 'END')!;
    expect(end.edata).toEqual({
      type: 'app', mode: 'play', pageid: '/home', duration: 42.5, summary: [{ pages: 1 }, { engaged: 0 }, { scroll: 0 }],
    });
  });

  it('the schemas do find fault with a wrong event', () => {
    expect(schemaErrors({ eid: 'START' })).toContain('required');
    expect(schemaErrors({ eid: 'NOPE' })).toContain('no schema');
  });

  it('identify names the anonymous device once; the next person is never merged with the first', async () => {
    const { client, sent } = fixture();
    client.identify('parent-1');
    client.track('paid');
    client.identify('parent-1');
    client.identify('parent-2', { class: '3' });
    client.identify({} as never);
    const events = await sent();
    const [start, first, paid, second] = events;
    expect(names(events)).toEqual(['START', '$identify', 'paid', '$set']);
    expect(start!.actor.id).toBe(start!.context.did);
    expect(first!.actor.id).toBe('parent-1');
    expect(JSON.parse(String(first!.edata['data']))).toEqual({ $anon_distinct_id: start!.context.did });
    expect(paid!.actor.id).toBe('parent-1');
    expect(second!.actor.id).toBe('parent-2');
  });

  it('reset ends the visit and makes the next visitor somebody else', async () => {
    const { client, sent } = fixture();
    client.identify('parent-1');
    client.reset();
    client.track('seen');
    const events = await sent();
    expect(names(events)).toEqual(['START', '$identify', 'END', 'START', 'seen']);
    const [before, after] = [events[2]!, events[4]!];
    expect(before.actor.id).toBe('parent-1');
    expect(after.actor.id).toBe(after.context.did);
    expect(after.context.did).not.toBe(before.context.did);
    expect(after.context.sid).not.toBe(before.context.sid);
  });

  it('after a long silence the old visit ends at its last activity and a new one starts', async () => {
    const { platform, client, sent } = fixture();
    platform.time += 10_000;
    client.track('a');
    platform.time += IDLE_MS_MAX + 1;
    client.track('b');
    const events = await sent();
    const of = (name: string): Received[] => events.filter((event) => names([event])[0] === name);
    expect(names(events).sort()).toEqual(['END', 'START', 'START', 'a', 'b']);
    const [[end], [a], [b], [, start]] = [of('END'), of('a'), of('b'), of('START')];
    expect(end!.edata['duration']).toBe(10);
    expect(end!.ets).toBe(a!.ets);
    expect(end!.context.sid).toBe(a!.context.sid);
    expect(start!.context.sid).toBe(b!.context.sid);
    expect(b!.context.sid).not.toBe(a!.context.sid);
  });

  it('engaged time is what was watched and not wall time; each minute of it is a HEARTBEAT', async () => {
    const { platform, client, sent } = fixture();
    for (let second = 0; second < 70; second += 1) {
      platform.time += 1000;
      client.touch();
    }
    // A walk to the kitchen, then another tab.
    platform.time += 120_000;
    client.touch();
    client.attend(false);
    platform.time += 20_000;
    client.touch();
    client.scrolled(40);
    client.scrolled(30);
    client.leave();
    const events = await sent();
    const beats = events.filter((event) => event.eid === 'HEARTBEAT');
    expect(beats.map((event) => event.edata['engaged'])).toEqual([60]);
    expect(schemaErrors(beats[0]!)).toBe('');
    const end = events.find((event) => event.eid === 'END')!;
    expect(end.edata).toMatchObject({ duration: 210, summary: [{ pages: 0 }, { engaged: 70 }, { scroll: 40 }] });
  });

  it('an IMPRESSION tells of the page before it: how long, how much of it watched, how far scrolled', async () => {
    const { platform, client, sent } = fixture();
    client.impression('/home', {});
    platform.time += 4000;
    client.touch();
    client.scrolled(75);
    platform.time += 60_000;
    client.impression('/marks', {});
    const [first, second] = (await sent()).filter((event) => event.eid === 'IMPRESSION');
    expect(first!.context.cdata).toBeUndefined();
    expect(second!.context.cdata).toEqual([
      { type: 'PreviousPage', id: '/home' },
      { type: 'PreviousSeconds', id: '64' },
      { type: 'PreviousEngaged', id: '4' },
      { type: 'PreviousScroll', id: '75' },
    ]);
    expect(schemaErrors(second!)).toBe('');
  });

  it('a page that dies while hidden is ended half an hour later; one that comes back is not', async () => {
    const killed = fixture();
    killed.platform.time += 5_000;
    killed.client.hide();
    await killed.platform.advance(1000);
    const soon = killed.next();
    expect(names(await soon.sent())).toEqual(['START']);
    killed.platform.time += IDLE_MS_MAX;
    const later = killed.next();
    const events = await later.sent();
    expect(names(events).filter((name) => name === 'END')).toEqual(['END']);
    expect(events.find((event) => event.eid === 'END')!.edata['duration']).toBe(5);

    const back = fixture();
    back.client.hide();
    back.client.show();
    back.client.leave();
    expect(names(await back.sent())).toEqual(['START', 'END']);
  });

  it('a hidden page whose END another page has told begins a new visit when it comes back', async () => {
    const first = fixture();
    first.client.hide();
    await first.platform.advance(IDLE_MS_MAX + 5000);
    const second = first.next();
    expect(names(await second.sent()).sort()).toEqual(['END', 'START']);
    first.client.show();
    first.client.leave();
    expect(names(await first.sent())).toEqual(['START', 'START', 'END']);
  });

  it('what a leaving page handed to the browser is sent again by the next page under the same mid', async () => {
    const first = fixture();
    first.client.track('a');
    first.client.leave();
    first.platform.time += 500;
    const second = first.next();
    const again = await second.sent();
    expect(names(first.server.beacons)).toEqual(['START', 'a', 'END']);
    expect(names(again)).toEqual(['START', 'a', 'END', 'START']);
    expect(distinct([...first.server.beacons, ...again])).toHaveLength(4);
  });

  it('until the level is known events wait, and keep the time at which they happened', async () => {
    const { platform, client, sent, state, server } = fixture();
    const [early, at] = [fixture(platform), platform.now()];
    early.state.level = undefined;
    state.level = undefined;
    client.track('waits', { n: 1 });
    await platform.advance(2000);
    expect(server.requests.flatMap(({ body }) => body.match(/waits/g) ?? [])).toEqual([]);
    state.level = 3;
    client.leveled();
    const waited = (await sent()).find((event) => event.edata['type'] === 'waits')!;
    expect(waited.ets).toBe(at);
  });

  it('captured events wait for an idle moment, but never behind a call of the page', async () => {
    const { client, sent } = fixture();
    client.idly('INTERACT', { type: 'CLICK', id: 'x' });
    client.track('after');
    expect(names(await sent())).toEqual(['START', 'INTERACT', 'after']);
  });

  it('nonsense from the page makes no event and no error', async () => {
    const { client, sent } = fixture();
    for (const bad of [undefined, null, '', '  ', {}, []]) client.track(bad);
    for (const bad of [undefined, null, '', '  ', {}, []]) client.identify(bad);
    const loop: Record<string, unknown> = { a: 1 };
    loop['self'] = loop;
    client.track('odd', loop as never);
    const shared = { x: 1 };
    client.track('even', { twice: [shared, shared] } as never);
    const events = await sent();
    expect(names(events)).toEqual(['START', 'odd', 'even']);
    expect(events.map((event) => event.edata['data']).slice(1)).toEqual(['{}', '{"twice":[{"x":1},{"x":1}]}']);
  });
});
