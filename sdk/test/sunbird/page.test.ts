/** The built script in a page: globals, DOM events, and where the events go. */
import { JSDOM, VirtualConsole } from 'jsdom';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../../src/sunbird/page';
import { eventsOf, type Received } from '../fakes';

let code = '';
beforeAll(async () => {
  const entry = new URL('../../src/sunbird/script.ts', import.meta.url).pathname;
  const lib = { entry, formats: ['iife' as const], name: 'telemetrySunbird', fileName: () => 'telemetry-sunbird.js' };
  const result = await build({ configFile: false, logLevel: 'error', build: { write: false, minify: false, lib } });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('the build gave no output');
  code = output.output[0].code;
}, 60_000);

const TAG = '<script src="https://t.school.in/telemetry-sunbird.js"></script>';
const INIT = `$t.initialize({ host: 'https://old.example.in', channel: 'hp', pdata: { id: 'app' }, env: 'home', uid: 'p1' });`;

function open(tag = TAG, before = '', level = 'full'): { page: JSDOM; run(text: string): unknown; sent: Received[]; addresses: string[]; errors: unknown[]; flush(): Promise<Received[]> } {
  const virtualConsole = new VirtualConsole();
  const errors: unknown[] = [];
  virtualConsole.on('jsdomError', (error) => errors.push(error));
  const page = new JSDOM('<!doctype html><body></body>', { url: 'https://school.in/home', runScripts: 'outside-only', pretendToBeVisual: true, virtualConsole });
  const [sent, addresses]: [Received[], string[]] = [[], []];
  Object.assign(page.window, {
    fetch: (address: string, init: { body: string }) => {
      if (level === 'pending') return new Promise(() => undefined);
      if (address.includes('/v1/telemetry/level?')) return Promise.resolve(new Response(JSON.stringify({ level })));
      addresses.push(address);
      sent.push(...eventsOf(init.body));
      return Promise.resolve(new Response('{}', { status: 200 }));
    },
  });
  const holder = page.window.document.createElement('div');
  holder.innerHTML = tag;
  Object.defineProperty(page.window.document, 'currentScript', { value: holder.firstElementChild, configurable: true });
  const run = (text: string): unknown => page.window.eval(text);
  if (before) run(before);
  run(code);
  const flush = async (): Promise<Received[]> => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    run('$t.syncEvents()');
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    return sent;
  };
  return { page, run, sent, addresses, errors, flush };
}

describe('the script', () => {
  it('sets the globals of all versions, without jQuery, and runs a page of version 1 and of version 2', async () => {
    const { run, flush, addresses, errors } = open();
    expect(run('Telemetry === $t && EkTelemetry === $t && Telemetry.$t === $t && EkTelemetryClass.getInstance() === $t')).toBe(true);
    expect(run('[$t._version, $t.initialized, $t.isInitialized(), typeof jQuery]')).toEqual(['3.0', false, false, 'undefined']);
    run(`${INIT} EkTelemetry.start({}, 'c', '1', { type: 'app' }); Telemetry.interact({ type: 'CLICK', id: 'a' }); $t.end({ type: 'app' });`);
    // Within one millisecond their order is nobody's.
    expect((await flush()).map((event) => event.eid).sort()).toEqual(['END', 'INTERACT', 'START']);
    expect(new Set(addresses.map((address) => new URL(address).origin))).toEqual(new Set(['https://t.school.in']));
    expect(errors).toEqual([]);
  });

  it('tells the document of each event, and queues what the page dispatches itself, once', async () => {
    const { run, flush } = open();
    run(`window.heard = []; document.addEventListener('TelemetryEvent', (event) => heard.push(event.detail.eid)); ${INIT}
      $t.interact({ type: 'CLICK', id: 'a' });
      document.dispatchEvent(new CustomEvent('TelemetryEvent', { detail: { eid: 'LOG', mid: 'LOG:own', ets: 1, edata: {} } }));
      TelemetrySyncManager.sendTelemetry({ detail: { eid: 'LOG', mid: 'LOG:manager', ets: 1, edata: {} } });
      document.dispatchEvent(new CustomEvent('TelemetryEvent')); document.dispatchEvent(new CustomEvent('TelemetryEvent', { detail: 'x' }));`);
    expect(run('heard.filter(Boolean)')).toEqual(['INTERACT', 'LOG']);
    expect((await flush()).map((event) => event.mid.split(':')[0] + (event.mid.includes('own') ? ' own' : '')).sort()).toEqual(['INTERACT', 'LOG', 'LOG own']);
  });

  it('a listener that throws costs neither the event nor the page', async () => {
    const { run, flush } = open();
    run(`document.addEventListener('TelemetryEvent', () => { throw new Error('theirs') }); ${INIT} $t.interact({ type: 'CLICK', id: 'a' });`);
    expect(await flush()).toHaveLength(1);
  });

  it('has no fingerprint: the device is a random id that stays', async () => {
    const { run, flush } = open();
    run(INIT.replace("uid: 'p1'", "uid: 'anonymous'"));
    run('$t.interact({ type: "CLICK", id: "a" }); window.asked = []; $t.getFingerPrint((...args) => asked.push(...args))');
    const [event] = await flush();
    expect(event!.context.did).toMatch(/^[0-9a-f]{8}-/);
    expect(event!.actor.id).toBe(event!.context.did);
    expect(run('asked')).toEqual([event!.context.did, [], 'v1']);
    expect(run('Object.entries(localStorage).find(([name]) => name.endsWith("_did"))[1]')).toBe(event!.context.did);
    expect(run('Object.keys(localStorage).filter((name) => name.startsWith("fpDetails"))')).toEqual([]);
  });

  it('loaded twice, it sends once', async () => {
    const { run, flush } = open();
    run(INIT);
    run(code);
    run('$t.interact({ type: "CLICK", id: "a" })');
    expect(await flush()).toHaveLength(1);
  });

  it('takes the place of a stock SDK that came before it', () => {
    const { run } = open(TAG, 'window.$t = { _version: "3.0", interact() {} };');
    run(INIT);
    expect(run('$t.initialized')).toBe(true);
  });
});

