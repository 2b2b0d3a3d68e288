/** What the suites of Sunbird's own SDK (versions 0 and 2) expect of it, save what is a bug (docs/sdk.md, "Drop-in"). */
import { describe, expect, it } from 'vitest';
import { schemaErrors } from '../schema';
import { Bench, CONFIG } from './harness';

const target = { id: 'targetId', ver: '1.0', type: 'Plugin' };
/** Data of upstream's suites with which each call makes a valid event. */
const GOOD = {
  impression: { type: 'view', pageid: '567', uri: '/content/preview/do_23833', visits: [{ objid: '123', objtype: 'story' }] },
  interact: { type: 'LISTEN', id: '123', target },
  assess: { item: { id: '123', maxscore: 1, exlength: 1.23, desc: 'description', title: 'title' }, pass: 'true', score: 100, resvalues: [{ lhs: '9' }], duration: 12 },
  response: { target, type: 'MATCH', values: [{ lhs: 'option1' }] },
  interrupt: { type: 'background', pageid: '1234' },
  feedback: { rating: 4, comments: 'good' },
  share: { items: [{ id: '123', type: 'Plugin', ver: '1.0' }] },
  audit: { props: ['123'], state: '', prevstate: '' },
  error: { err: '500', errtype: 'MOBILEAPP', stacktrace: 'xy', pageid: '101', object: { id: '_11', type: 'PLUGIN', ver: '1.0' }, plugin: { id: '_11', ver: '1.0' } },
  heartbeat: {},
  log: { type: 'app_update', level: 'ERROR', message: 'Error occurred in updating app', pageid: '12' },
  search: { type: 'content', query: 'math', filters: {}, sort: {}, correlationid: '', size: 333, topn: [{}] },
  exdata: { type: 'partnerdata', data: '9asdfasdf' },
  metrics: { system: 'app', subsystem: 'sync', metrics: [{ metric: 'sent', value: 3 }] },
  summary: { type: 'session', starttime: 1000, endtime: 2000, timespent: 1000, pageviews: 5, interactions: 10 },
};
type Call = keyof typeof GOOD;
const CALLS = Object.keys(GOOD) as Call[];

describe('initialize', () => {
  it('takes the configuration once; a second time is told and ignored', () => {
    const bench = Bench.ready({ batchsize: 10 });
    expect(bench.telemetry.isInitialized()).toBe(true);
    expect(bench.telemetry.config.batchsize).toBe(10);
    bench.telemetry.initialize({ channel: 'other' });
    expect(bench.telemetry.config.channel).toBe('in.ekstep');
    expect(bench.warnings).toEqual(['Telemetry is already initialized']);
  });

  it.each([null, undefined, ''])('channel and env %o: the default', (empty) => {
    const bench = new Bench();
    bench.telemetry.initialize({ channel: empty as never, env: empty as never });
    bench.telemetry.interact(GOOD.interact);
    expect(bench.last.context).toMatchObject({ channel: 'in.ekstep', env: 'contentplayer' });
  });

  it('batchsize: falsy is 20, above 1000 is 1000', () => {
    const sizes = [0, undefined, 'x', 5000, 7].map((batchsize) => Bench.ready({ batchsize: batchsize as number }).telemetry.config.batchsize);
    expect(sizes).toEqual([20, 20, 20, 1000, 7]);
  });

  it('a pdata with only an id keeps the default version', () => {
    const bench = Bench.ready({ pdata: { id: 'custom-app' } });
    void bench.telemetry.start({}, 'c1', '1.0', {});
    expect(bench.last.context.pdata).toMatchObject({ id: 'custom-app', ver: '1.0' });
  });
});

