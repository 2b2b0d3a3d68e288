/** Every kind of insight as its reader meets it: asked from nothing, opened into people, saved, pinned, shared. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../harness/axe.mjs';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { posthog, posthogBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, inkOf, speak, visitorOf } from '../harness/ui.mjs';

const DAY_MS = 86_400_000;
/** Today by the project's clock, so that days of the test are days of the project. */
const TODAY = Date.parse(new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 10)) - 5.5 * 3_600_000;
const at = (daysAgo, minute) => new Date(TODAY - daysAgo * DAY_MS + 12 * 3_600_000 + minute * 60_000).toISOString();

/** Ten sign up two days ago, six look one minute later, three of them pay an hour after that; two come back a day later. */
function journeys() {
  const events = [];
  const does = (person, event, daysAgo, minute, properties = {}) =>
    events.push(posthog(event, person, { $current_url: `https://school.in/${event}`, ...properties }, { timestamp: at(daysAgo, minute) }));
  const page = (person, path, daysAgo, minute) =>
    events.push(posthog('$pageview', person, { $current_url: path }, { timestamp: at(daysAgo, minute) }));
  for (let number = 0; number < 10; number += 1) {
    const person = `parent-${number}`;
    does(person, 'signup', 2, 0, { district: number < 7 ? 'mandi' : 'una' });
    page(person, '/home', 2, 1);
    if (number < 6) does(person, 'view', 2, 1);
    if (number < 6) page(person, '/fees', 2, 2);
    if (number < 3) does(person, 'pay', 2, 61);
    if (number < 2) does(person, 'signup', 1, 0, { district: 'mandi' });
  }
  return events;
}

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
  await server.inProject('PATCH', '', { time_zone: 'Asia/Kolkata' });
  const sent = await server.post('/batch/', posthogBatch(WRITE_KEY, journeys()));
  expect(sent.status).toBe(200);
  await until('all is visible', async () => (await server.count({ event: 'pay' })) === 3);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const visitor = (options) => visitorOf(browser, server, options);
const open = async (page, screen, search) => page.goto(await address(server, screen, search));
const resultOf = (page) => page.getByRole('region', { name: 'Result' });
const panelOf = (page) => page.getByRole('dialog');

/** The panel names as many people as its number says, and they are these. */
async function seePeople(page, people, title) {
  const panel = panelOf(page);
  await panel.getByText(`${people.length} person`).waitFor();
  await panel.getByRole('heading', { name: title }).waitFor();
  const names = await panel.getByRole('row').locator('td:first-child').allInnerTexts();
  expect(names.sort()).toEqual([...people].sort());
}
const parents = (from, to) => Array.from({ length: to - from }, (_, index) => `parent-${from + index}`);
const pick = async (page, name, option) => {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option }).first().click();
};

/** Questions whose numbers the events above make. */
const FUNNEL = { steps: [{ event: 'signup' }, { event: 'view' }, { event: 'pay' }], date_from: '-7d' };
const QUESTIONS = {
  trends: { series: [{ event: 'signup', math: 'dau' }], date_from: '-7d', interval: 'day' },
  funnel: FUNNEL,
  retention: { start_event: { event: 'signup' }, period: 'day', intervals: 4 },
  lifecycle: { series: { event: 'signup' }, date_from: '-7d', interval: 'day' },
  stickiness: { series: [{ event: 'signup' }], date_from: '-7d', interval: 'day' },
  paths: { kinds: ['pages'], date_from: '-7d' },
};
const KINDS = Object.keys(QUESTIONS);

