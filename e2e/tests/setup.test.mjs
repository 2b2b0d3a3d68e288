/** From an empty directory to the first chart, as a person with a mouse does it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { OWNER, Server } from '../harness/server.mjs';
import { startSite } from '../harness/site.mjs';
import { inkOf, trendOf } from '../harness/ui.mjs';

/** What the product promises. */
const ACTIONS_MAX = 12;
const SECONDS_MAX = 60;

let server;
let browser;
let site;
beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start({ setUp: false }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

/** What went wrong, but for the one 401 by which the page learns that nobody is logged in; Chromium reports it. */
const faultsOf = (page) => page.faults.filter((fault) => !/status of 401 .*\/api\/me\)/.test(fault));

it(`owner, organisation, app, level, snippet, first event, chart: at most ${ACTIONS_MAX} actions and ${SECONDS_MAX} s`, async () => {
  const page = await newPage(browser);
  const actions = [];
  const act = async (what, action) => {
    actions.push(what);
    await action();
  };
  const click = (what, locator) => act(`click ${what}`, () => locator.click());
  const fill = (what, locator, text) => act(`fill ${what}`, () => locator.fill(text));
  const field = (name) => page.getByRole('textbox', { name, exact: true });
  const next = () => click('Continue', page.getByRole('button', { name: 'Continue' }));

  const from = Date.now();
  await page.goto(server.origin);
  await page.waitForURL('**/setup');
  await field('Your name').waitFor();
  await picture(page, 'setup-1-owner');
  await fill('name', field('Your name'), 'Asha Negi');
  await fill('e-mail', field('E-mail'), OWNER.email);
  await fill('password', field('Password'), OWNER.password);
  await next();

  await fill('organisation', field('Organisation'), 'School Department');
  await picture(page, 'setup-2-names');
  await fill('app', field('App name'), 'Parents');
  await next();

  const level = (name) => page.getByRole('radio', { name, exact: true });
  await level('Security').waitFor();
  // How much is kept is the organisation's own decision: nothing is chosen for it.
  for (const name of ['Security', 'Basic', 'Enhanced', 'Full']) expect(await level(name).isChecked()).toBe(false);
  expect(await page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
  await picture(page, 'setup-3-level');
  await click('Enhanced', level('Enhanced'));
  await next();

  await page.waitForURL('**/start');
  const snippet = page.getByTestId('snippet').first();
  await snippet.waitFor();
  await picture(page, 'setup-4-start');
  const tag = /<script async src="[^"]+" data-key="[^"]+"><\/script>/.exec(await snippet.innerText())?.[0];
  expect(tag).toBeTruthy();
  const visitor = await newPage(browser);
  await act('paste the snippet into the app and open it', async () => {
    site = await startSite(`<!doctype html><title>Parents</title>${tag}<h1>Attendance</h1>`);
    await visitor.goto(`${site.origin}/attendance`);
  });

  // The waiting page turns into the live view by itself.
  await page.waitForURL('**/live?*first*');
  await page.getByRole('table', { name: 'Live' }).getByText('IMPRESSION').first().waitFor();
  await picture(page, 'setup-5-live');
  await click('See it as a trend', page.getByRole('link', { name: 'See it as a trend' }).first());
  await page.waitForURL('**/trends?*');
  const { chart, total } = trendOf(page);
  await chart.waitFor();
  expect(await inkOf(chart)).toBeGreaterThan(0);
  expect(Number(await total.innerText())).toBeGreaterThanOrEqual(1);
  const seconds = (Date.now() - from) / 1000;
  await picture(page, 'setup-6-trend');

  console.log(`set-up to first chart: ${actions.length} actions, ${seconds.toFixed(1)} s`);
  expect(actions.length, actions.join(', ')).toBeLessThanOrEqual(ACTIONS_MAX);
  expect(seconds).toBeLessThanOrEqual(SECONDS_MAX);
  expect([...faultsOf(page), ...visitor.faults]).toEqual([]);
  const me = await page.evaluate(async () => (await fetch('/api/me')).json());
  expect(me).toMatchObject({ organization: { name: 'School Department' }, member: { role: 'owner' } });
  expect(me.projects).toMatchObject([{ name: 'Parents', level: 'enhanced', has_events: true }]);
});

it('a set-up that was left half way goes on where it was, and nobody else can begin it again', async () => {
  const half = await Server.start({ setUp: false });
  try {
    const page = await newPage(browser);
    const field = (name) => page.getByRole('textbox', { name, exact: true });
    const next = () => page.getByRole('button', { name: 'Continue' }).click();
    await page.goto(half.origin);
    await field('Your name').fill('Asha Negi');
    await field('E-mail').fill(OWNER.email);
    await field('Password').fill('short');
    await next();
    // Too short: said beside the field, and nothing is made.
    await page.getByText('The password needs at least 10 characters').waitFor();
    expect(await (await fetch(`${half.origin}/api/setup`)).json()).toMatchObject({ needed: true });
    await field('Password').fill(OWNER.password);
    await next();
    await field('Organisation').waitFor();
    await page.reload();
    await field('Organisation').waitFor();

    const again = { email: 'other@school.in', password: OWNER.password, name: 'Other' };
    expect((await half.post('/api/setup', again, { headers: { 'X-Telemetry': '1' } })).status).toBe(409);
    const stranger = await newPage(browser);
    await stranger.goto(half.origin);
    await stranger.waitForURL('**/login**');
    expect([...faultsOf(page), ...faultsOf(stranger)]).toEqual([]);
  } finally {
    await half.stop();
  }
});
