/** Cohorts and people as their reader meets them: written by rule, listed, saved out of a number, used, deleted; found, looked at. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../harness/axe.mjs';
import { launch, picture } from '../harness/browser.mjs';
import { posthog, posthogBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, flat, leave, speak, visitorOf } from '../harness/ui.mjs';

const DAY_MS = 86_400_000;
/** Noon of today by the project's clock. */
const NOON = Date.parse(`${new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 10)}T12:00:00+05:30`);

/** Ten parents look two days ago, three of them pay, each so often and so much as their number; five are of the plan "pro". */
function journeys() {
  const at = (daysAgo, minute) => new Date(NOON - daysAgo * DAY_MS + minute * 60_000).toISOString();
  return Array.from({ length: 10 }, (_, number) => {
    const person = `parent-${number}`;
    const set = { $set: { plan: number < 5 ? 'pro' : 'free', district: number % 2 ? 'una' : 'mandi' } };
    return [
      posthog('view', person, { ...set, page: number < 4 ? 'fees' : 'marks', number }, { timestamp: at(2, number) }),
      ...Array.from({ length: number < 3 ? number + 1 : 0 }, (_, time) =>
        posthog('pay', person, { amount: (number + 1) * 10 }, { timestamp: at(2, 60 + time) }),
      ),
    ];
  }).flat();
}

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
  await server.inProject('PATCH', '', { time_zone: 'Asia/Kolkata' });
  expect((await server.post('/batch/', posthogBatch(WRITE_KEY, journeys()))).status).toBe(200);
  await until('all is visible', async () => (await server.count({ event: 'pay' })) === 6);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const visitor = (options) => visitorOf(browser, server, options);