describe('a funnel', () => {
  it('from a trend: its steps are chosen, moved and counted; the address keeps them over a reload', async () => {
    const page = await visitor();
    await open(page, 'trends', QUESTIONS.trends);
    await page.getByRole('navigation', { name: 'Kind of insight' }).getByRole('link', { name: 'Funnel' }).click();
    await page.waitForURL(/\/funnel\?/);
    await pick(page, 'Event of step 2', /^pay/);
    await page.getByRole('button', { name: 'Add step' }).click();
    await pick(page, 'Event of step 3', /^view/);
    await page.getByRole('button', { name: 'Move step 3 up' }).click();
    const steps = resultOf(page).getByRole('list', { name: 'Steps of the funnel' }).getByRole('listitem');
    // As soon as the picture names the steps in their new order, its numbers are those of that order.
    await steps.nth(2).filter({ hasText: 'pay' }).waitFor();
    const texts = (await steps.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts[1]).toContain('60% went on 4 dropped median 1m, average 1m');
    expect(texts[2]).toContain('50% went on 3 dropped median 1h, average 1h');
    await picture(page, 'insight-funnel-steps');
    await page.reload();
    await steps.filter({ hasText: '3 dropped' }).waitFor();
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  it('who dropped is listed, exported and followed to their events', async () => {
    const page = await visitor();
    await open(page, 'funnel', FUNNEL);
    await resultOf(page).getByRole('button', { name: '4 Dropped before step 2, view' }).click();
    await seePeople(page, parents(6, 10), 'Dropped before step 2, view');
    await picture(page, 'insight-people');
    const [download] = await Promise.all([page.waitForEvent('download'), panelOf(page).getByRole('button', { name: 'Save as CSV' }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\r\n');
    expect(lines[0]).toBe('person,count');
    expect(lines.slice(1).sort()).toEqual(parents(6, 10).map((person) => `${person},1`));

    const shared = page.url();
    await page.goto('about:blank');
    await page.goto(shared);
    await seePeople(page, parents(6, 10), 'Dropped before step 2, view');
    await panelOf(page).getByRole('link', { name: 'Events of parent-7' }).click();
    await page.waitForURL(/\/events\?.*parent-7/);
    await page.getByText('2 events shown').waitFor();
    await page.goBack();
    await panelOf(page).getByRole('button', { name: 'Close' }).click();
    await panelOf(page).waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('cell');
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  it('its rules, exclusions, split, times and rates', async () => {
    const page = await visitor();
    await open(page, 'funnel', FUNNEL);
    const cells = (name) => resultOf(page).getByRole('row', { name }).getByRole('cell').allInnerTexts();
    // Within half an hour nobody pays.
    await page.getByRole('textbox', { name: 'Time to convert' }).fill('30');
    await page.getByRole('textbox', { name: 'Time to convert' }).press('Enter');
    await pick(page, 'Unit of the time to convert', 'minutes');
    await until('nobody pays', async () => (await cells(/3 pay/))[0] === '0');
    await page.goBack();
    await page.goBack();
    await page.getByRole('button', { name: 'Add exclusion' }).click();
    await pick(page, 'Event of exclusion 1', /^view/);
    await pick(page, 'Event of step 2', /^pay/);
    await page.getByRole('button', { name: 'Remove step 3' }).click();
    // Whoever looked after they signed up is in no step at all, also where they paid.
    await until('only those without a view', async () => (await cells(/1 signup/))[0] === '4');
    await page.getByRole('button', { name: 'Remove exclusion 1' }).click();
    await pick(page, 'Breakdown', /^district/);
    await until('a row per district', async () => (await cells(/una · 1 signup/))[0] === '3');
    await picture(page, 'insight-funnel-split');
    await resultOf(page).getByRole('button', { name: '3 una · 1 signup, Persons' }).click();
    await seePeople(page, parents(7, 10), 'Took step 1, signup · una');
    await panelOf(page).getByRole('button', { name: 'Close' }).click();

    await page.getByText('Time to convert', { exact: true }).click();
    await resultOf(page).getByText('1h 1m').first().waitFor();
    await picture(page, 'insight-funnel-times');
    await page.getByText('Over time', { exact: true }).click();
    await until('three converted', async () => (await cells(/^Converted/)).includes('3'));
    await resultOf(page).getByRole('button', { name: /^3 Converted, / }).click();
    await seePeople(page, parents(0, 3), /^Converted · /);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('a trend', () => {
  it('is compared to a day earlier and calculated from its series', async () => {
    const page = await visitor();
    await open(page, 'trends', QUESTIONS.trends);
    await pick(page, 'Compare', 'To a day earlier');
    const rows = resultOf(page).getByRole('row');
    await until('two periods', async () => (await rows.count()) === 3);
    const [now, before] = await Promise.all([1, 2].map(async (at) => (await rows.nth(at).getByRole('cell').allInnerTexts()).slice(-3)));
    expect(now).toEqual(['10', '2', '0']);
    expect(before).toEqual(['0', '10', '2']);
    await picture(page, 'insight-trends-compare');
    await pick(page, 'Compare', 'No comparison');
    await pick(page, 'Math of series A', 'Total events');
    await page.getByRole('button', { name: 'Add series' }).click();
    await pick(page, 'Event of series B', /^view/);
    await page.getByRole('textbox', { name: 'Formula' }).fill('A / B');
    await page.getByRole('textbox', { name: 'Formula' }).press('Enter');
    await until('twelve by six', async () => (await resultOf(page).getByRole('row', { name: /A \/ B/ }).getByRole('cell').first().innerText()) === '2');
    expect(await findings(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('a number opens into its people', () => {
  const OPENED = {
    trends: { button: /^10 signup, Unique persons, \w/, people: parents(0, 10), title: /^signup, Unique persons · / },
    retention: { button: /^20% Day 1 after .*: 2 of 10/, people: parents(0, 2), title: /^Started .*, back on Day 1$/ },
    lifecycle: { button: /^-8 Gone quiet, /, people: parents(2, 10), title: /^Gone quiet · / },
    stickiness: { button: /^2 \(20%\) signup, 2 days/, people: parents(0, 2), title: 'signup · 2 days' },
    paths: { button: '6 1. /home → /fees, Times', people: parents(0, 6), title: '1. /home → /fees' },
  };
  it.each(Object.keys(OPENED))('%s', async (kind) => {
    const { button, people, title } = OPENED[kind];
    const page = await visitor();
    await open(page, kind, QUESTIONS[kind]);
    const number = resultOf(page).getByRole('button', { name: button }).first();
    await number.focus();
    await page.keyboard.press('Enter');
    await seePeople(page, people, title);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panelOf(page).waitFor({ state: 'detached' });
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  it('a click on the picture does the same: a point, a layer, a ribbon', async () => {
    const page = await visitor();
    // Where of the canvas: two days before its right end stands what happened; layers and lines reach there from below.
    const click = async (kind, bucketsFromEnd, buckets, part) => {
      await open(page, kind, QUESTIONS[kind]);
      const over = resultOf(page).locator('.u-over');
      await over.waitFor();
      await resultOf(page).locator('footer').waitFor();
      const box = await over.boundingBox();
      const place = (buckets - 1 - bucketsFromEnd + 0.5) / buckets;
      await over.click({ position: { x: box.width * place, y: box.height * part } });
    };
    await click('lifecycle', 2, 8, 0.3);
    await seePeople(page, parents(0, 10), /^New · /);
    await click('trends', 2, 8, 0.2);
    await seePeople(page, parents(0, 10), /^signup, Unique persons · /);
    await click('stickiness', 7, 8, 0.5);
    await seePeople(page, parents(2, 10), 'signup · 1 day');
    await open(page, 'paths', QUESTIONS.paths);
    await resultOf(page).locator('svg path[data-open]').first().click();
    await seePeople(page, parents(0, 6), '1. /home → /fees');
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe.each(KINDS)('%s', (kind) => {
  it('has nothing that axe finds, light and dark, in both languages; pictures to look at', async () => {
    for (const [scheme, language, width] of [['light', 'en', 1280], ['dark', 'hi', 1280], ['light', 'en', 375]]) {
      const page = await visitor({ colorScheme: scheme, viewport: { width, height: 860 } });
      await speak(page, server, language);
      await open(page, kind, QUESTIONS[kind]);
      await page.locator('main footer').waitFor();
      if (!['funnel', 'paths'].includes(kind)) {
        const canvas = page.locator('main canvas').first();
        await canvas.waitFor();
        expect(await inkOf(canvas)).toBeGreaterThan(0);
      }
      await picture(page, `insight-${kind}-${scheme}-${language}-${width}`);
      expect(await findings(page), `${scheme} ${language} ${width}`).toEqual([]);
      expect(page.faults).toEqual([]);
      await speak(page, server, 'en');
      await page.context().close();
    }
  });

  it('is saved, changed, put on the dashboard, and opened again from there', async () => {
    const page = await visitor();
    const name = `My ${kind}`;
    await open(page, kind, QUESTIONS[kind]);
    await page.locator('main footer').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/insight=\d+/);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(await page.getByText('Unsaved changes').count()).toBe(0);
    await page.getByRole('button', { name: 'Add filter', exact: true }).last().click();
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add to dashboard' }).click();
    await page.getByText('Added to the dashboard').waitFor();
    await open(page, 'dashboard');
    const tile = page.getByRole('article', { name });
    await tile.getByRole('link', { name }).waitFor();
    await until('the tile is drawn', async () => (await tile.locator('canvas, svg[role=img], ol').count()) > 0);
    await tile.getByRole('button', { name: `Menu of tile ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Show as table' }).click();
    await tile.getByRole('table').waitFor();
    await tile.getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.locator('main footer').waitFor();
    expect(page.url()).toContain(`/${kind}?insight=`);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('afterwards', () => {
  it('the dashboard shows all kinds, over a range of its own; the list names each kind', async () => {
    const page = await visitor({ viewport: { width: 1280, height: 1400 } });
    await open(page, 'dashboard', { date_from: '-14d' });
    for (const kind of KINDS) {
      const tile = page.getByRole('article', { name: `My ${kind}` });
      await until(`${kind} is drawn`, async () => (await tile.locator('canvas, svg[role=img], ol').count()) > 0);
    }
    await picture(page, 'insight-dashboard');
    expect(await findings(page)).toEqual([]);
    await open(page, 'insights');
    await page.getByRole('row', { name: /My funnel Funnel signup → view → pay/ }).waitFor();
    await picture(page, 'insight-list');
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  it('who may only look sees the numbers and their people, and cannot save', async () => {
    const viewer = { email: 'viewer@school.in', password: 'correct horse battery' };
    await server.api('POST', '/members', { ...viewer, name: 'Viewer', role: 'viewer' });
    const page = await newPage(browser);
    const { request } = page.context();
    const login = await request.post(`${server.origin}/api/login`, { data: viewer, headers: { 'X-Telemetry': '1' } });
    expect(login.status()).toBe(200);
    await open(page, 'funnel', FUNNEL);
    await resultOf(page).getByRole('button', { name: '4 Dropped before step 2, view' }).click();
    await seePeople(page, parents(6, 10), 'Dropped before step 2, view');
    await panelOf(page).getByRole('button', { name: 'Close' }).click();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});
