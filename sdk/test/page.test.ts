/** The built script's source, as it runs in a page: script tag, stub, history, clicks, leaving. */
import { JSDOM, VirtualConsole } from 'jsdom';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, type Received } from './fakes';
import { schemaErrors } from './schema';

let code = '';
let actions = '';
beforeAll(async () => {
  [code, actions] = await Promise.all([bundled('script.ts'), bundled('actions/index.ts')]);
}, 60_000);

async function bundled(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: new URL(`../src/${entry}`, import.meta.url).pathname,
        formats: ['iife'],
        name: 'telemetryScript',
        fileName: () => 'telemetry.js',
      },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('the build gave no output');
  return output.output[0].code;
}

interface Page {
  dom: JSDOM;
  sent: Received[];
  addresses: string[];
  errors: unknown[];
  flush(): Promise<Received[]>;
}

function open(body: string, options: { tag?: string; before?: string; denied?: boolean; level?: string } = {}): Page {
  const virtualConsole = new VirtualConsole();
  const errors: unknown[] = [];
  virtualConsole.on('jsdomError', (error) => errors.push(error));
  const dom = new JSDOM(`<!doctype html><body>${body}</body>`, {
    url: 'https://school.in/home?token=secret#/notices?x=1',
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole,
  });
  const [sent, addresses]: [Received[], string[]] = [[], []];
  const { window } = dom;
  Object.assign(window, {
    fetch: (address: string, init?: { body: string }) => {
      addresses.push(address);
      if (!init?.body && options.level === 'never told') return new Promise(() => undefined);
      if (!init?.body) return Promise.resolve(new Response(`{"level":"${options.level ?? 'full'}"}`, { status: 200 }));
      sent.push(...eventsOf(init.body));
      return Promise.resolve(new Response('{}', { status: 200 }));
    },
  });
  if (options.denied) {
    Object.defineProperty(window, 'localStorage', { get: () => { throw new window.DOMException('denied', 'SecurityError'); } });
  }
  const holder = window.document.createElement('div');
  holder.innerHTML = options.tag ?? '<script src="https://t.school.in/telemetry.js" data-key="tmw_k" data-channel="hp"></script>';
  Object.defineProperty(window.document, 'currentScript', { value: holder.firstElementChild, configurable: true });
  if (options.before) window.eval(options.before);
  window.eval(code);
  const flush = async (): Promise<Received[]> => {
    // The level is asked for, and the parts are fetched when the page is idle.
    await wait(20);
    window.eval(actions);
    await wait(20);
    await (window as unknown as { telemetry: { flush(): Promise<boolean> } }).telemetry.flush();
    // In the order in which it happened; what opens comes before what is in it.
    return sent.sort((a, b) => a.ets - b.ets || Number(b.eid === 'START') - Number(a.eid === 'START') || (a.mid.slice(-36) < b.mid.slice(-36) ? -1 : 1));
  };
  return { dom, sent, addresses, errors, flush };
}
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const seen = (events: readonly Received[]): string[] =>
  events.map((event) => `${event.eid} ${String(event.edata['pageid'] ?? event.edata['type'])}`);