describe('START and END', () => {
  it('start initialises when nobody has, in the page and on a server', () => {
    for (const runningEnv of ['client', 'server']) {
      const bench = new Bench();
      void bench.telemetry.start({ ...CONFIG, runningEnv, sid: '3432432', did: '5354353' }, 'abc', '123', { type: 'player', uaspec: {} });
      expect(bench.telemetry.initialized).toBe(true);
      expect(bench.last).toMatchObject({ eid: 'START', context: { sid: '3432432', did: '5354353' }, object: { id: 'abc', ver: '123' } });
      expect(schemaErrors(bench.last)).toBe('');
    }
  });

  it('an anonymous user is the device', () => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, 'content-1', '1.0', { type: 'app' });
    expect(bench.last).toMatchObject({ actor: { id: 'device-1', type: 'User' }, context: { did: 'device-1' } });
  });

  it('start resolves, as version 2 promises; without data it makes an event', async () => {
    const bench = Bench.ready();
    await expect(bench.telemetry.start({}, 'c1', '1.0')).resolves.toBeUndefined();
    expect(bench.last).toMatchObject({ eid: 'START', edata: {} });
  });

  it.each(['', undefined])('mode %o stays as it is', (mode) => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, 'c1', '1.0', { type: 'app', mode });
    expect(bench.last.edata['mode']).toBe(mode);
  });

  it('end tells the seconds since its start', () => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, 'c1', '1.0', { type: 'app' });
    bench.time += 5000;
    bench.telemetry.end({ type: 'app' });
    expect(bench.last).toMatchObject({ eid: 'END', edata: { duration: 5 } });
    expect(schemaErrors(bench.last)).toBe('');
  });

  it('end without data is an END; end without start is no event', () => {
    const bench = Bench.ready();
    void bench.telemetry.start({}, 'c1', '1.0', { type: 'app' });
    bench.telemetry.end();
    expect(bench.last.eid).toBe('END');
    const count = bench.put.length;
    bench.telemetry.end({ type: 'app' });
    expect(bench.put).toHaveLength(count);
    expect(bench.warnings).toEqual(['Please invoke start before invoking end event.']);
  });
});

describe('each call', () => {
  it.each(CALLS)('%s makes an event that Sunbird’s schemas take', (call) => {
    const bench = Bench.ready();
    expect(bench.telemetry[call](GOOD[call], {})).toBeUndefined();
    expect(bench.put).toHaveLength(1);
    expect(bench.last.eid).toBe(call.toUpperCase());
    expect(bench.last.edata).toEqual(GOOD[call]);
    // Sunbird has no client schema for these two.
    if (call !== 'metrics' && call !== 'summary') expect(schemaErrors(bench.last)).toBe('');
  });

  it.each(CALLS)('%s with {} or nothing returns undefined, never throws, and is still dispatched', (call) => {
    const bench = Bench.ready();
    for (const data of [{}, undefined, null, 7, 'text']) expect(bench.telemetry[call](data as never)).toBeUndefined();
    expect(bench.put).toHaveLength(5);
  });

  it.each([
    ['impression', { type: 'view', pageid: '567', uri: '/x', visits: { objid: '123', objtype: 'story' } }],
    ['interact', { type: 'LISTEN', id: '123', target: { id: 'targetId', ver: '1.0' } }],
    ['interact', { type: 'LISTEN', id: '123', plugin: {} }],
    ['assess', { item: { id: '123', maxscore: '1' }, pass: 'true', score: '100', resvalues: [{ lhs: '9' }], duration: '12' }],
    ['response', { target: { ver: '1.0', type: 'Plugin' }, type: 'MATCH', values: [{ lhs: 'option1' }] }],
    ['error', { err: '500', errtype: 'MOBILEAPP', stacktrace: 'xy', object: { id: '_11', type: 'PLUGIN' } }],
    ['error', { err: '500', errtype: 'MOBILEAPP', stacktrace: 'xy', plugin: { id: '_11' } }],
  ] as const)('%s with data that no schema takes: dispatched; with enableValidation told and dropped', (call, data) => {
    const lax = Bench.ready();
    lax.telemetry[call](data as never);
    expect(lax.last.edata).toEqual(data);
    const strict = Bench.ready({ enableValidation: true });
    expect(strict.telemetry[call](data as never)).toBeUndefined();
    expect(strict.put).toEqual([]);
    expect(strict.warnings[0]).toContain(`Invalid ${call.toUpperCase()} Event`);
  });

  it('START and END without a type are invalid, with enableValidation', () => {
    for (const type of [undefined, null]) {
      const bench = Bench.ready({ enableValidation: true });
      void bench.telemetry.start({}, 'c', '1', { type });
      bench.telemetry.end({ type });
      expect(bench.put).toEqual([]);
      expect(bench.warnings.map((text) => text.slice(0, 7))).toEqual(['Invalid', 'Invalid']);
    }
  });

  it.each(['item', 'pass', 'score', 'duration', 'resvalues'])('ASSESS without %s, or with null, is invalid, with enableValidation', (field) => {
    for (const value of [undefined, null]) {
      const bench = Bench.ready({ enableValidation: true });
      bench.telemetry.assess({ ...GOOD.assess, [field]: value });
      expect(bench.warnings).toHaveLength(1);
    }
  });

  it('ASSESS without index is right, and its pass goes through as it is', () => {
    const bench = Bench.ready({ enableValidation: true });
    bench.telemetry.assess({ ...GOOD.assess, pass: 'yes', index: undefined });
    expect(bench.last.edata['pass']).toBe('yes');
  });

  it('METRICS and SUMMARY do not throw with enableValidation, which they do upstream', () => {
    const bench = Bench.ready({ enableValidation: true });
    bench.telemetry.metrics(GOOD.metrics);
    bench.telemetry.summary(GOOD.summary);
    expect(bench.put).toHaveLength(2);
  });

  it('feedback: {} has empty comments; the words of version 2 arrive too', () => {
    const bench = Bench.ready();
    bench.telemetry.feedback({});
    expect(bench.last.edata).toEqual({ comments: '' });
    bench.telemetry.feedback({ rating: 5, commentid: 'c1', commenttxt: 'Good' });
    expect(bench.last.edata).toEqual({ rating: 5, comments: '', commentid: 'c1', commenttxt: 'Good' });
  });

  it('assess takes its version from the options', () => {
    const bench = Bench.ready();
    bench.telemetry.assess(GOOD.assess, { eventVer: '3.1' });
    expect(bench.last.ver).toBe('3.1');
    bench.telemetry.interact(GOOD.interact, { eventVer: '3.1' });
    expect(bench.last.ver).toBe('3.0');
  });
});

