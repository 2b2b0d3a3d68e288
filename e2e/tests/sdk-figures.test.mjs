/** What telemetry.js costs a page on a cheap phone: Chromium with a 6 times slower processor. Printed, and bounded. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from '../harness/browser.mjs';
import { folder } from '../harness/paths.mjs';
import { startApp, visitor } from '../harness/sdk.mjs';
import { Server } from '../harness/server.mjs';

const SLOWER = 6;
const CLICKS = 30;
const PARTS = ['', '-actions', '-heatmap', '-vitals', '-feedback', '-consent'].map((part) => `telemetry${part}.js`);
/** How long a fixed piece of work takes tells how slow the machine was: the bounds, wide ones, are in its units. */
const WORK_ADDITIONS = 2e6;
/** Evaluating telemetry.js, and one click, in pieces of that work. */
const START_WORK_MAX = 15;
const CLICK_WORK_MAX = 0.8;

let server;
let browser;
let site;
let bare;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  site = await startApp(server);
  // The same page whose script tag leads nowhere.
  bare = await startApp(server, { host: 'http://127.0.0.1:9' });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([site?.stop(), bare?.stop()]);
  await server?.stop();
});

/** Runs `act` under the profiler; ms of the main thread by what ran, and of the tasks that block for long. */
async function traced(page, act) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const events = [];
  const session = await browser.newBrowserCDPSession();
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'v8', 'disabled-by-default-devtools.timeline.stack', 'toplevel'] } });
  await act();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return events;
}

const ours = (event) => /telemetry(-\w+)?\.js/.test(event.args?.data?.url ?? '');
/** Sum of what is not inside another of them, ms of processor time: what else runs on the machine does not count. */
function sum(events) {
  let [total, end] = [0, 0];
  for (const { ts, dur = 0, tdur = dur } of events.filter(({ ph }) => ph === 'X').sort((a, b) => a.ts - b.ts)) {
    if (ts + dur <= end) continue;
    total += tdur;
    end = ts + dur;
  }
  return total / 1000;
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const scriptMs = (events) => sum(events.filter((event) => ['EvaluateScript', 'FunctionCall', 'v8.compile', 'FireIdleCallback'].includes(event.name) && ours(event)));
const blockingMs = (events, pid) =>
  events.filter(({ name, dur = 0, pid: of }) => name.endsWith('RunTask') && of === pid && dur > 50_000).reduce((total, { dur }) => total + dur / 1000 - 50, 0);

async function opened(address) {
  const page = await visitor(browser);
  await page.goto('about:blank');
  const events = await traced(page, async () => {
    await page.goto(address);
    await page.waitForTimeout(2500);
  });
  const pid = events.find(({ name, args }) => name === 'EvaluateScript' && /page\.js/.test(args?.data?.url))?.pid;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return { page, events, blocking: blockingMs(events, pid), heap: usedSize };
}

it('bytes, start-up, clicks, blocking and memory', async () => {
  const bytes = Object.fromEntries(PARTS.map((name) => [name, gzipSync(readFileSync(folder(`../sdk/dist/${name}`)), { level: 9 }).length]));
  // The browser's own caches are warm after the first.
  await (await opened(`${site.origin}/home`)).page.context().close();
  const without = await opened(`${bare.origin}/home`);
  await without.page.context().close();
  const withIt = await opened(`${site.origin}/home`);
  const { page } = withIt;
  const core = scriptMs(withIt.events.filter((event) => /telemetry\.js/.test(event.args?.data?.url ?? '')));
  const evaluated = sum(withIt.events.filter((event) => event.name === 'EvaluateScript' && /telemetry\.js/.test(event.args?.data?.url ?? '')));
  const all = scriptMs(withIt.events);
  const forced = withIt.events.filter(({ name, args }) => name === 'Layout' && /telemetry/.test(JSON.stringify(args?.beginData?.stackTrace ?? '')));

  const slow = await page.context().newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const work = await page.evaluate((additions) => {
    const times = [1, 2, 3].map(() => {
      const before = performance.now();
      for (let sum = 0, count = 0; count < additions; count += 1) sum += count % 7;
      return performance.now() - before;
    });
    return Math.min(...times);
  }, WORK_ADDITIONS);
  const events = await traced(page, async () => {
    for (let count = 0; count < CLICKS; count += 1) {
      await page.click('[data-tm-id=ask]');
      await page.waitForTimeout(60);
    }
    await page.waitForTimeout(600);
  });
  const handlers = events.filter((event) => event.name === 'FunctionCall' && ours(event));
  const inClick = events.filter((event) => event.name === 'EventDispatch' && event.args?.data?.type === 'click');
  const inside = (click) => handlers.filter(({ ts }) => ts >= click.ts && ts <= click.ts + click.dur);
  const perClick = inClick.map((click) => sum(inside(click)));
  const later = (scriptMs(events) - perClick.reduce((total, ms) => total + ms, 0)) / CLICKS;
  const figures = {
    'gzip bytes': bytes,
    'the machine': { [`ms for ${WORK_ADDITIONS} additions at 1/${SLOWER} speed`]: work },
    [`start-up, main thread, ms at 1/${SLOWER} speed`]: { 'telemetry.js evaluated': evaluated, 'telemetry.js in all': core, 'all parts': all },
    [`per click, ms at 1/${SLOWER} speed`]: { 'in the click, median': median(perClick), 'later, when idle': later },
    'total blocking time, ms': { without: without.blocking, with: withIt.blocking },
    'memory, KB': { without: without.heap / 1024, with: withIt.heap / 1024 },
    'layouts forced': { 'telemetry.js': forced.length },
  };
  for (const [name, values] of Object.entries(figures)) {
    console.log(`${name}: ${Object.entries(values).map(([key, value]) => `${key} ${Math.round(value * 100) / 100}`).join(', ')}`);
  }
  expect(evaluated).toBeGreaterThan(0);
  expect(evaluated / work).toBeLessThan(START_WORK_MAX);
  expect(perClick).toHaveLength(CLICKS);
  expect(median(perClick) / work).toBeLessThan(CLICK_WORK_MAX);
  expect(forced).toEqual([]);
  expect(withIt.heap - without.heap).toBeLessThan(2 * 1024 * 1024);
  await page.context().close();
}, 120_000);
