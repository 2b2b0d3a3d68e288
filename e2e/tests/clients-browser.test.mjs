/** The clients that run in pages, unmodified, in Chromium, on a site of another origin than the server. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, newPage } from '../harness/browser.mjs';
import { tally } from '../harness/events.mjs';
import { packaged } from '../harness/paths.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { pageOf, startSite } from '../harness/site.mjs';
import { logIn, seeTrend } from '../harness/ui.mjs';

let server;
let browser;
const sites = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  await server.inProject('PATCH', '', { channels: ['hp-education'] });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(sites.map((site) => site.stop()));
  await server?.stop();
});

async function open(name, files = {}, values = {}, change = (html) => html) {
  const site = await startSite(change(pageOf(name, { host: server.origin, key: WRITE_KEY, ...values })), files);
  sites.push(site);
  return { site, page: await newPage(browser) };
}

/** Waits until each of `names` has been stored as often as said, and returns the rows of these names. */
function arrived(names, filter) {
  return until(`${JSON.stringify(names)} arrive`, async () => {
    const rows = (await server.events()).filter((row) => row.event in names && filter(row));
    const counts = tally(rows);
    return Object.entries(names).every(([name, count]) => counts[name] >= count) && rows;
  });
}

/** The trend page, opened as a person would, shows `count` for `event`. */
async function trendShows(event, count, name) {
  const page = await newPage(browser);
  await logIn(page, server);
  await seeTrend(page, server, { event, count, name });
  expect(page.faults).toEqual([]);
  await page.context().close();
}

describe('posthog-js 1.449.2', () => {
  it('page views, a click, identify and an event of its own arrive once and belong to one person', async () => {
    const { site, page } = await open('posthog', {
      '/posthog.js': readFileSync(packaged('posthog-js/dist/array.full.no-external.js')),
    });
    const configured = page.waitForResponse((response) => response.url().includes(`/array/${WRITE_KEY}/config`));
    await page.goto(`${site.origin}/attendance`);
    expect((await configured).status()).toBe(200);
    await arrived({ $pageview: 1 }, (row) => row.dialect === 'posthog');
    await page.click('#leave');
    await page.evaluate(() => history.pushState({}, '', '/marks'));
    const anonymous = await page.evaluate(() => posthog.get_distinct_id());
    await page.evaluate(() => {
      posthog.identify('parent-9', { role: 'parent' });
      posthog.capture('leave_requested', { days: 2, reason: 'बुखार' });
    });
    const wanted = { $pageview: 2, $autocapture: 1, $identify: 1, leave_requested: 1 };
    const rows = await arrived(wanted, (row) => row.dialect === 'posthog');
    expect(tally(rows)).toEqual(wanted);

    const row = (name) => rows.find((each) => each.event === name);
    expect(row('leave_requested')).toMatchObject({ distinct_id: 'parent-9', properties: { days: 2, reason: 'बुखार' } });
    expect(row('$autocapture').properties).toMatchObject({ $event_type: 'click', $el_text: 'Ask for leave' });
    expect(row('$autocapture').properties.$elements_chain).toContain('attr_id="leave"');
    const paths = rows.filter((each) => each.event === '$pageview').map((each) => each.properties.$pathname);
    expect(paths.sort()).toEqual(['/attendance', '/marks']);
    expect(new Set(rows.map((each) => each.session_id)).size).toBe(1);

    expect(new Set(rows.map((each) => each.person)).size).toBe(1);
    const person = await server.inProject('GET', '/persons/parent-9');
    expect(person).toMatchObject({ identified: true, properties: { role: 'parent' } });
    expect(person.distinct_ids.sort()).toEqual([anonymous, 'parent-9'].sort());
    expect(await server.count({ event: '$pageview', math: 'dau' })).toBe(1);
    expect(page.faults).toEqual([]);
    await page.context().close();
    await trendShows('$pageview', 2, 'trend-posthog-js');
  });
});

/** What an app does with Sunbird's SDK, whoever made it. */
const flow = (page) =>
  page.evaluate(async () => {
    await $t.start({}, 'content-1', '1.0', { type: 'app', mode: 'play', pageid: 'attendance' });
    $t.impression({ type: 'view', pageid: 'attendance', uri: '/attendance' });
    document.querySelector('#leave').click();
    $t.end({ type: 'app', mode: 'play', pageid: 'attendance' });
  });