describe('the level', () => {
  it('below enhanced neither clicks nor who it was leave the page, and the device keeps nothing', async () => {
    const { run, flush } = open(TAG, '', 'basic');
    run(`${INIT} $t.interact({ type: 'CLICK', id: 'a' }); $t.impression({ type: 'view', pageid: 'home', uri: '/first/71' });`);
    const events = await flush();
    expect(events.map((event) => event.eid)).toEqual(['IMPRESSION']);
    expect(events[0]!.edata).toMatchObject({ uri: '/first/:id' });
    expect(JSON.stringify(events)).not.toContain('p1');
    expect(events[0]!.context.did).toBeUndefined();
    expect(events[0]!.ets % 60_000).toBe(0);
    expect(run('Object.keys(localStorage)')).toEqual([]);
    expect(run('$t.getLevel()')).toBe('basic');
  });

  it('a page that is left before it knows tells what basic allows', () => {
    const { page, run } = open(TAG, '', 'pending');
    const handed: string[] = [];
    Object.assign(page.window.navigator, { sendBeacon: (_: string, body: string) => handed.push(body) > 0 });
    run(`${INIT} $t.interact({ type: 'CLICK', id: 'a' }); $t.impression({ type: 'view', pageid: 'home', uri: '/home' });`);
    page.window.dispatchEvent(new page.window.Event('pagehide'));
    expect(handed.flatMap(eventsOf).map((event) => event.eid)).toEqual(['IMPRESSION']);
    expect(handed.join()).not.toContain('p1');
  });

  it('is the person’s to lower', async () => {
    const { run, flush } = open();
    run(`${INIT} $t.setLevel('security'); $t.interact({ type: 'CLICK', id: 'a' });`);
    expect(await flush()).toEqual([]);
    expect(run('Object.keys(localStorage)')).toEqual(['tm_level']);
  });
});

describe('the server', () => {
  const at = (tag: Partial<{ key: string; host: string; origin: string }>, host = 'https://old.example.in/'): string =>
    hostOf({ location: { origin: 'https://school.in' } }, { key: '', host: '', origin: '', ...tag }, { host });

  it('is where the script came from, so that an app changes its address only', () => {
    expect(at({ origin: 'https://t.school.in' })).toBe('https://t.school.in');
  });
  it('is the configured one for a copy on the app’s own site and for a bundle', () => {
    expect(at({ origin: 'https://school.in' })).toBe('https://old.example.in');
    expect(at({})).toBe('https://old.example.in');
    expect(at({ origin: 'https://school.in' }, '')).toBe('https://school.in');
  });
  it('is what data-host says, always', () => {
    expect(at({ origin: 'https://cdn.in', host: 'https://t.school.in/' })).toBe('https://t.school.in');
  });

  it('is told the key: the tag’s, else an authtoken that is one, else the channel; never a gateway’s token', async () => {
    for (const [tag, token, key] of [
      [TAG, 'tmw_abc', 'tmw_abc'],
      [TAG.replace('src', 'data-key="tmw_tag" src'), 'tmw_abc', 'tmw_tag'],
      [TAG, 'eyJhbGciOi', 'hp'],
    ] as const) {
      const { run, flush, addresses } = open(tag);
      run(INIT.replace('uid:', `authtoken: '${token}', uid:`));
      run('$t.interact({ type: "CLICK", id: "a" })');
      await flush();
      expect(new URL(addresses[0]!).searchParams.get('key') ?? '').toBe(key);
    }
  });
});
