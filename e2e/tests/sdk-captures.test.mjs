/** What a visitor does, in three kinds of apps, and what of it the server has stored: each exactly once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../harness/browser.mjs';
import { deviceOf, ready, setHidden, startApp, stored, visitor } from '../harness/sdk.mjs';
import { Server } from '../harness/server.mjs';

let server;
let browser;
let site;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  site = await startApp(server);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

const WEB_VIEW = {
  viewport: { width: 390, height: 800 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
  userAgent: 'Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36',
};
const KINDS = {
  'multi-page site': { start: '/home', marks: '/marks/4711', options: {} },
  'single-page app': { start: '/app/home', marks: '/app/marks/4711', options: {}, single: true },
  'mobile web view': { start: '/home', marks: '/marks/4711', options: WEB_VIEW, touch: true },
};

/** Everything in the table that the page can do, once. */
async function act(page, kind) {
  const press = (selector) => (kind.touch ? page.tap(selector) : page.click(selector));
  await press('[data-tm-id=ask] b');
  for (let count = 0; count < 3; count += 1) await press('[data-tm-id=angry]');
  await press('[data-tm-id=dead]');
  await page.waitForTimeout(1100);
  await press('#ignored');
  await press('#masked');
  await page.selectOption('#grade', '7');
  await page.check('input[value=no]');
  await page.click('#note button');
  await page.fill('#find input', 'fees');
  await page.press('#find input', 'Enter');
  await press('[data-tm-preview]');
  await gestures(page);
  await shares(page, press);
  await interrupts(page);
  await press('#break');
  await feedback(page, press);
  await calls(page);
}

async function gestures(page) {
  const box = await page.locator('#map').boundingBox();
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 80, box.y + 8, { steps: 3 });
  await page.mouse.up();
  await page.evaluate(() => getSelection().removeAllRanges());
  await page.dragAndDrop('#card', '#slot');
  await page.evaluate(() => dispatchEvent(new WheelEvent('wheel', { ctrlKey: true, deltaY: -100 })));
  await page.waitForTimeout(500);
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width: width - 40, height });
  await page.waitForTimeout(500);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setDeviceMetricsOverride', {
    width: height, height: width, deviceScaleFactor: 1, mobile: true, screenOrientation: { type: 'landscapePrimary', angle: 90 },
  });
  await page.waitForTimeout(500);
  await devtools.send('Emulation.clearDeviceMetricsOverride');
  await page.setViewportSize({ width, height });
  for (let step = 0; step < 8; step += 1) {
    await page.mouse.move(40 + 25 * step, 60 + 10 * step);
    await page.waitForTimeout(110);
  }
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.waitForTimeout(1200);
  await page.evaluate(() => scrollTo(0, 0));
}

async function shares(page, press) {
  await press('#native');
  await press('#whatsapp');
  await page.click('#report');
  await page.locator('#link').selectText();
  await page.press('#link', 'Control+c');
  await page.evaluate(() => telemetry.exportQueue());
}

async function interrupts(page) {
  await setHidden(page, true);
  await setHidden(page, false);
  await page.context().setOffline(true);
  await page.waitForTimeout(50);
  await page.context().setOffline(false);
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
  await page.evaluate(() => telemetry.interrupt('call'));
}

async function feedback(page, press) {
  await press('[data-tm-feedback]');
  await page.waitForSelector('[data-tm-feedback-form]');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.fill('[data-tm-feedback-form] textarea', 'अच्छा');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
}

const calls = (page) =>
  page.evaluate(() => {
    telemetry.track('leave_requested', { days: 2, reason: 'बुखार' });
    telemetry.log({ type: 'system', level: 'INFO', message: 'synced' });
    telemetry.audit({ props: ['status'], state: 'Live', prevstate: 'Draft' });
    telemetry.assess({ item: { id: 'q1', maxscore: 1 }, pass: 'Yes', score: 1, resvalues: [{ a: '1' }], duration: 3 });
    telemetry.response({ target: { id: 'poll', ver: '1', type: 'Poll' }, type: 'CHOOSE', values: [{ a: 'b' }] });
    telemetry.search({ query: 'by call', size: 3, topn: [] });
    telemetry.exdata({ data: 'opaque' });
    telemetry.heartbeat({ engaged: 1 });
    telemetry.metrics({ system: 'app', subsystem: 'sync', metrics: [{ metric: 'queue', value: 3 }] });
    telemetry.summary({ type: 'session', starttime: 1, endtime: 2, timespent: 1, pageviews: 1, interactions: 1 });
    telemetry.group('school', 'S-12', { district: 'Mandi' });
    return telemetry.flush();
  });