describe('options', () => {
  it('stay in force until they are reset', () => {
    const bench = Bench.ready({ tags: ['a'] });
    const options = { context: { env: 'quiz' }, object: { id: 'q1', type: 'Quiz' }, actor: { id: 'p1' }, tags: ['b', 'a'] };
    bench.telemetry.interact(GOOD.interact, options);
    bench.telemetry.interact(GOOD.interact);
    expect(bench.last).toMatchObject({ context: { env: 'quiz', channel: 'in.ekstep' }, object: { id: 'q1', type: 'Quiz' }, actor: { id: 'p1', type: 'User' }, tags: ['a', 'b'] });
    bench.telemetry.resetContext();
    bench.telemetry.resetObject({ id: 'q2' });
    bench.telemetry.resetActor();
    bench.telemetry.resetTags();
    bench.telemetry.interact(GOOD.interact);
    expect(bench.last).toMatchObject({ context: { env: 'preview' }, object: { id: 'q2', type: 'Content' }, actor: { id: 'device-1' }, tags: ['a'] });
  });

  it('tags that are no list, and empty parts, are no error', () => {
    const bench = Bench.ready();
    expect(bench.telemetry.interact(GOOD.interact, { context: {}, object: {}, actor: {}, tags: {}, runningEnv: 'server' })).toBeUndefined();
    expect(bench.last.tags).toEqual([]);
  });
});

describe('batches', () => {
  it('10 events of 20 wait; with the 20th all are sent', () => {
    const bench = Bench.ready();
    for (let count = 0; count < 10; count += 1) bench.telemetry.interact(GOOD.interact);
    expect(bench.flushes).toEqual([]);
    for (let count = 0; count < 10; count += 1) bench.telemetry.interact(GOOD.interact);
    expect(bench.flushes).toEqual([20]);
  });

  it('each END sends at once, whatever the batch', () => {
    const bench = Bench.ready();
    for (let count = 0; count < 2; count += 1) {
      void bench.telemetry.start({}, 'c', '1', { type: 'app' });
      bench.telemetry.end({ type: 'app' });
    }
    expect(bench.flushes).toEqual([2, 2]);
  });

  it('syncEvents sends now', () => {
    const bench = Bench.ready();
    bench.telemetry.interact(GOOD.interact);
    bench.telemetry.syncEvents();
    expect(bench.flushes).toEqual([1]);
  });

  it('a dispatcher takes each event; then the page and the server get none', () => {
    const taken: unknown[] = [];
    const bench = Bench.ready({ dispatcher: { dispatch: (event) => void taken.push(event) } });
    bench.telemetry.interact(GOOD.interact);
    expect(taken).toMatchObject([{ eid: 'INTERACT' }]);
    expect([...bench.put, ...bench.told]).toEqual([]);
    const broken = Bench.ready({ dispatcher: { dispatch: () => { throw new Error('mine'); } } });
    expect(broken.telemetry.interact(GOOD.interact)).toBeUndefined();
  });
});
