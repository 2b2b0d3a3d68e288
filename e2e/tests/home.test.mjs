/** The first page of the morning, and the ways from it: the pulse counted by hand, the palette, the keys. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings } from '../harness/axe.mjs';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { impression, sunbirdBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, inkOf, logIn, speak } from '../harness/ui.mjs';

const DAY_MS = 86_400_000;
/** Noon of yesterday by the project's clock. */
const NOON = Date.parse(`${new Date(Date.now() + 5.5 * 3_600_000 - DAY_MS).toISOString().slice(0, 10)}T12:00:00+05:30`);

/** Yesterday 6 parents open 9 pages in 6 sessions; the same weekday before 4 parents open 12 in 4. */
function twoDays() {
  const visit = (parent, at, pages) =>
    pages.map((page, index) =>
      impression(page, {
        ets: at + index * 60_000,
        actor: { id: `parent-${parent}`, type: 'User' },
        context: { channel: 'hp-education', pdata: { id: 'app', ver: '1', pid: 'p' }, env: 'home', sid: `s-${parent}-${at}`, did: `d-${parent}` },
      }),
    );
  return [
    ...Array.from({ length: 6 }, (_, parent) => visit(parent, NOON, parent < 3 ? ['fees', 'marks'] : ['fees'])),
    ...Array.from({ length: 4 }, (_, parent) => visit(parent, NOON - 7 * DAY_MS, ['marks', 'fees', 'marks'])),
  ].flat();
}

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
  await server.inProject('PATCH', '', { time_zone: 'Asia/Kolkata' });
  expect((await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch(twoDays()))).status).toBe(200);
  await until('all is visible', async () => (await server.count({ event: 'IMPRESSION' })) === 21);
  const question = { kind: 'funnel', steps: [{ event: 'IMPRESSION' }, { event: 'IMPRESSION' }] };
  await server.inProject('POST', '/insights', { name: 'Two pages', description: '', question });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function visitor(options) {
  const page = await newPage(browser, options);
  await logIn(page, server);
  return page;
}

it('the pulse of yesterday stands beside the same weekday; axe finds nothing, light, dark, Hindi, phone', async () => {
  for (const [scheme, language, width] of [['light', 'en', 1280], ['dark', 'hi', 1280], ['light', 'en', 375]]) {
    const page = await visitor({ colorScheme: scheme, viewport: { width, height: 860 } });
    await speak(page, server, language);
    await page.goto(await address(server, 'home', { day: 'yesterday' }));
    const canvas = page.locator('main canvas');
    await canvas.waitFor();
    if (language === 'en') {
      const numbers = (await page.locator('main dl > div').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
      expect(numbers[0]).toMatch(/^Persons 6 ↑ more by 50% 4 on /);
      expect(numbers[1]).toMatch(/^Sessions 6 ↑ more by 50% 4 on /);
      expect(numbers[2]).toMatch(/^Page views 9 ↓ fewer by 25% 12 on /);
      const rows = await page.getByRole('table', { name: 'Most seen' }).getByRole('row').allInnerTexts();
      expect(rows[1].replace(/\s+/g, ' ')).toBe('fees 6 ↑ more by 50%');
      expect(rows[2].replace(/\s+/g, ' ')).toBe('marks 3 ↓ fewer by 62.5%');
    }
    await until('the table is there', async () => (await page.locator('main table').count()) === 2);
    expect(await inkOf(canvas)).toBeGreaterThan(0);
    await picture(page, `home-${scheme}-${language}-${width}`);
    expect(await findings(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await speak(page, server, 'en');
    await page.context().close();
  }
});

it('the start leads here; from here the palette and the keys lead everywhere', async () => {
  const page = await visitor();
  await page.goto(new URL('/', server.origin).href);
  await page.waitForURL(/\/p\/\d+\/home/);
  await page.locator('main h1').waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Go to or search' });
  await field.fill('two');
  await page.getByRole('option', { name: 'Two pages Insight' }).waitFor();
  await picture(page, 'palette');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/funnel\?insight=\d+/);
  await page.getByRole('heading', { level: 1, name: 'Two pages' }).waitFor();

  await page.getByRole('button', { name: 'Search Ctrl K' }).click();
  await field.fill('parent-2');
  await page.getByRole('option', { name: /Events of .parent-2/ }).click();
  await page.waitForURL(/\/events\?.*parent-2/);
  await page.locator('body').press('g');
  await page.keyboard.press('r');
  await page.waitForURL(/\/retention/);
  await page.locator('h1').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Go to Retention').waitFor();
  await picture(page, 'key-list');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(page.faults).toEqual([]);
  await page.context().close();
});

it('letters that are typed are no commands', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'data'));
  const search = page.getByRole('textbox', { name: 'Search by name' });
  await search.click();
  await page.keyboard.type('gd?');
  expect(await search.inputValue()).toBe('gd?');
  expect(page.url()).toMatch(/\/data/);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.context().close();
});