const open = async (page, screen, search) => page.goto(await address(server, screen, search));
const pick = async (page, name, option) => {
  await page.getByRole('combobox', { name, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
};
const sizeOf = (page, persons) => page.getByRole('status', { name: 'Persons' }).getByText(`${persons} person`).waitFor();
const peopleOf = (page) => page.getByRole('table', { name: 'Who is in it now' }).getByRole('row').allInnerTexts();

describe('a cohort', () => {
  it('by rule: its size follows what is written; saved it has its people; renamed it keeps them', async () => {
    const page = await visitor();
    await open(page, 'cohorts');
    await page.getByText('No cohorts yet').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'New cohort by rule' }).first().click();
    await pick(page, 'Event of Condition 1', /^pay/);
    await sizeOf(page, 3);
    const times = page.getByRole('textbox', { name: 'How often, Condition 1' });
    await times.fill('2');
    await times.press('Enter');
    await sizeOf(page, 2);
    await page.getByRole('button', { name: 'Add condition' }).click();
    await pick(page, 'What, Condition 2', 'have a property');
    await page.getByText('Complete the conditions').waitFor();
    await pick(page, 'Condition 2 property', /^district/);
    await page.getByRole('textbox', { name: 'Condition 2 value' }).or(page.getByRole('combobox', { name: 'Condition 2 value' })).first().fill('una');
    await page.keyboard.press('Enter');
    await sizeOf(page, 1);
    await page.getByText('Any of these', { exact: true }).click();
    await sizeOf(page, 6);
    await page.getByRole('textbox', { name: 'Name' }).fill('Una, or pay often');
    await picture(page, 'cohort-rule');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Una, or pay often' }).waitFor();
    await until('its people are there', async () => (await peopleOf(page)).length === 6);
    expect((await peopleOf(page)).map((text) => text.trim()).sort()).toEqual(['parent-1', 'parent-2', 'parent-3', 'parent-5', 'parent-7', 'parent-9']);
    await page.reload();
    await sizeOf(page, 6);
    await page.getByRole('textbox', { name: 'Name' }).fill('Una');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Una', exact: true }).waitFor();
    await leave(page);
  });

  it('from a file: its first column counts, ids that nobody has are nobody', async () => {
    const page = await visitor();
    await open(page, 'cohort', { kind: 'list' });
    await page.getByRole('textbox', { name: 'Name' }).fill('Pilot');
    await page.locator('input[type=file]').setInputFiles({
      name: 'pilot.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('distinct_id,name\nparent-8,Asha\n"parent-9",Ravi\nnobody,\n'),
    });
    await page.getByText('3 listed ids').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Pilot' }).waitFor();
    await until('its people are there', async () => (await peopleOf(page)).length === 2);
    await leave(page);
  });

  it('out of a number; then it narrows and splits a trend, in words', async () => {
    const page = await visitor();
    await open(page, 'trends', { series: [{ event: 'pay', math: 'dau' }], date_from: '-7d', interval: 'day' });
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByRole('button', { name: /^3 pay, Unique persons, Total/ }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('button', { name: 'Save as cohort' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save as cohort' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Payers');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved “Payers”').waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();

    await open(page, 'trends', { series: [{ event: 'view', math: 'dau' }], date_from: '-7d', interval: 'day' });
    const total = result.getByRole('table', { name: 'Numbers of the chart' }).locator('tbody td:first-of-type');
    await until('all of them', async () => (await total.allInnerTexts()).join() === '10');
    await page.getByRole('button', { name: 'Add filter', exact: true }).click();
    await pick(page, 'Filter 1 property', /^Cohort/);
    await pick(page, 'Filter 1 value', 'Payers');
    await until('the payers only', async () => (await total.allInnerTexts()).join() === '3');
    await page.reload();
    await until('the payers still', async () => (await total.allInnerTexts()).join() === '3');
    await page.getByRole('button', { name: 'Remove filter 1' }).click();
    await pick(page, 'Breakdown', /^Cohort/);
    await pick(page, 'Cohorts to compare', 'Pilot');
    const rows = result.getByRole('table', { name: 'Numbers of the chart' }).locator('tbody tr');
    await until('a row per cohort', async () => (await rows.count()) === 3);
    expect(flat(await rows.locator('th').allInnerTexts())).toEqual(['Payers', 'Everybody', 'Pilot']);
    expect(await total.allInnerTexts()).toEqual(['3', '10', '2']);
    await page.reload();
    await until('the rows still', async () => (await rows.count()) === 3);
    await result.locator('canvas').waitFor();
    await picture(page, 'trend-by-cohort');
    expect(await findings(page)).toEqual([]);
    await leave(page);
  });

  it('goes only when its name is typed', async () => {
    const page = await visitor();
    await open(page, 'cohorts');
    const list = page.getByRole('table', { name: 'Cohorts' });
    await until('sizes are there', async () => flat(await list.locator('tbody tr td:nth-child(2)').allInnerTexts()).join() === '3,2,6');
    await picture(page, 'cohorts');
    expect(await findings(page)).toEqual([]);
    await list.getByRole('button', { name: 'Delete Pilot' }).click();
    const dialog = page.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Delete' });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Pilot');
    await dialog.getByRole('textbox').press('Enter');
    await page.getByText('Deleted “Pilot”').waitFor();
    await until('it is gone', async () => (await list.locator('tbody tr').count()) === 2);
    await leave(page);
  });
});

describe('breakdowns and conditions', () => {
  it('of persons, of two properties, and in bins', async () => {
    const page = await visitor();
    await open(page, 'trends', { series: [{ event: 'view', math: 'dau' }], date_from: '-7d', interval: 'day' });
    const table = page.getByRole('region', { name: 'Result' }).getByRole('table', { name: 'Numbers of the chart' });
    const rows = async () => flat(await table.locator('tbody tr').evaluateAll((all) => all.map((row) => `${row.querySelector('th').innerText} ${row.querySelector('td').innerText}`)));
    const become = (name, wanted) => until(name, async () => JSON.stringify((await rows()).sort()) === JSON.stringify([...wanted].sort()));
    await pick(page, 'Breakdown', /^plan/);
    await become('a row per plan', ['pro 5', 'free 5']);
    await page.getByRole('button', { name: 'Add breakdown' }).click();
    await pick(page, 'Breakdown 2', /^page/);
    await become('a row per plan and page', ['pro · fees 4', 'pro · marks 1', 'free · marks 5']);
    await page.getByRole('button', { name: 'pro · marks', exact: true }).waitFor();
    await page.locator('main canvas').waitFor();
    await picture(page, 'trend-two-breakdowns');
    expect(await findings(page)).toEqual([]);
    await open(page, 'trends', { series: [{ event: 'view', math: 'dau' }], date_from: '-7d', interval: 'day', breakdown: { property: 'number' } });
    await pick(page, 'Bins of number', '5 bins');
    await become('a row per bin', ['[0, 1.8) 2', '[1.8, 3.6) 2', '[3.6, 5.4) 2', '[5.4, 7.2) 2', '[7.2, 9] 2']);
    await leave(page);
  });
});

describe('people', () => {
  it('are found by id and property, and each has a page of their own', async () => {
    const page = await visitor();
    await open(page, 'people');
    const list = page.getByRole('table', { name: 'Persons' });
    const names = async () => flat(await list.locator('tbody td:first-child').allInnerTexts());
    await until('all are there', async () => (await names()).length === 10);
    await picture(page, 'people');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add filter', exact: true }).click();
    await pick(page, 'Filter 1 property', /^plan/);
    await page.getByRole('combobox', { name: 'Filter 1 value' }).or(page.getByRole('textbox', { name: 'Filter 1 value' })).first().fill('free');
    await page.keyboard.press('Enter');
    await until('five of them', async () => (await names()).length === 5);
    const search = page.getByRole('textbox', { name: 'Part of a distinct id' });
    await search.fill('-7');
    await search.press('Enter');
    await until('one of them', async () => (await names()).join() === 'parent-7');
    await list.getByRole('link', { name: 'parent-7' }).click();
    await page.getByRole('heading', { level: 1, name: 'parent-7' }).waitFor();
    const facts = page.getByRole('region', { name: 'Properties' });
    await facts.getByText('una').waitFor();
    const timeline = page.getByRole('table', { name: 'What they did' });
    await timeline.getByRole('button', { name: 'Open view' }).or(timeline.getByText('view')).first().waitFor();
    expect(await timeline.locator('tbody tr').count()).toBe(1);
    await picture(page, 'person');
    expect(await findings(page)).toEqual([]);
    await open(page, 'person', { id: 'nobody-at-all' });
    await page.getByText('Nobody has this id').waitFor();
    await page.context().close();
  });
});

it('axe finds nothing in Hindi, dark and on a phone, and nothing is cut off', async () => {
  const { cohorts } = await server.inProject('GET', '/cohorts');
  const una = cohorts.find(({ name }) => name === 'Una');
  for (const [scheme, language, width] of [['dark', 'hi', 1280], ['light', 'en', 375]]) {
    const page = await visitor({ colorScheme: scheme, viewport: { width, height: 860 } });
    await speak(page, server, language);
    for (const [screen, search, tables] of [['cohorts', {}, 1], ['cohort', { id: una.id }, 1], ['people', {}, 1], ['person', { id: 'parent-1' }, 1]]) {
      await open(page, screen, search);
      await until(`${screen} is there`, async () => (await page.locator('main table').count()) >= tables);
      await picture(page, `${screen}-${scheme}-${language}-${width}`);
      expect(await findings(page), screen).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), screen).toBe(true);
    }
    await speak(page, server, 'en');
    await leave(page);
  }
});