/** What must be there: a name for the table's row, how to know it, how often. */
function wanted({ marks, touch, single }) {
  const edata = (row, name) => row.properties[`edata.${name}`];
  const is = (event, fields = {}) => (row) => row.event === event && Object.entries(fields).every(([name, value]) => edata(row, name) === value);
  const click = touch ? 'TOUCH' : 'CLICK';
  return [
    ['page seen', is('IMPRESSION', { subtype: 'load', type: 'view' }), (rows) => rows.length >= 1],
    ['second page', is('IMPRESSION', { pageid: marks, uri: marks }), 1],
    ['items in view', (row) => row.event === 'IMPRESSION' && JSON.stringify(row.properties).includes('do_1'), (rows) => rows.length >= 1],
    // Where each page is a document of its own, its END tells how long it was looked at.
    ['time on the page before', (row) => JSON.stringify(row.properties).includes(single ? 'PreviousSeconds' : '"edata.duration"'), (rows) => rows.length >= 2],
    ['click', is('INTERACT', { type: click, id: 'ask', subtype: 'button', 'extra.text': 'Ask for leave', 'target.type': 'button' }), 1],
    ['three clicks', is('INTERACT', { type: click, id: 'angry' }), 3],
    ['rage', is('INTERACT', { type: 'RAGECLICK', id: 'angry' }), 1],
    ['dead', is('INTERACT', { type: 'DEADCLICK', id: 'dead' }), 1],
    ['masked', (row) => is('INTERACT', { type: click, id: 'masked' })(row) && !('edata.extra.text' in row.properties), 1],
    ['ignored', is('INTERACT', { id: 'ignored' }), 0],
    ['change', is('INTERACT', { type: 'CHANGE', id: 'grade', subtype: 'select' }), 1],
    ['question', is('RESPONSE', { 'target.id': 'q-bus' }), 1],
    ['submit', is('INTERACT', { type: 'SUBMIT', id: 'note' }), 1],
    ['search input', is('SEARCH', { query: 'fees', size: 12 }), 1],
    ['search page', is('SEARCH', { query: 'marks' }), 1],
    ['preview', is('INTERACT', { type: 'PREVIEW', id: 'circular' }), 1],
    ['move', is('INTERACT', { type: 'MOVE', id: 'map' }), 1],
    ['drag', is('INTERACT', { type: 'DRAG', id: 'card' }), 1],
    ['drop', is('INTERACT', { type: 'DROP', id: 'slot' }), 1],
    ['zoom', is('INTERACT', { type: 'ZOOM', subtype: 'in' }), (rows) => rows.length >= 1],
    ['resize', is('INTERACT', { type: 'RESIZE' }), (rows) => rows.length >= 1],
    ['rotate', is('INTERACT', { type: 'ROTATE' }), (rows) => rows.length >= 1],
    ['movement', (row) => row.event === 'tm.heat' && /"p":\[.*\[3,/.test(JSON.stringify(row.properties).replaceAll('\\"', '"')), (rows) => rows.length >= 1],
    ['hidden', is('INTERRUPT', { type: 'background' }), 1],
    ['shown', is('INTERRUPT', { type: 'resume' }), 1],
    ['offline', is('INTERRUPT', { type: 'offline' }), 1],
    ['online', is('INTERRUPT', { type: 'online' }), 1],
    ['freeze', is('INTERRUPT', { type: 'freeze' }), 1],
    ['call', is('INTERRUPT', { type: 'call' }), 1],
    ['share', (row) => is('SHARE', { type: 'Link', dir: 'Out' })(row), 3],
    ['files shared', is('SHARE', { type: 'File' }), 2],
    ['feedback', is('FEEDBACK', { rating: 2, comments: 'अच्छा' }), 1],
    ['error', (row) => row.event === 'ERROR' && edata(row, 'err').startsWith('TypeError@page.js:'), 1],
    ['rejection', (row) => row.event === 'ERROR' && edata(row, 'err').startsWith('RangeError@page.js:'), 1],
    ['vitals', (row) => is('METRICS', { system: 'browser' })(row), (rows) => rows.length >= 1],
    ['own event', (row) => row.event === 'leave_requested' && row.properties.days === 2 && row.properties.reason === 'बुखार', 1],
    ...[['LOG', { message: 'synced' }], ['AUDIT', { state: 'Live' }], ['ASSESS', { pass: 'Yes' }], ['RESPONSE', { 'target.id': 'poll' }],
      ['SEARCH', { query: 'by call' }], ['EXDATA', { data: 'opaque' }], ['HEARTBEAT', { engaged: 1 }], ['METRICS', { system: 'app' }],
      ['SUMMARY', { pageviews: 1 }]].map(([event, fields]) => [`${event} by call`, is(event, fields), 1]),
    ['group', (row) => row.event === '$groupidentify', 1],
    ['end', (row) => row.event === 'END' && edata(row, 'duration') > 0 && JSON.stringify(row.properties).includes('engaged'), (rows) => rows.length >= 1],
  ];
}

describe.each(Object.keys(KINDS))('%s', (name) => {
  it('everything that the visitor does is stored, valid, exactly once', async () => {
    const kind = KINDS[name];
    const page = await visitor(browser, kind.options);
    await page.goto(site.origin + kind.start);
    await ready(page);
    const device = await deviceOf(page);
    await act(page, kind);
    await page.click('#marks');
    await page.waitForURL(`**${kind.marks}`);
    await page.waitForTimeout(500);
    await ready(page);
    if (kind.single) await page.evaluate(() => history.pushState({}, '', '/app/results?q=marks'));
    else await page.goto(`${site.origin}/results?q=marks`);
    await ready(page);
    await page.waitForTimeout(500);
    await page.goto('about:blank');
    // The next page of the site brings what the last one could not be sure of.
    await page.goto(`${site.origin}${kind.start}?back`);
    await ready(page);
    await page.evaluate(() => telemetry.flush());

    const rows = await stored(server, [device], (found) => found.some((row) => row.properties['edata.query'] === 'marks'));
    const off = wanted(kind).flatMap(([what, test, count]) => {
      const found = rows.filter(test);
      const right = typeof count === 'number' ? found.length === count : count(found);
      return right ? [] : [`${what}: ${found.length}`];
    });
    expect(off).toEqual([]);
    expect(new Set(rows.map((row) => row.uuid)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
    expect((await server.inProject('GET', '/failed-events')).failed).toEqual([]);
    const everything = JSON.stringify(rows);
    for (const secret of ['typed secret', 'pin-secret', 'Private', 'Masked words']) expect(everything).not.toContain(secret);
    expect(page.trouble()).toEqual([]);
    await page.context().close();
  });
});

describe('pages that the browser keeps and makes ahead', () => {
  let keeping;
  beforeAll(async () => {
    // Playwright switches the back/forward cache off.
    keeping = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  });
  afterAll(() => keeping?.close());

  it('a page restored from the back/forward cache is seen again, in a visit of its own', async () => {
    const page = await visitor(keeping);
    await page.goto(`${site.origin}/home`);
    await ready(page);
    const device = await deviceOf(page);
    await page.evaluate(() => {
      window.kept = true;
      return telemetry.flush();
    });
    await page.goto(`${site.origin}/marks/1`);
    await ready(page);
    await page.evaluate(() => telemetry.flush());
    // Playwright waits for a load, which a restored page has not.
    await page.evaluate(() => setTimeout(() => history.back()));
    await page.waitForURL('**/home', { waitUntil: 'commit' });
    expect(await page.evaluate(() => window.kept)).toBe(true);
    await page.waitForTimeout(400);
    await page.evaluate(() => telemetry.flush());
    const rows = await stored(server, [device], (found) => found.some((row) => row.properties['edata.subtype'] === 'restore'));
    const seen = rows.filter((row) => row.event === 'IMPRESSION').map((row) => `${row.properties['edata.subtype']} ${row.properties['edata.pageid']}`);
    expect(seen.sort()).toEqual(['load /home', 'load /marks/1', 'restore /home']);
    expect(rows.filter((row) => row.event === 'START')).toHaveLength(3);
    expect(rows.filter((row) => row.event === 'END')).toHaveLength(2);
    await page.context().close();
  });

  it('a page that is made ahead is recorded when it is seen, not before', async () => {
    const page = await visitor(keeping);
    await page.addInitScript(() => {
      Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
    });
    await page.goto(`${site.origin}/home`);
    await page.waitForFunction(() => window.telemetry?.version);
    await page.waitForTimeout(400);
    expect(await page.evaluate(() => telemetry.flush().then(() => Object.keys(localStorage)))).toEqual([]);
    await page.evaluate(() => {
      Object.defineProperty(document, 'prerendering', { value: false });
      document.dispatchEvent(new Event('prerenderingchange'));
    });
    await ready(page);
    const device = await deviceOf(page);
    await page.evaluate(() => telemetry.flush());
    const rows = await stored(server, [device], (found) => found.some((row) => row.event === 'IMPRESSION'));
    expect(rows.filter((row) => row.event === 'IMPRESSION')).toHaveLength(1);
    await page.context().close();
  });
});

it('in a frame without storage, and loaded twice, the page does not notice and its events arrive once', async () => {
  const page = await visitor(browser);
  await page.goto(`${site.origin}/home`);
  await ready(page);
  const frame = await page.evaluateHandle((address) => {
    const made = document.createElement('iframe');
    made.setAttribute('sandbox', 'allow-scripts');
    made.src = address;
    document.body.append(made);
    return made;
  }, `${site.origin}/framed`);
  const inside = await frame.asElement().contentFrame();
  await inside.waitForFunction(() => window.telemetry?.version, undefined, { polling: 50 });
  await inside.evaluate((address) => new Promise((done) => {
    const again = document.createElement('script');
    again.src = address;
    again.dataset.key = 'tmw_another';
    again.onload = done;
    document.head.append(again);
  }), `${server.origin}/telemetry.js`);
  // A frame out of sight is seldom idle, and draws nothing that could be waited for.
  await inside.waitForFunction(() => telemetry.getLevel() === 'full', undefined, { polling: 50 });
  await inside.evaluate(() => {
    telemetry.track('from_the_frame', { n: 1 });
    return telemetry.flush();
  });
  const rows = await server.events({ event: 'from_the_frame' });
  expect(rows).toHaveLength(1);
  expect(page.trouble()).toEqual([]);
  await page.context().close();
});