const once = { START: 1, IMPRESSION: 1, INTERACT: 1, END: 1 };

describe('@project-sunbird/telemetry-sdk 2.0.1', () => {
  it('START, IMPRESSION, INTERACT and END arrive once, with the write key as its token', async () => {
    const { site, page } = await open('sunbird', {
      '/sunbird.js': readFileSync(packaged('@project-sunbird/telemetry-sdk/dist/index.global.js')),
    });
    await page.goto(`${site.origin}/attendance`);
    await flow(page);
    const rows = await arrived(once, (row) => row.distinct_id === 'parent-77');
    expect(tally(rows)).toEqual(once);
    const row = (name) => rows.find((each) => each.event === name).properties;
    expect(row('IMPRESSION')).toMatchObject({ 'edata.pageid': 'attendance', 'edata.uri': '/attendance', 'context.env': 'home' });
    expect(row('INTERACT')).toMatchObject({ 'edata.type': 'CLICK', 'edata.id': 'leave', 'object.id': 'content-1' });
    expect(row('END')['edata.duration']).toBeTypeOf('number');
    expect(new Set(rows.map((each) => `${each.person} ${each.session_id}`))).toEqual(new Set(['parent-77 sunbird-session-1']));
    expect(page.faults).toEqual([]);
    await page.context().close();
    await trendShows('IMPRESSION', await server.count({ event: 'IMPRESSION', math: 'total' }), 'trend-sunbird-sdk');
  });

  it('a stock app that only changed its host is known by its channel', async () => {
    const { site, page } = await open(
      'sunbird',
      { '/sunbird.js': readFileSync(packaged('@project-sunbird/telemetry-sdk/dist/index.global.js')) },
      { key: '' },
    );
    await page.goto(`${site.origin}/attendance`);
    await page.evaluate(() => $t.resetActor({ id: 'parent-by-channel', type: 'User' }));
    await flow(page);
    const rows = await arrived(once, (row) => row.distinct_id === 'parent-by-channel');
    expect(tally(rows)).toEqual(once);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('telemetry-sunbird.js in its place', () => {
  const ours = (html) => {
    expect(html.split('src=')).toHaveLength(2);
    return html.replace('src="/sunbird.js"', `src="${server.origin}/telemetry-sunbird.js"`);
  };

  it('the same page with another script address: the same rows, once', async () => {
    const { site, page } = await open('sunbird', {}, {}, (html) => ours(html).replaceAll('parent-77', 'parent-78'));
    await page.goto(`${site.origin}/attendance`);
    await flow(page);
    const rows = await arrived(once, (row) => row.distinct_id === 'parent-78');
    expect(tally(rows)).toEqual(once);
    const row = (name) => rows.find((each) => each.event === name).properties;
    expect(row('IMPRESSION')).toMatchObject({ 'edata.pageid': 'attendance', 'edata.uri': '/attendance', 'context.env': 'home' });
    expect(row('INTERACT')).toMatchObject({ 'edata.type': 'CLICK', 'edata.id': 'leave', 'object.id': 'content-1' });
    expect(row('END')['edata.duration']).toBeTypeOf('number');
    expect(new Set(rows.map((each) => `${each.person} ${each.session_id}`))).toEqual(new Set(['parent-78 sunbird-session-1']));
    expect(await page.evaluate(() => typeof jQuery)).toBe('undefined');
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  it('a page whose host is still the old collector, known by its channel, and left before a batch is full: nothing is lost', async () => {
    const change = (html) => ours(html).replace(server.origin + "',", "https://old-collector.invalid',");
    const { site, page } = await open('sunbird', {}, { key: '' }, change);
    // It stays for longer than the moment in which the page learns its level.
    await Promise.all([page.waitForResponse((response) => response.url().includes('/v1/telemetry/level')), page.goto(`${site.origin}/attendance`)]);
    const left = await page.evaluate(() => {
      $t.resetActor({ id: 'parent-drop-in', type: 'User' });
      for (let count = 0; count < 7; count += 1) document.querySelector('#leave').click();
      document.dispatchEvent(new CustomEvent('TelemetryEvent', {
        detail: {
          eid: 'LOG', ets: Date.now(), ver: '3.0', mid: 'LOG:by-the-page', actor: { id: 'parent-drop-in', type: 'User' },
          context: { channel: 'hp-education', pdata: { id: 'prod.esamwad.app' }, env: 'home', did: 'd' },
          edata: { type: 'app', level: 'INFO', message: 'made by the page' },
        },
      }));
      return $t.config.host;
    });
    expect(left).toBe('https://old-collector.invalid');
    await page.goto('about:blank');
    // What a leaving page hands over gets no answer: the next page sends it again, and it counts once.
    await page.goto(`${site.origin}/marks`);
    await page.evaluate(() => $t.syncEvents());
    const rows = await arrived({ INTERACT: 7, LOG: 1 }, (row) => row.distinct_id === 'parent-drop-in');
    expect(tally(rows)).toEqual({ INTERACT: 7, LOG: 1 });
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('telemetry.js', () => {
  it('a visit over two documents arrives once, though each page resends what the last one handed over', async () => {
    const { site, page } = await open('telemetry');
    await page.goto(`${site.origin}/attendance`);
    await page.waitForFunction(() => window.telemetry.version);
    const device = await page.evaluate(
      () => Object.entries(localStorage).find(([name]) => name.endsWith('_did'))[1],
    );
    const ours = (row) => [device, 'parent-5'].includes(row.distinct_id);
    await arrived({ START: 1, IMPRESSION: 1, opened_early: 1 }, ours);
    await page.click('[data-tm-id=ask-leave]');
    await page.evaluate(() => {
      history.pushState({}, '', '/exams');
      telemetry.identify('parent-5', { role: 'parent' });
      telemetry.track('leave_requested', { days: 2, reason: 'बुखार', nested: { half: true } });
    });
    await page.click('#marks');
    await page.waitForURL('**/marks');
    await page.waitForFunction(() => window.telemetry.version);
    await page.goto('about:blank');

    const wanted = { START: 2, IMPRESSION: 3, INTERACT: 2, END: 2, opened_early: 2, $identify: 1, leave_requested: 1 };
    const rows = await arrived(wanted, ours);
    expect(tally(rows)).toEqual(wanted);
    expect(new Set(rows.map((row) => row.person)).size).toBe(1);
    expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
    const row = (name) => rows.find((each) => each.event === name);
    expect(row('leave_requested').properties).toMatchObject({ days: 2, reason: 'बुखार', 'nested.half': true });
    expect(rows.filter((each) => each.event === 'IMPRESSION').map((each) => each.properties['edata.pageid']).sort()).toEqual([
      '/attendance', '/exams', '/marks',
    ]);
    expect(rows.filter((each) => each.event === 'INTERACT').map((each) => each.properties['edata.id']).sort()).toEqual([
      'ask-leave', 'marks',
    ]);
    const person = await server.inProject('GET', '/persons/parent-5');
    expect(person.distinct_ids.sort()).toEqual([device, 'parent-5'].sort());
    expect(person.properties).toMatchObject({ role: 'parent' });
    expect((await server.inProject('GET', '/failed-events')).failed).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
    await trendShows('leave_requested', await server.count({ event: 'leave_requested', math: 'total' }), 'trend-telemetry-js');
  });

  it('while the server is away nothing is lost, and nothing doubles when it is back', async () => {
    const { site, page } = await open('telemetry');
    await page.goto(`${site.origin}/offline`);
    await page.waitForFunction(() => window.telemetry.version);
    await page.evaluate(() => telemetry.flush());
    await server.kill();
    await page.evaluate(async () => {
      for (let number = 0; number < 30; number += 1) telemetry.track('while_away', { number });
      await telemetry.flush();
    });
    expect(await page.evaluate(() => telemetry.flush())).toBe(false);
    // The page is left while the server is still away; the next page of the site brings what it kept.
    await page.goto('about:blank');
    await server.launch();
    await page.goto(`${site.origin}/offline-2`);
    const rows = await until('30 events arrive', async () => {
      const found = await server.events({ event: 'while_away' });
      return found.length >= 30 && found;
    });
    expect(rows.map((row) => row.properties.number).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    await page.context().close();
  });
});
