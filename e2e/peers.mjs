/**
 * What each SDK costs a page: bytes, main-thread time at the start and per click, in Chromium with a CPU six times slower.
 *
 *     npm run peers            # 3 rounds; ROUNDS=9 for figures to keep
 *
 * One page, loaded without an SDK and with each; the scripts stand in the page itself, so no network is in the figures.
 * All main-thread tasks are counted by Chromium's trace, also those that run later; the page without is subtracted.
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
const CLICKS = 25;
/** Longer tasks block the page: what is above this counts as blocking time (web.dev/tbt). */
const BLOCKING_MS = 50;

const read = (path) => readFileSync(path, 'utf8');
const npmVersion = (name) => JSON.parse(read(packaged(`${name}/package.json`))).version;

/** Each SDK: its script, how a page begins it, and what its button does where clicks are not captured. */
function peers(host) {
  const sunbird = `$t.initialize({ host: '${host}', endpoint: '/data/v3/telemetry', authtoken: '${WRITE_KEY}', channel: 'peers',
    env: 'home', pdata: { id: 'peers', ver: '1.0' } }); $t.start({}, 'c', '1.0', { type: 'app', mode: 'play' });
    $t.impression({ type: 'view', pageid: 'home', uri: '/' });`;
  const interact = "$t.interact({ type: 'CLICK', id: 'leave', pageid: 'home' })";
  return [
    { name: 'no SDK' },
    {
      name: 'telemetry.js',
      script: read(folder('../sdk/dist/telemetry.js')),
      attributes: `data-key="${WRITE_KEY}" data-host="${host}"`,
    },
    { name: 'telemetry-sunbird.js', script: read(folder('../sdk/dist/telemetry-sunbird.js')), attributes: `data-host="${host}"`, begin: sunbird, click: interact },
    {
      name: `posthog-js ${npmVersion('posthog-js')}`,
      script: read(packaged('posthog-js/dist/array.js')),
      begin: `posthog.init('${WRITE_KEY}', { api_host: '${host}', defaults: '2026-01-30', disable_external_dependency_loading: true,
        opt_out_useragent_filter: true, internal_or_test_user_hostname: null });`,
    },
    {
      name: `@project-sunbird/telemetry-sdk ${npmVersion('@project-sunbird/telemetry-sdk')}`,
      script: read(packaged('@project-sunbird/telemetry-sdk/dist/index.global.js')),
      begin: sunbird,
      click: interact,
    },
  ];
}

function pageWith({ script = '', attributes = '', begin = '', click = '' }) {
  const inline = (text, more = '') => (text ? `<script ${more}>${text.replaceAll('</script', '<\\/script')}</script>` : '');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Peers</title></head><body>
    <h1>Attendance</h1>${'<p>A line of text that is there in any page.</p>'.repeat(50)}
    <button id="leave" onclick="${click}">Ask for leave</button>
    ${inline(script, attributes)}${inline(begin)}</body></html>`;
}

/** Runs `work` and sums the main-thread tasks of `page` meanwhile, and what of them blocked. */
async function busy(browser, page, work) {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = new Set(
    traceEvents.filter((each) => each.name === 'thread_name' && each.args.name === 'CrRendererMain').map((each) => `${each.pid}/${each.tid}`),
  );
  const tasks = traceEvents.filter((each) => each.name === 'RunTask' && each.ph === 'X' && main.has(`${each.pid}/${each.tid}`));
  const ms = tasks.map(cpuMs);
  const inHandlers = traceEvents
    .filter((each) => each.name === 'EventDispatch' && main.has(`${each.pid}/${each.tid}`))
    .reduce((sum, each) => sum + cpuMs(each), 0);
  return {
    tasks: ms.reduce((sum, each) => sum + each, 0),
    blocking: ms.reduce((sum, each) => sum + Math.max(0, each - BLOCKING_MS), 0),
    inHandlers,
  };
}

/** The thread's own time, so that other programs on the machine are not in it; the slowed CPU is. */
const cpuMs = (event) => (event.tdur ?? event.dur ?? 0) / 1000;

async function measure(browser, origin) {
  const page = await newPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const start = await busy(browser, page, async () => {
    await page.goto(origin);
    await page.waitForTimeout(SETTLE_MS);
  });
  const { x, y, width, height } = await page.locator('#leave').boundingBox();
  const clicks = await busy(browser, page, async () => {
    for (let count = 0; count < CLICKS; count += 1) {
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.waitForTimeout(30);
    }
    await page.waitForTimeout(SETTLE_MS);
  });
  await page.context().close();
  return { start: start.tasks, blocking: start.blocking, handler: clicks.inHandlers / CLICKS, click: clicks.tasks / CLICKS };
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
      const site = await startSite(pageWith(peer));
      const figures = await measure(browser, site.origin);
      found.set(peer.name, [...(found.get(peer.name) ?? []), figures]);
      await site.stop();
    }
  }
  const of = (name, what) => least(found.get(name).map((each) => each[what]));
  const above = (name, what) => (of(name, what) - of('no SDK', what)).toFixed(what === 'start' || what === 'blocking' ? 1 : 2);
  console.log(`| ${cpus()[0].model}, CPU ÷ ${CPU_SLOWDOWN}, Chromium ${browser.version()}, the least disturbed of ${ROUNDS} rounds | gzip -9, bytes | start, ms | of it blocking, ms | click: in its handlers, ms | click: all tasks, ms |`);
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const { name, script } of all) {
    const bytes = script ? gzipSync(script, { level: 9 }).length : 0;
    const cells = script
      ? [bytes, above(name, 'start'), above(name, 'blocking'), above(name, 'handler'), above(name, 'click')]
      : ['–', `(${of(name, 'start').toFixed(1)})`, `(${of(name, 'blocking').toFixed(1)})`, `(${of(name, 'handler').toFixed(2)})`, `(${of(name, 'click').toFixed(2)})`];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
} finally {
  await browser.close();
  await server.stop();
}
