/** The apps of examples/, built as their readers would build them, in Chromium, against the real server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, newPage } from '../harness/browser.mjs';
import { tally } from '../harness/events.mjs';
import { folder } from '../harness/paths.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { startSite } from '../harness/site.mjs';

/** `next build` on two busy cores. */
const BUILD_MS_MAX = 180_000;

let server;
let browser;
const sites = [];
beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(sites.map((site) => site.stop()));
  await server?.stop();
});

/** Builds the example in `name` for this server. */
async function build(name) {
  const cwd = folder(`../examples/${name}`);
  const settings = { HOST: server.origin, KEY: WRITE_KEY };
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  for (const [what, value] of Object.entries(settings)) {
    for (const prefix of ['VITE', 'NEXT_PUBLIC']) env[`${prefix}_TELEMETRY_${what}`] = value;
  }
  const process_ = spawn('npm', ['run', 'build'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = await once(process_, 'exit');
  if (code !== 0) throw new Error(`examples/${name} does not build (npm ci in examples/ first?):\n${said}`);
}

/** The files below `root`, as a web server has them: `/marks` is `marks.html` where there is one. */
function filesOf(root) {
  const files = {};
  for (const name of readdirSync(root, { recursive: true })) {
    const path = join(root, name);
    if (!statSync(path).isFile()) continue;
    files[`/${name}`] = readFileSync(path);
    if (name.endsWith('.html') && name !== 'index.html') files[`/${name.slice(0, -'.html'.length)}`] = files[`/${name}`];
  }
  return files;
}

async function serve(root) {
  const page = readFileSync(join(root, 'index.html'));
  const site = await startSite(page, filesOf(root));
  sites.push(site);
  return site;
}

/** The rows of the app that calls itself `app`, once each of `wanted` is there; exactly these, and all of one person. */
async function arrived(app, wanted, page) {
  await page.goto('about:blank');
  let rows = [];
  const complete = async () => {
    rows = (await server.events()).filter((row) => row.properties['context.pdata.id'] === app && row.event in wanted);
    const counts = tally(rows);
    return Object.entries(wanted).every(([name, count]) => counts[name] >= count);
  };
  // What is missing is told by the comparison below.
  await until(`the events of ${app}`, complete).catch(() => undefined);
  expect(tally(rows)).toEqual(wanted);
  expect(new Set(rows.map((row) => row.person)).size).toBe(1);
  expect(page.faults).toEqual([]);
  await page.context().close();
  return rows;
}

/** Opens `url` as a visitor who stays for more than the moment in which the page learns its level. */
async function visit(page, url) {
  await Promise.all([page.waitForResponse((response) => response.url().includes('/v1/telemetry/level')), page.goto(url)]);
}

const clicks = (rows) => rows.filter((row) => row.event === 'INTERACT').map((row) => row.properties['edata.id']).sort();
const pages = (rows) => rows.filter((row) => row.event === 'IMPRESSION').map((row) => row.properties['edata.pageid']).sort();

it('plain: one script tag, and calls made before it has loaded', async () => {
  const html = readFileSync(folder('../examples/plain/index.html'), 'utf8');
  const mine = html
    .replaceAll('https://telemetry.school.in', server.origin)
    .replaceAll('tmw_…', WRITE_KEY)
    .replace('data-channel', 'data-app="example.plain" data-channel');
  const site = await startSite(mine);
  sites.push(site);
  const page = await newPage(browser);
  await visit(page, `${site.origin}/attendance`);
  await page.click('[data-tm-id=ask-leave]');
  const rows = await arrived('example.plain', { START: 1, IMPRESSION: 1, INTERACT: 1, END: 1, $identify: 1, leave_requested: 1 }, page);
  expect(clicks(rows)).toEqual(['ask-leave']);
  expect(rows[0].person).toBe('parent-plain');
});

it('react: a single-page app under StrictMode', async () => {
  await build('react');
  const site = await serve(folder('../examples/react/dist'));
  const page = await newPage(browser);
  await visit(page, `${site.origin}/attendance`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'marks' }).click();
  await page.getByRole('heading', { name: 'Marks' }).waitFor();
  await page.getByRole('button', { name: 'Ask for leave' }).click();
  await page.goBack();
  await page.getByRole('heading', { name: 'Attendance' }).waitFor();
  await until('the level is shown', async () => (await page.locator('output').innerText()) === 'full');
  const wanted = { START: 1, IMPRESSION: 3, INTERACT: 3, END: 1, $identify: 1, leave_requested: 1 };
  const rows = await arrived('example.react', wanted, page);
  expect(clicks(rows)).toEqual(['ask-leave', 'log-in', 'open-marks']);
  expect(pages(rows)).toEqual(['/attendance', '/attendance', '/marks']);
  expect(rows[0].person).toBe('parent-react');
}, BUILD_MS_MAX);

it('vue: the plugin, and an error that Vue keeps from the window', async () => {
  await build('vue');
  const site = await serve(folder('../examples/vue/dist'));
  const page = await newPage(browser);
  await visit(page, `${site.origin}/attendance`);
  for (const id of ['log-in', 'open-marks', 'ask-leave', 'fail']) await page.click(`[data-tm-id=${id}]`);
  expect(page.faults.splice(0).join()).toContain('a component failed');
  const wanted = { START: 1, IMPRESSION: 2, INTERACT: 4, END: 1, $identify: 1, leave_requested: 1, ERROR: 1 };
  const rows = await arrived('example.vue', wanted, page);
  expect(rows.find((row) => row.event === 'ERROR').properties['edata.err']).toBe('TypeError');
  expect(pages(rows)).toEqual(['/attendance', '/marks']);
}, BUILD_MS_MAX);

it('next: pages that a server renders, with links between them', async () => {
  await build('next');
  const site = await serve(folder('../examples/next/out'));
  const page = await newPage(browser);
  await visit(page, `${site.origin}/`);
  const documents = [];
  const running = new Set();
  page.on('request', (request) => {
    running.add(request);
    if (request.isNavigationRequest()) documents.push(request.url());
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => running.delete(request));
  await page.click('[data-tm-id=log-in]');
  await page.click('[data-tm-id=ask-leave]');
  await page.click('[data-tm-id=open-marks]');
  await page.getByRole('heading', { name: 'Marks' }).waitFor();
  expect(documents, 'the link is followed within the page').toEqual([]);
  // What Next fetches ahead for the links of a page, and complains about when leaving it cuts that off.
  await until('nothing is being fetched', () => running.size === 0);
  const wanted = { START: 1, IMPRESSION: 2, INTERACT: 3, END: 1, $identify: 1, leave_requested: 1 };
  const rows = await arrived('example.next', wanted, page);
  expect(clicks(rows)).toEqual(['ask-leave', 'log-in', 'open-marks']);
  expect(pages(rows)).toEqual(['/', '/marks']);
}, BUILD_MS_MAX);

describe('webview', () => {
  it('pause, resume, a call and a share, in a mobile view', async () => {
    await build('webview');
    const site = await serve(folder('../examples/webview/dist'));
    const page = await newPage(browser, { viewport: { width: 393, height: 786 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    // Headless Chromium on Linux has no share sheet; Android's does. What the page does with it is real.
    await page.addInitScript(() => {
      const sheet = async () => {
        window.shared = true;
      };
      navigator.share = sheet;
      window.isWatched = () => navigator.share !== sheet;
    });
    await visit(page, `${site.origin}/attendance`);
    await page.waitForFunction(() => window.isWatched());
    await page.tap('#ask-leave');
    await page.tap('#share-report');
    // Capacitor fetches its part for the web first.
    await page.waitForFunction(() => window.shared);
    // Cordova dispatches these on the document; native code calls functions of the page.
    await page.evaluate(() => document.dispatchEvent(new Event('pause')));
    await page.evaluate(() => window.telemetryCall('ringing'));
    await page.evaluate(() => document.dispatchEvent(new Event('resume')));
    const wanted = { START: 1, IMPRESSION: 1, INTERACT: 2, SHARE: 1, INTERRUPT: 3, leave_requested: 1 };
    const rows = await arrived('example.webview', wanted, page);
    const interrupts = rows.filter((row) => row.event === 'INTERRUPT').map((row) => row.properties['edata.type']);
    expect(interrupts.sort()).toEqual(['background', 'call', 'resume']);
    expect(clicks(rows)).toEqual(['ask-leave', 'share-report']);
  }, BUILD_MS_MAX);
});
