/** Questions of assessments, sessions, workflow summaries, actions, and the ways in which a trend is drawn: counted by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../harness/axe.mjs';
import { launch, picture } from '../harness/browser.mjs';
import { posthog, posthogBatch, sunbird, sunbirdBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, flat, inkOf, leave, speak, visitorOf } from '../harness/ui.mjs';

const DAY_MS = 86_400_000;
/** Noon of yesterday by the project's clock. */
const NOON = Date.parse(`${new Date(Date.now() + 5.5 * 3_600_000 - DAY_MS).toISOString().slice(0, 10)}T12:00:00+05:30`);

/** Three pupils at two questions: the first knows both, the second q1 only, the third neither. */
function assessments() {
  const assess = (pupil, item, second, { right, answer, seconds }) =>
    sunbird(
      'ASSESS',
      {
        item: { id: item, maxscore: 1, type: 'mcq', exlength: 0, params: [], uri: '', title: '', mmc: [], mc: [], desc: '' },
        index: 1,
        pass: right ? 'Yes' : 'No',
        score: right ? 1 : 0,
        resvalues: [{ option: answer }],
        duration: seconds,
      },
      about(pupil, NOON + second * 1000),
    );
  return [
    assess('p1', 'q1', 0, { right: true, answer: 'four', seconds: 10 }),
    assess('p2', 'q1', 0, { right: true, answer: 'four', seconds: 20 }),
    assess('p3', 'q1', 0, { right: false, answer: 'five', seconds: 60 }),
    assess('p1', 'q2', 60, { right: true, answer: 'yes', seconds: 5 }),
    assess('p2', 'q2', 60, { right: false, answer: 'no', seconds: 5 }),
    assess('p3', 'q2', 60, { right: false, answer: 'no', seconds: 5 }),
  ];
}

const about = (person, ets, env = 'home') => ({
  ets,
  actor: { id: person, type: 'User' },
  context: { channel: 'hp-education', pdata: { id: 'app', ver: '1', pid: 'p' }, env, sid: `s-${person}`, did: `d-${person}` },
});

/** A phone starts the app at noon, shows home a second later, is touched ten seconds after that and ends two seconds later. */
const workflow = () => [
  sunbird('START', { type: 'app', mode: '', duration: 1, pageid: '' }, about('walker', NOON + 3_600_000)),
  sunbird('IMPRESSION', { type: 'view', pageid: 'home', uri: '/home' }, about('walker', NOON + 3_601_000)),
  sunbird('INTERACT', { type: 'TOUCH', id: 'pay', pageid: 'home' }, about('walker', NOON + 3_611_000)),
  sunbird('END', { type: 'app', mode: '', duration: 13, pageid: 'home' }, about('walker', NOON + 3_613_000)),
];

/** Two people pay in two ways: by an event of its own, and by a click on a button; one of them does both. */
function payments() {
  const at = { timestamp: new Date(NOON).toISOString() };
  const click = (person, text) =>
    posthog('$autocapture', person, { $event_type: 'click', $elements_chain: `button.big:text="${text}"nth-child="1"`, $el_text: text }, at);
  return [posthog('pay', 'asha', {}, at), click('asha', 'Pay'), click('binod', 'Pay'), click('binod', 'Help')];
}

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
  await server.inProject('PATCH', '', { time_zone: 'Asia/Kolkata' });
  expect((await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([...assessments(), ...workflow()]))).status).toBe(200);
  expect((await server.post('/batch/', posthogBatch(WRITE_KEY, payments()))).status).toBe(200);
  await until('all is visible', async () => (await server.count({ event: null })) === 14);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const visitor = (options) => visitorOf(browser, server, options);