describe('script in a page', () => {
  it('tells START and the page, without the query, to the host that the script came from', async () => {
    const page = open('');
    expect(seen(await page.flush())).toEqual(['START /home#/notices', 'IMPRESSION /home#/notices']);
    expect(page.addresses).toEqual(['https://t.school.in/v1/telemetry/level?key=tmw_k', 'https://t.school.in/v1/telemetry?key=tmw_k']);
    expect(JSON.stringify(page.sent)).not.toContain('secret');
    expect((page.sent[0]!.context as unknown as { channel: string }).channel).toBe('hp');
    for (const event of page.sent) expect(schemaErrors(event)).toBe('');
  });

  it('sees each change of the path once, and leaves the page’s own history working', async () => {
    const page = open('');
    const { window } = page.dom;
    window.history.pushState({ a: 1 }, '', '/exams');
    window.history.replaceState({ a: 2 }, '', '/exams?sort=date');
    window.history.pushState({}, '', '/marks');
    expect(window.location.pathname).toBe('/marks');
    const back = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
    window.history.back();
    await back;
    expect(window.history.state).toEqual({ a: 2 });
    expect(seen(await page.flush()).slice(2)).toEqual(['IMPRESSION /exams', 'IMPRESSION /marks', 'IMPRESSION /exams']);
    expect(page.sent.slice(2).map((event) => event.edata['subtype'])).toEqual(['push', 'push', 'pop']);
  });

  it('names clicks by what the developer gave, else by the place; never by the text', async () => {
    const page = open(
      '<nav id="menu"><a href="#a">Private A</a><a href="#b"><b>Private B</b></a></nav>' +
        '<button data-tm-id="pay"><span>Private pay</span></button>' +
        '<div data-tm-ignore><button id="hidden">x</button></div><p>Private text</p>',
      { level: 'enhanced' },
    );
    const { document } = page.dom.window;
    for (const selector of ['b', '[data-tm-id] span', '#hidden', 'p']) document.querySelector<HTMLElement>(selector)!.click();
    const clicks = (await page.flush()).filter((event) => event.eid === 'INTERACT');
    expect(clicks.map((event) => event.edata['id'])).toEqual(['#menu>a:2', 'pay', 'html>body>p']);
    expect(clicks[0]!.edata['subtype']).toBe('a');
    expect(JSON.stringify(clicks)).not.toContain('Private');
    for (const event of clicks) expect(schemaErrors(event)).toBe('');
  });

  it('runs the calls that the page queued before the script came, in order', async () => {
    const page = open('', {
      before:
        'window.telemetry={q:[]};["track","identify"].forEach(function(m){telemetry[m]=function(){telemetry.q.push([m,arguments])}});' +
        'telemetry.track("early",{n:1});telemetry.identify("p1");telemetry.q.push(["nope",[]]);',
    });
    const types = (await page.flush()).filter((event) => event.eid === 'EXDATA').map((event) => event.edata['type']);
    expect(types).toEqual(['early', '$identify']);
  });

  it('loaded twice, it records once', async () => {
    const page = open('');
    page.dom.window.eval(code);
    expect(seen(await page.flush())).toHaveLength(2);
  });

  it('the switches turn captures off; calls by hand still work', async () => {
    const page = open('<button id="b">x</button>', {
      tag: '<script src="https://t.school.in/telemetry.js" data-key="k" data-pages="off" data-clicks="off"></script>',
    });
    page.dom.window.document.querySelector<HTMLElement>('#b')!.click();
    page.dom.window.eval('telemetry.page("marks")');
    expect(seen(await page.flush())).toEqual(['START /home#/notices', 'IMPRESSION marks']);
  });

  it('without a key, or with storage denied, the page does not notice', async () => {
    const without = open('', { tag: '<script src="https://t.school.in/telemetry.js"></script>' });
    expect((without.dom.window as unknown as { telemetry?: unknown }).telemetry).toBeUndefined();
    const denied = open('', { denied: true });
    denied.dom.window.eval('telemetry.track("x")');
    const events = await denied.flush();
    expect(seen(events)).toEqual(['START /home#/notices', 'IMPRESSION /home#/notices', 'EXDATA x']);
    expect(new Set(events.map((event) => event.context.did)).size).toBe(1);
    expect([...without.errors, ...denied.errors]).toEqual([]);
  });

  it('no call throws, whatever it is given', async () => {
    const page = open('');
    page.dom.window.eval(
      'for (const m of ["track","identify","page","reset"]) for (const v of [undefined,null,{},[],Symbol("s"),()=>1,NaN]) telemetry[m](v, v);',
    );
    for (const event of await page.flush()) expect(schemaErrors(event)).toBe('');
    expect(page.errors).toEqual([]);
  });

  it('a leaving page tells END by beacon', async () => {
    const page = open('');
    await page.flush();
    const bodies: string[] = [];
    Object.assign(page.dom.window.navigator, { sendBeacon: (_: string, body: string) => bodies.push(body) > 0 });
    page.dom.window.dispatchEvent(new page.dom.window.Event('pagehide'));
    expect(bodies).toHaveLength(1);
    expect(seen(eventsOf(bodies[0]!))).toEqual(['END /home#/notices']);
  });

  it('left before its level is known, it tells what is always allowed, and nothing of who', async () => {
    const page = open('', { level: 'never told' });
    const bodies: string[] = [];
    Object.assign(page.dom.window.navigator, { sendBeacon: (_: string, body: string) => bodies.push(body) > 0 });
    page.dom.window.eval('telemetry.track("paid", { amount: 1 })');
    await wait(20);
    expect(bodies).toEqual([]);
    page.dom.window.dispatchEvent(new page.dom.window.Event('pagehide'));
    const events = bodies.flatMap(eventsOf);
    expect(seen(events).sort()).toEqual(['END /home#/notices', 'IMPRESSION /home#/notices', 'START /home#/notices']);
    for (const event of events) {
      expect(Object.keys(event.context).sort()).toEqual(['channel', 'env', 'pdata']);
      expect(event.ets % 60_000).toBe(0);
    }
    expect(Object.keys(page.dom.window.localStorage)).toEqual([]);
  });
});
