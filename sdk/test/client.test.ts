import { describe, expect, it } from 'vitest';
import { Client } from '../src/client';
import { IDLE_MS_MAX } from '../src/session';
import { memoryStorage } from '../src/storage';
import { distinct, FakePlatform, FakeServer, type Received } from './fakes';
import { schemaErrors } from './schema';

function fixture(platform = new FakePlatform(), storage = memoryStorage()) {
  const server = new FakeServer(platform);
  const origin = { channel: 'school.in', pdata: { id: 'school.in', ver: '1.0', pid: 'web' }, env: 'web' };
  const client = new Client(origin, platform, storage, server);
  client.start('/home');
  return { platform, storage, server, client };
}
const names = (events: readonly Received[]): unknown[] =>
  events.map((event) => (event.eid === 'EXDATA' ? event.edata['type'] : event.eid));

describe('client', () => {
  it('every kind of event is valid under the Sunbird schema and has its own mid', async () => {
    const { platform, server, client } = fixture();
    client.impression('/home', '/home', 'load');
    client.click('tile-attendance', 'button', 10, 20);
    client.track('leave_requested', { days: 2, reason: 'fever', nested: { a: [1, null] } });
    client.identify('parent-1', { class: '6' });
    client.identify('parent-1', { class: '7' });
    platform.time += 42_500;
    client.leave();
    await client.delivery.flush();
    expect(names(server.received)).toEqual([
      'START', 'IMPRESSION', 'INTERACT', 'leave_requested', '$identify', '$set', 'END',
    ]);
    for (const event of server.received) {
      expect(schemaErrors(event)).toBe('');
      expect(event.mid).toMatch(new RegExp(`^${event.eid}:[0-9a-f-]{36}$`));
    }
    expect(distinct(server.received)).toHaveLength(7);
    const end = server.received.at(-1)!;
    expect(end.edata).toEqual({
      type: 'app', mode: 'play', pageid: '/home', duration: 42.5, summary: [{ pages: 1 }],
    });
  });

  it('the schemas do find fault with a wrong event', () => {
    expect(schemaErrors({ eid: 'START' })).toContain('required');
    expect(schemaErrors({ eid: 'NOPE' })).toContain('no schema');
  });

  it('identify names the anonymous device once; the next person is never merged with the first', async () => {
    const { server, client } = fixture();
    client.identify('parent-1');
    client.track('paid');
    client.identify('parent-1');
    client.identify('parent-2', { class: '3' });
    client.identify(0);
    await client.delivery.flush();
    const [start, first, paid, second] = server.received;
    expect(names(server.received)).toEqual(['START', '$identify', 'paid', '$set']);
    expect(start!.actor.id).toBe(start!.context.did);
    expect(first!.actor.id).toBe('parent-1');
    expect(JSON.parse(String(first!.edata['data']))).toEqual({ $anon_distinct_id: start!.context.did });
    expect(paid!.actor.id).toBe('parent-1');
    expect(second!.actor.id).toBe('parent-2');
  });

  it('reset ends the visit and makes the next visitor somebody else', async () => {
    const { server, client } = fixture();
    client.identify('parent-1');
    client.reset();
    client.track('seen');
    await client.delivery.flush();
    expect(names(server.received)).toEqual(['START', '$identify', 'END', 'START', 'seen']);
    const [before, after] = [server.received[2]!, server.received[4]!];
    expect(before.actor.id).toBe('parent-1');
    expect(after.actor.id).toBe(after.context.did);
    expect(after.context.did).not.toBe(before.context.did);
    expect(after.context.sid).not.toBe(before.context.sid);
  });

  it('after a long silence the old visit ends at its last activity and a new one starts', async () => {
    const { platform, server, client } = fixture();
    platform.time += 10_000;
    client.track('a');
    platform.time += IDLE_MS_MAX + 1;
    client.track('b');
    await client.delivery.flush();
    expect(names(server.received)).toEqual(['START', 'a', 'END', 'START', 'b']);
    const [, a, end, start, b] = server.received;
    expect(end!.edata['duration']).toBe(10);
    expect(end!.ets).toBe(a!.ets);
    expect(end!.context.sid).toBe(a!.context.sid);
    expect(start!.context.sid).toBe(b!.context.sid);
    expect(b!.context.sid).not.toBe(a!.context.sid);
  });

  it('a page that dies while hidden is ended by the next page; one that comes back is not', async () => {
    const killed = fixture();
    killed.platform.time += 5_000;
    killed.client.hide();
    await killed.platform.advance(1_000_000);
    const next = fixture(killed.platform, killed.storage);
    await next.client.delivery.flush();
    expect(names(next.server.received)).toEqual(['END', 'START']);
    expect(next.server.received[0]!.edata['duration']).toBe(5);

    const back = fixture();
    back.client.hide();
    back.client.show();
    back.client.leave();
    await back.client.delivery.flush();
    expect(names(back.server.received)).toEqual(['START', 'END']);
  });

  it('a hidden page whose END another page has told begins a new visit when it comes back', async () => {
    const first = fixture();
    first.client.hide();
    await first.platform.advance(1_000_000);
    const second = fixture(first.platform, first.storage);
    await second.client.delivery.flush();
    first.client.show();
    first.client.leave();
    await first.client.delivery.flush();
    expect(names(second.server.received)).toEqual(['END', 'START']);
    expect(names(first.server.received)).toEqual(['START', 'START', 'END']);
  });

  it('what a leaving page handed to the browser is sent again by the next page under the same mid', async () => {
    const first = fixture();
    first.client.track('a');
    first.client.leave();
    first.platform.time += 500;
    const second = fixture(first.platform, first.storage);
    await second.client.delivery.flush();
    expect(names(first.server.beacons)).toEqual(['START', 'a', 'END']);
    expect(names(second.server.received)).toEqual(['START', 'a', 'END', 'START']);
    expect(distinct([...first.server.beacons, ...second.server.received])).toHaveLength(4);
  });

  it('nonsense from the page makes no event and no error', async () => {
    const { server, client } = fixture();
    for (const bad of [undefined, null, '', '  ', {}, [], Number.NaN]) client.track(bad);
    for (const bad of [undefined, null, '', '  ', {}, []]) client.identify(bad);
    const loop: Record<string, unknown> = { a: 1, big: 10n };
    loop['self'] = loop;
    const shared = { x: 1 };
    client.track('odd', { ...loop, twice: [shared, shared] } as never);
    await client.delivery.flush();
    expect(names(server.received)).toEqual(['START', 'odd']);
    const data = JSON.parse(String(server.received[1]!.edata['data'])) as Record<string, unknown>;
    expect(data).toMatchObject({ a: 1, big: '10', twice: [{ x: 1 }, { x: 1 }] });
    expect(JSON.stringify(data)).toContain('[circular]');
  });
});
