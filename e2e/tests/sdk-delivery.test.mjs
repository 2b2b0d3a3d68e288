/** Lost never: offline, killed tabs, a server that fails in every way, three tabs at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../harness/browser.mjs';
import { tally } from '../harness/events.mjs';
import { startFaults } from '../harness/faults.mjs';
import { until } from '../harness/poll.mjs';
import { deviceOf, ready, startApp, visitor } from '../harness/sdk.mjs';
import { command, Server } from '../harness/server.mjs';

let server;
let browser;
let faults;
let site;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  faults = await startFaults(() => server.origin, 20);
  site = await startApp(server, { host: faults.origin, options: 'data-heatmap="off" data-vitals="off"' });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([site?.stop(), faults?.stop()]);
  await server?.stop();
});

const numbers = (rows) => rows.map((row) => row.properties.number).sort((a, b) => a - b);
const upTo = (count) => Array.from({ length: count }, (_, number) => number);
const track = (page, name, count) =>
  page.evaluate(([event, most]) => {
    for (let number = 0; number < most; number += 1) telemetry.track(event, { number });
  }, [name, count]);
const arrives = (name, count, withinMs) =>
  until(`${count} of ${name} arrive`, async () => {
    const rows = await server.events({ event: name });
    return rows.length >= count && rows;
  }, withinMs);

describe('a server in trouble', () => {
  // How long it lasts, and how many requests a single page may make of it: a back-off doubles from a second.
  const TROUBLE = {
    'answers 500': { mode: { status: 500 }, lastsMs: 6000, most: 5 },
    'answers 429 and names a time': { mode: { status: 429, retryAfter: '4' }, lastsMs: 3500, most: 2 },
    'cuts the connection': { mode: 'cut', lastsMs: 6000, most: 10 },
    'has it but the answer is lost': { mode: 'lost', lastsMs: 6000, most: 10 },
  };
  it.each(Object.keys(TROUBLE))('%s: nothing is lost, nothing doubles, no storm', async (name) => {
    const { mode, lastsMs, most } = TROUBLE[name];
    const page = await visitor(browser);
    await page.goto(`${site.origin}/home`);
    await ready(page);
    await page.evaluate(() => telemetry.flush());
    faults.mode = mode;
    const event = `trouble ${name}`;
    const before = faults.requests.length;
    await track(page, event, 60);
    await page.waitForTimeout(lastsMs);
    expect(faults.requests.length - before).toBeLessThanOrEqual(most);
    expect(faults.requests.length - before).toBeGreaterThan(0);
    faults.mode = 'pass';
    expect(numbers(await arrives(event, 60, 20_000))).toEqual(upTo(60));
    await page.context().close();
  });

  it('never answers: the request is given up after half a minute and the events go again', async () => {
    const page = await visitor(browser);
    await page.goto(`${site.origin}/home`);
    await ready(page);
    await page.evaluate(() => telemetry.flush());
    faults.mode = 'never';
    const before = faults.requests.length;
    await track(page, 'silence', 60);
    await page.waitForTimeout(2000);
    expect(faults.requests.length - before).toBe(1);
    faults.mode = 'pass';
    expect(numbers(await arrives('silence', 60, 45_000))).toEqual(upTo(60));
    await page.context().close();
  });
});

describe('a phone that is offline', () => {
  const ROUNDS = Number(process.env.SDK_ROUNDS ?? 3);
  const EVENTS = 500;
  const DAY_MS = 24 * 3600 * 1000;

  it(`${ROUNDS} rounds: ${EVENTS} events a day ago, the tab killed at some moment: at least 99.9 % arrive, none twice`, async () => {
    let [made, there] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `offline ${round}`;
      const page = await visitor(browser);
      await page.addInitScript((ms) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() - ms;
      }, DAY_MS);
      let told = 0;
      await page.exposeFunction('told', (count) => void (told = Math.max(told, count)));
      await page.goto(`${site.origin}/home`);
      await ready(page);
      await page.context().setOffline(true);
      // Five at a time, as fast as a busy hour compressed; what was called is told after each.
      await page.evaluate(([event, most]) => {
        let number = 0;
        const some = () => {
          for (let five = 0; five < 5; five += 1) telemetry.track(event, { number: number++ });
          told(number);
          if (number < most) setTimeout(some, 8);
        };
        some();
      }, [name, EVENTS]);
      await page.waitForTimeout(100 + Math.random() * 1300);
      const devtools = await page.context().newCDPSession(page);
      // Whoever dies does not answer.
      void devtools.send('Page.crash').catch(() => undefined);
      await new Promise((done) => setTimeout(done, 300));

      const context = page.context();
      await page.close();
      await context.setOffline(false);
      const next = await context.newPage();
      await next.goto(`${site.origin}/home`);
      await ready(next);
      await until('the queue is empty', () => next.evaluate(() => telemetry.flush()));
      const rows = await server.events({ event: name });
      expect(new Set(numbers(rows)).size).toBe(rows.length);
      made += told;
      there += Math.min(rows.length, told);
      await context.close();
    }
    console.log(`offline and killed, ${ROUNDS} rounds: ${there} of ${made} events arrived`);
    expect(there / made).toBeGreaterThanOrEqual(0.999);
  }, 60_000 + ROUNDS * 15_000);

  it('never gets a network: the file of its queue is imported, and counts once if it comes by network after all', async () => {
    const page = await visitor(browser);
    await page.goto(`${site.origin}/home`);
    await ready(page);
    await page.evaluate(() => telemetry.flush());
    await page.context().setOffline(true);
    await track(page, 'by file', 40);
    const text = await page.evaluate(async () => (await telemetry.exportQueue()).text());
    const folder = mkdtempSync(join(tmpdir(), 'telemetry-export-'));
    writeFileSync(join(folder, 'queue.json'), text);
    const project = await server.project();
    await server.terminate();
    const done = command(['import', '--data', server.dir, '--project', String(project), '--format', 'sunbird', join(folder, 'queue.json')]);
    expect(done.code, done.stderr).toBe(0);
    rmSync(folder, { recursive: true });
    await server.launch();
    expect(numbers(await arrives('by file', 40))).toEqual(upTo(40));
    await page.context().setOffline(false);
    await until('the queue is empty', () => page.evaluate(() => telemetry.flush()));
    expect(numbers(await server.events({ event: 'by file' }))).toEqual(upTo(40));
    await page.context().close();
  });
});

it('three tabs at once: one session, one sender, no doubles', async () => {
  const first = await visitor(browser);
  const tabs = [first, await first.context().newPage(), await first.context().newPage()];
  for (const tab of tabs) {
    await tab.goto(`${site.origin}/home`);
    await ready(tab);
  }
  faults.most = 0;
  const before = faults.requests.length;
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(tabs.map((tab, index) => track(tab, `tab ${index}`, 30)));
    await first.waitForTimeout(300);
  }
  await Promise.all(tabs.map((tab) => tab.evaluate(() => telemetry.flush())));
  const device = await deviceOf(first);
  const rows = (await server.events()).filter((row) => row.distinct_id === device);
  expect(tally(rows)).toMatchObject({ START: 3, IMPRESSION: 3, 'tab 0': 120, 'tab 1': 120, 'tab 2': 120 });
  expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
  // The server would count a double once; tabs are not to send one. (A tab that goes into the background while another
  // opens hands over what waits, and keeps it, for nobody hears whether that arrived.)
  const sent = faults.events().filter((event) => event.context.did === device && event.eid === 'EXDATA').map((event) => event.mid);
  expect(sent.length).toBe(360);
  expect(new Set(sent).size).toBe(360);
  expect(faults.most).toBe(1);
  expect(faults.requests.length - before).toBeLessThanOrEqual(24);
  await first.context().close();
});
