/** Bugs of Sunbird's own SDK that this one does not have. */
import { describe, expect, it } from 'vitest';
import { Bench, CONFIG } from './harness';

const CLICK = { type: 'CLICK', id: 'leave' };

describe('not as upstream', () => {
  it('the same event twice in one millisecond has two ids', () => {
    const bench = Bench.ready();
    bench.telemetry.interact(CLICK);
    bench.telemetry.interact(CLICK);
    expect(new Set(bench.put.map((event) => event.mid)).size).toBe(2);
  });

  it('what the app changes in its data afterwards is not in the event', () => {
    const bench = Bench.ready();
    const data = { type: 'CLICK', id: 'first', extra: { pos: [{ x: 1 }] } };
    bench.telemetry.interact(data);
    data.id = 'second';
    data.extra.pos[0]!.x = 2;
    bench.telemetry.interact(data);
    expect(bench.put.map((event) => event.edata)).toEqual([
      { type: 'CLICK', id: 'first', extra: { pos: [{ x: 1 }] } },
      { type: 'CLICK', id: 'second', extra: { pos: [{ x: 2 }] } },
    ]);
    expect(data).not.toHaveProperty('duration');
  });

  it('a listener that changes what it is told changes nothing that is sent', () => {
    const bench = Bench.ready();
    bench.telemetry.interact(CLICK);
    bench.told[0]!.edata['id'] = 'changed';
    expect(bench.last.edata['id']).toBe('leave');
  });

  it('START has no duration that is really a date', () => {
    const bench = Bench.ready();
    const data = { type: 'app' };
    void bench.telemetry.start({}, 'c', '1', data);
    expect(bench.last.edata).toEqual({ type: 'app' });
    expect(data).toEqual({ type: 'app' });
  });

  it('nested starts end by their type; the duration is that of their own start', () => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, '', '', { type: 'app' });
    bench.time += 10_000;
    void bench.telemetry.start({}, '', '', { type: 'player' });
    bench.time += 5000;
    bench.telemetry.end({ type: 'app' });
    bench.telemetry.end({ type: 'player' });
    expect(bench.put.slice(2).map((event) => [event.edata['type'], event.edata['duration']])).toEqual([['app', 15], ['player', 5]]);
  });

  it('a clock that was set back gives no negative stay', () => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, '', '', { type: 'app' });
    bench.time -= 60_000;
    bench.telemetry.end({ type: 'app' });
    expect(bench.last.edata['duration']).toBe(0);
  });

  it('without pdata events are sent like others', () => {
    const bench = Bench.ready({ pdata: undefined });
    void bench.telemetry.start({}, '', '', { type: 'app' });
    bench.telemetry.end({ type: 'app' });
    expect(bench.flushes).toEqual([2]);
    expect(bench.last.context.pdata).toEqual({ id: 'in.ekstep', ver: '1.0', pid: '' });
  });

  it('the object of the configuration does not undo the content that start names, nor is it written into', () => {
    const object = { id: 'do_1', type: 'Content', ver: '1' };
    const bench = new Bench();
    void bench.telemetry.start({ ...CONFIG, object }, 'do_2', '3', { type: 'player' });
    expect(bench.last.object).toEqual({ id: 'do_2', type: 'Content', ver: '3' });
    expect(object.id).toBe('do_1');
  });

  it('calls before initialize are kept, and then belong to the configured tenant, at their own time', () => {
    const bench = new Bench();
    bench.telemetry.interact(CLICK);
    bench.telemetry.take({ eid: 'LOG', mid: 'own' });
    bench.time += 2000;
    bench.telemetry.initialize({ ...CONFIG, channel: 'hp' });
    expect(bench.put.map((event) => event.eid)).toEqual(['INTERACT', 'LOG']);
    expect(bench.put[0]).toMatchObject({ context: { channel: 'hp', did: 'device-1' }, ets: bench.time - 2000 });
  });

  it('timeDiff moves the ets that the page sees; the server is told the device’s, which it corrects itself', () => {
    const bench = Bench.ready({ timeDiff: 3600 });
    bench.telemetry.interact(CLICK);
    expect(bench.told[0]!.ets).toBe(bench.time + 3_600_000);
    expect(bench.last.ets).toBe(bench.time);
  });

  it('data with a cycle keeps its plain members', () => {
    const bench = Bench.ready();
    const data: Record<string, unknown> = { type: 'CLICK', id: 'x' };
    data['self'] = data;
    bench.telemetry.interact(data);
    expect(bench.last.edata).toEqual({ type: 'CLICK', id: 'x' });
  });

  it('an event has a session even when the app names none, and no device id on a server', () => {
    const page = Bench.ready();
    page.telemetry.interact(CLICK);
    expect(page.last.context.sid).toBe('session-1');
    const server = Bench.ready({ runningEnv: 'server' });
    server.telemetry.interact(CLICK);
    expect(server.last).toMatchObject({ actor: { id: 'anonymous' }, context: { did: '', sid: '' } });
  });
});
