/** The web analytics report: numbers counted by hand, rows that narrow the page, people behind each number. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings } from '../harness/axe.mjs';
import { launch, picture } from '../harness/browser.mjs';
import { posthog, posthogBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, flat, leave, speak, visitorOf } from '../harness/ui.mjs';

const DAY_MS = 86_400_000;
/** Noon of today by the project's clock. */
const NOON = Date.parse(`${new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 10)}T12:00:00+05:30`);

/** Four visits of three parents in the last seven days, one in the days before. */
function visits() {
  const visit = (parent, session, daysAgo, paths, about = {}) =>
    paths.map((path, minute) =>
      posthog(
        '$pageview',
        parent,
        { $session_id: session, $current_url: `https://school.in${path}`, $pathname: path, $geoip_country_code: 'IN', ...about },
        { timestamp: new Date(NOON - daysAgo * DAY_MS + minute * 60_000).toISOString() },
      ),
    );
  const direct = { $referring_domain: '$direct', $device_type: 'Mobile', $browser: 'Chrome' };
  const campaign = { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'fees-due', $device_type: 'Desktop', $browser: 'Firefox' };
  return [
    ...visit('asha', 's-1', 2, ['/fees', '/done'], { ...direct, $referring_domain: 'www.google.co.in' }),
    ...visit('binod', 's-2', 2, ['/fees'], campaign),
    ...visit('chand', 's-3', 2, ['/home'], direct),
    ...visit('asha', 's-4', 1, ['/fees'], direct),
    ...visit('binod', 's-0', 11, ['/fees'], campaign),
    // Without a session: no visit, unless they are asked for.
    posthog('$pageview', 'devi', { $current_url: 'https://school.in/marks' }, { timestamp: new Date(NOON - DAY_MS).toISOString() }),
  ];
}

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
  await server.inProject('PATCH', '', { time_zone: 'Asia/Kolkata' });
  expect((await server.post('/batch/', posthogBatch(WRITE_KEY, visits()))).status).toBe(200);
  await until('all is visible', async () => (await server.count({ event: '$pageview' })) === 7);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const visitor = (options) => visitorOf(browser, server, options);
const cardsOf = async (page) => flat(await page.locator('main dl > div').allInnerTexts());
const rowsOf = async (page, table) => flat(await page.getByRole('table', { name: table, exact: true }).locator('tbody tr').allInnerTexts());
const visitorsAre = (page, number) =>
  page.getByRole('button', { name: `${number} Visitors`, exact: true }).waitFor();

it('five numbers stand beside the period before, and the tables say whose they are', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'web'));
  await visitorsAre(page, 3);
  expect(await cardsOf(page)).toEqual([
    'Visitors 3 ↑ more by 200% was 1',
    'Views 5 ↑ more by 400% was 1',
    'Sessions 4 ↑ more by 300% was 1',
    expect.stringMatching(/^Time per visit 15s new was 0s$/),
    'Bounce rate 75% ↓ fewer by 25% was 100%',
  ]);
  expect(await rowsOf(page, 'Page')).toEqual([
    '/fees 2 3 66.7% ↑ more by 100%',
    '/done 1 1 – new',
    '/home 1 1 100% new',
  ]);
  expect(await rowsOf(page, 'Channel')).toEqual(['Direct 2 2 100% new', 'Search 1 2 0% new', 'E-mail 1 1 100% = the same, 0%']);
  expect(await rowsOf(page, 'Country')).toEqual(['India 3 5 75% ↑ more by 200%']);
  await page.getByRole('region', { name: 'Pages' }).getByText('Exit', { exact: true }).click();
  await page.getByRole('table', { name: 'Exit page' }).waitFor();
  await page.reload();
  await page.getByRole('table', { name: 'Exit page' }).waitFor();
  await page.getByRole('combobox', { name: 'Compare' }).click();
  await page.getByRole('option', { name: 'No comparison' }).click();
  await until('nothing stands beside', async () => (await cardsOf(page))[0] === 'Visitors 3');
  await leave(page);
});

it('a row narrows the page, a second one more; chips take it back; the address keeps it', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'web'));
  await page.getByRole('button', { name: 'Only visits with /fees' }).click();
  await visitorsAre(page, 2);
  await page.getByRole('button', { name: 'Only visits with Search' }).press('Enter');
  await visitorsAre(page, 1);
  expect((await cardsOf(page))[1]).toMatch(/^Views 2 /);
  await page.reload();
  await visitorsAre(page, 1);
  const chips = page.getByRole('list', { name: 'Only visits with' });
  await picture(page, 'web-narrowed');
  await chips.getByRole('button', { name: 'Remove the filter Page: /fees' }).click();
  await chips.getByRole('button', { name: 'Remove the filter Channel: Search' }).click();
  await visitorsAre(page, 3);
  await chips.waitFor({ state: 'detached' });
  await leave(page);
});

it('a number opens its people, those of a page with how often they saw it', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'web'));
  await page.getByRole('button', { name: '2 /fees, Visitors' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('heading', { name: 'Visitors · /fees' }).waitFor();
  await panel.getByText('2 persons').waitFor();
  expect(flat(await panel.locator('tbody tr').allInnerTexts()).sort()).toEqual(['asha 2 Events', 'binod 1 Events']);
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '4 Sessions', exact: true }).click();
  await panel.getByText('3 persons').waitFor();
  expect(flat(await panel.locator('tbody tr td:first-child').allInnerTexts()).sort()).toEqual(['asha', 'binod', 'chand']);
  await leave(page);
});

it('without visits it says what can be done; events without a session become visits on request', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'web', { rows: [{ table: 'pages', value: '/marks' }] }));
  await page.getByText('No visit in this range has seen a page or a screen').waitFor();
  await picture(page, 'web-empty');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Count events without a session too' }).click();
  await visitorsAre(page, 1);
  await page.getByRole('button', { name: 'Count sessions as sent only' }).waitFor();
  await page.getByRole('button', { name: 'Add filter', exact: true }).click();
  await page.getByRole('combobox', { name: 'Filter 1 property' }).click();
  await page.getByRole('option', { name: /^\$device_type/ }).click();
  await page.getByRole('combobox', { name: 'Filter 1 operator' }).click();
  await page.getByRole('option', { name: 'is set', exact: true }).click();
  await page.getByText('No visit in this range has seen a page or a screen').waitFor();
  await page.getByRole('button', { name: 'Remove filter 1' }).click();
  await visitorsAre(page, 1);
  await leave(page);
});

it('axe finds nothing, light, dark, Hindi, phone', async () => {
  for (const [scheme, language, width] of [['light', 'en', 1280], ['dark', 'hi', 1280], ['light', 'en', 375]]) {
    const page = await visitor({ colorScheme: scheme, viewport: { width, height: 860 } });
    await speak(page, server, language);
    await page.goto(await address(server, 'web'));
    await page.locator('main table').nth(4).waitFor();
    await picture(page, `web-${scheme}-${language}-${width}`);
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(page.faults).toEqual([]);
    await speak(page, server, 'en');
    await page.context().close();
  }
});
