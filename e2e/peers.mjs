/**
 * What each SDK costs a page: bytes, main-thread time at the start and per click, in Chromium with a CPU six times slower.
 *
 *     npm run peers            # 3 rounds; ROUNDS=9 for figures to keep
 *
 * One page, loaded without an SDK and with each, counted by Chromium's trace in two ways: what runs in the SDK's own
 * code, and all main-thread tasks above those of the page without.
 */
import { cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { launch, newPage } from './harness/browser.mjs';
import { folder, packaged } from './harness/paths.mjs';
import { Server, WRITE_KEY } from './harness/server.mjs';
import { startSite } from './harness/site.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** A cheap phone beside a developer's machine. */
const CPU_SLOWDOWN = 6;
/** What an SDK puts off it does within this. */
const SETTLE_MS = 1500;
const CLICKS = 12;
/** Trace events that are the running or compiling of script. */
const CODE = new Set(['EvaluateScript', 'FunctionCall', 'v8.compile']);
/** Longer tasks block the page: what is above this counts as blocking time (web.dev/tbt). */
const BLOCKING_MS = 50;

const read = (path) => readFileSync(path, 'utf8');
const npmVersion = (name) => JSON.parse(read(packaged(`${name}/package.json`))).version;

/** Each SDK: its script and how a page begins it; Sunbird's captures no clicks, so the page tells it of them. */
function peers(host) {
  const sunbird = `$t.initialize({ host: '${host}', endpoint: '/data/v3/telemetry', authtoken: '${WRITE_KEY}', channel: 'peers',
    env: 'home', pdata: { id: 'peers', ver: '1.0' } }); $t.start({}, 'c', '1.0', { type: 'app', mode: 'play' });
    $t.impression({ type: 'view', pageid: 'home', uri: '/' });`;
  const sunbirdPage = `${sunbird} document.getElementById('leave').addEventListener('click', () =>
    $t.interact({ type: 'CLICK', id: 'leave', pageid: 'home' }));`;
  return [
    { name: 'no SDK' },
    { name: 'telemetry.js', script: read(folder('../sdk/dist/telemetry.js')), tag: `src="${host}/telemetry.js" data-key="${WRITE_KEY}"` },
    {
      name: 'telemetry-sunbird.js',
      script: read(folder('../sdk/dist/telemetry-sunbird.js')),
      tag: `src="${host}/telemetry-sunbird.js"`,
      begin: sunbirdPage,
    },
    {
      name: `posthog-js ${npmVersion('posthog-js')}`,
      script: read(packaged('posthog-js/dist/array.js')),
      begin: `posthog.init('${WRITE_KEY}', { api_host: '${host}', defaults: '2026-01-30', disable_external_dependency_loading: true,
        opt_out_useragent_filter: true, internal_or_test_user_hostname: null });`,
    },
    {
      name: `@project-sunbird/telemetry-sdk ${npmVersion('@project-sunbird/telemetry-sdk')}`,
      script: read(packaged('@project-sunbird/telemetry-sdk/dist/index.global.js')),
      begin: sunbirdPage,
    },
  ];
}

/** True for a trace event of an SDK's code: its own files, or the lines of the page that call it; the page has no others. */
function ofSdk(event, origin) {
  const url = event.args?.data?.url ?? event.args?.fileName ?? '';
  return /\/telemetry(-\w+)?\.js/.test(url) || url.startsWith(origin);
}

function pageWith({ script, tag = 'src="/sdk.js"', begin = '' }) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Peers</title></head><body>
    <h1>Attendance</h1>${'<p>A line of text that is there in any page.</p>'.repeat(50)}
    <button id="leave">Ask for leave</button>
    ${script ? `<script ${tag}></script>` : ''}<script>${begin}</script></body></html>`;
}

/** Runs `work` and sums the main-thread tasks of `page` meanwhile, what of them blocked, and what was code of the SDK. */
async function busy(browser, page, origin, work) {
  await browser.startTracing(page, { categories: ['toplevel', 'v8', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = new Set(
    traceEvents.filter((each) => each.name === 'thread_name' && each.args.name === 'CrRendererMain').map((each) => `${each.pid}/${each.tid}`),
  );
  const tasks = traceEvents.filter((each) => each.name === 'RunTask' && each.ph === 'X' && main.has(`${each.pid}/${each.tid}`));
  const ms = tasks.map(cpuMs);
  const own = traceEvents.filter((each) => each.ph === 'X' && main.has(`${each.pid}/${each.tid}`) && CODE.has(each.name) && ofSdk(each, origin));
  return {
    tasks: ms.reduce((sum, each) => sum + each, 0),
    blocking: ms.reduce((sum, each) => sum + Math.max(0, each - BLOCKING_MS), 0),
    own: lengthOf(own),
  };
}

/** Time of `events`, ms; what lies inside another counts once. */
function lengthOf(events) {
  let [total, end] = [0, 0];
  for (const event of events.toSorted((a, b) => a.ts - b.ts)) {
    if (event.ts < end) continue;
    total += cpuMs(event);
    end = event.ts + (event.dur ?? 0);
  }
  return total;
}

/** The thread's own time, so that other programs on the machine are not in it; the slowed CPU is. */
const cpuMs = (event) => (event.tdur ?? event.dur ?? 0) / 1000;

async function measure(browser, origin) {
  const page = await newPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const start = await busy(browser, page, origin, async () => {
    await page.goto(origin);
    await page.waitForTimeout(SETTLE_MS);
  });
  const { x, y, width, height } = await page.locator('#leave').boundingBox();
  const clicks = await busy(browser, page, origin, async () => {
    for (let count = 0; count < CLICKS; count += 1) {
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.waitForTimeout(250);
    }
    await page.waitForTimeout(SETTLE_MS);
  });
  await page.context().close();
  return {
    startOwn: start.own,
    start: start.tasks,
    blocking: start.blocking,
    clickOwn: clicks.own / CLICKS,
    click: clicks.tasks / CLICKS,
  };
}

/** Other programs only ever add to a figure. */
const least = (values) => Math.min(...values);

const server = await Server.start();
const browser = await launch();
const found = new Map();
try {
  const all = peers(server.origin);
  // Rounds outside, SDKs inside: what else the machine does meets all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of all) {
      const site = await startSite(pageWith(peer), { '/sdk.js': peer.script ?? '' });
      const figures = await measure(browser, site.origin);
      found.set(peer.name, [...(found.get(peer.name) ?? []), figures]);
      await site.stop();
    }
  }
  const of = (name, what) => least(found.get(name).map((each) => each[what]));
  const above = (name, what) => (of(name, what) - of('no SDK', what)).toFixed(1);
  console.log(`${cpus()[0].model}, ${cpus().length} cores, slowed ${CPU_SLOWDOWN} times; Chromium ${browser.version()}; the least disturbed of ${ROUNDS} rounds`);
  console.log('| | gzip -9, bytes | start: in its code, ms | start: main thread, ms | of it blocking, ms | click: in its code, ms | click: main thread, ms |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const { name, script } of all) {
    const cells = script
      ? [
          gzipSync(script, { level: 9 }).length,
          of(name, 'startOwn').toFixed(1),
          above(name, 'start'),
          above(name, 'blocking'),
          of(name, 'clickOwn').toFixed(2),
          above(name, 'click'),
        ]
      : ['–', '–', `(${of(name, 'start').toFixed(1)})`, `(${of(name, 'blocking').toFixed(1)})`, '–', `(${of(name, 'click').toFixed(1)})`];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
} finally {
  await browser.close();
  await server.stop();
}