const open = async (page, screen, search) => page.goto(await address(server, screen, search));
const rowsOf = async (page, name) => flat(await page.getByRole('table', { name, exact: true }).locator('tbody tr').allInnerTexts());
const pick = async (page, name, option) => {
  await page.getByRole('combobox', { name, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
};

it('questions tell how they did, what was answered, and who was right', async () => {
  const page = await visitor();
  await open(page, 'items');
  const table = page.getByRole('table', { name: 'Questions', exact: true });
  await table.waitFor();
  expect(await rowsOf(page, 'Questions')).toEqual(['q1 3 3 2 66.7% 0.67 0.5 30s 20s 0', 'q2 3 3 1 33.3% 0.33 0.5 5s 5s 0']);
  await table.getByRole('button', { name: 'q1', exact: true }).click();
  await page.getByRole('table', { name: 'Answers, q1' }).waitFor();
  expect(await rowsOf(page, 'Answers, q1')).toEqual(['option: four 2 66.7% 2', 'option: five 1 33.3% 0']);
  await page.reload();
  await page.getByRole('table', { name: 'Answers, q1' }).waitFor();
  await picture(page, 'items');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: '2 q1, Right' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByText('2 persons').waitFor();
  expect(flat(await panel.locator('tbody tr td:first-child').allInnerTexts()).sort()).toEqual(['p1', 'p2']);
  await leave(page);
});

it('sessions and workflow summaries are listed; a workflow opens in full', async () => {
  const page = await visitor();
  await open(page, 'sessions');
  await page.getByRole('table', { name: 'Sessions' }).waitFor();
  const sessions = await rowsOf(page, 'Sessions');
  expect(sessions).toHaveLength(4);
  expect(sessions[0]).toMatch(/ walker 13s 1 1 \/home Unknown –$/);
  await picture(page, 'sessions');
  expect(await findings(page)).toEqual([]);
  await page.getByText('Workflow summaries', { exact: true }).click();
  const table = page.getByRole('table', { name: 'Workflow summaries' });
  await table.waitFor();
  const walk = table.locator('tbody tr').filter({ hasText: 'walker' });
  expect(flat([await walk.innerText()])[0]).toMatch(/ app walker 13s 1 1 1 0$/);
  await walk.getByRole('button').click();
  const detail = page.getByRole('dialog');
  await detail.getByRole('table', { name: 'Pages' }).waitFor();
  expect(await rowsOf(detail, 'Pages')).toEqual(['home home 1 12s']);
  await picture(page, 'workflow');
  expect(await findings(page)).toEqual([]);
  await leave(page);
});

describe('an action', () => {
  it('is written of two steps, and a trend counts its events once each', async () => {
    const page = await visitor();
    await open(page, 'actions');
    await page.getByText('No actions yet').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'New action' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Pays');
    await pick(page, 'Event, Step 1', /^pay/);
    await page.getByRole('button', { name: 'Add step' }).click();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    const step = page.getByRole('group', { name: 'Step 2', exact: true });
    await step.getByRole('textbox', { name: 'Tag' }).fill('button');
    await step.getByRole('textbox', { name: 'Text of the element, Step 2' }).fill('Pay');
    await picture(page, 'action-editor');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved “Pays”').waitFor();
    expect((await rowsOf(page, 'Actions'))[0]).toMatch(/^Pays pay or <button>, Text of the element is Pay /);
    await picture(page, 'actions');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Trend of Pays' }).click();
    const total = page.getByRole('table', { name: 'Numbers of the chart' }).locator('tbody td').first();
    await until('three payments', async () => (await total.innerText()) === '3');
    await pick(page, 'Event of series A', 'Click or tap');
    await until('three clicks and a touch', async () => (await total.innerText()) === '4');
    await leave(page);
  });
});

it('a trend is drawn in six ways; the address and the saved insight keep it', async () => {
  const page = await visitor();
  await open(page, 'trends', { series: [{ event: null, math: 'total' }, { event: 'ASSESS', math: 'dau' }], date_from: '-7d', interval: 'day' });
  const result = page.getByRole('region', { name: 'Result' });
  const table = result.getByRole('table', { name: 'Numbers of the chart' });
  for (const [name, drawn] of [['Bars', /^Bars of/], ['Stacked bars', /^Stacked bars of/], ['Areas', /^Areas of/]]) {
    await pick(page, 'Show as', name);
    const canvas = result.getByRole('img', { name: drawn }).locator('canvas');
    await canvas.waitFor();
    expect(await inkOf(canvas)).toBeGreaterThan(0);
    await table.waitFor();
    await picture(page, `trend-${name.toLowerCase().replace(' ', '-')}`);
  }
  await pick(page, 'Show as', 'Table');
  await result.locator('canvas').waitFor({ state: 'detached' });
  await table.waitFor();
  await pick(page, 'Show as', 'Numbers');
  await result.getByRole('button', { name: '14 All events', exact: true }).waitFor();
  await page.reload();
  await result.getByRole('button', { name: '14 All events', exact: true }).waitFor();
  await picture(page, 'trend-numbers');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('As numbers');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/insight=\d+/);
  await page.reload();
  await result.getByRole('button', { name: '14 All events', exact: true }).waitFor();
  await leave(page);
});

it('axe finds nothing in Hindi, dark and on a phone, and nothing is cut off', async () => {
  for (const [scheme, language, width] of [['dark', 'hi', 1280], ['light', 'en', 375]]) {
    const page = await visitor({ colorScheme: scheme, viewport: { width, height: 860 } });
    await speak(page, server, language);
    for (const [screen, search] of [['items', { item: 'q1' }], ['sessions', {}], ['sessions', { tab: 'workflow' }], ['actions', {}]]) {
      await open(page, screen, search);
      await page.locator('main table').first().waitFor();
      await picture(page, `${screen}${search.tab ?? ''}-${scheme}-${language}-${width}`);
      expect(await findings(page), screen).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), screen).toBe(true);
    }
    await speak(page, server, 'en');
    await leave(page);
  }
});
