/** Every screen: empty, full, loading and failing; nothing executes that an event carries. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { impression, posthog, posthogBatch, sunbirdBatch } from '../harness/events.mjs';
import { until } from '../harness/poll.mjs';
import { OWNER, Server, WRITE_KEY } from '../harness/server.mjs';
import { address, loadingOf, logIn } from '../harness/ui.mjs';

/** Screens of a project, the calls without which they have nothing to show, and whether they draw a chart. */
const SCREENS = {
  home: { calls: '**/api/projects/*/query', chart: true },
  web: { calls: '**/api/projects/*/query' },
  sessions: { calls: '**/api/projects/*/query' },
  workflow: { screen: 'sessions', search: { tab: 'workflow' }, calls: '**/api/projects/*/query' },
  items: { calls: '**/api/projects/*/query' },
  people: { calls: '**/api/projects/*/people' },
  cohorts: { calls: '**/api/projects/*/cohorts' },
  cohort: {},
  actions: { calls: '**/api/projects/*/actions' },
  action: {},
  live: { calls: '**/api/projects/*/query' },
  events: { calls: '**/api/projects/*/query' },
  trends: { calls: '**/api/projects/*/query', chart: true },
  funnel: { calls: '**/api/projects/*/query' },
  retention: { calls: '**/api/projects/*/query', chart: true },
  lifecycle: { calls: '**/api/projects/*/query', chart: true },
  stickiness: { calls: '**/api/projects/*/query', chart: true },
  paths: { calls: '**/api/projects/*/query' },
  insights: { calls: '**/api/projects/*/insights' },
  dashboard: { calls: '**/api/projects/*/dashboards', chart: true },
  sql: { calls: '**/api/projects/*/sql/schema' },
  data: { calls: '**/api/projects/*/catalogue' },
  'data-properties': { screen: 'data', search: { tab: 'properties' }, calls: '**/api/projects/*/catalogue' },
  'data-failed': { screen: 'data', search: { tab: 'failed' }, calls: '**/api/projects/*/failed-events*' },
  'data-not-kept': { screen: 'data', search: { tab: 'not-kept' }, calls: '**/api/projects/*/outcomes*' },
  settings: { calls: '**/api/projects/*/keys' },
  members: { calls: '**/api/members' },
  account: {},
  start: {},
};
const names = Object.keys(SCREENS);
const withCalls = names.filter((name) => SCREENS[name].calls);

let browser;
let empty;
let full;
beforeAll(async () => {
  [browser, empty, full] = await Promise.all([launch(), Server.start(), Server.start()]);
  await fill(full);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([empty?.stop(), full?.stop()]);
});

/** Some days of events, a failed one, a saved insight on a dashboard. */
async function fill(server) {
  const day = (days) => Date.now() - days * 86_400_000;
  const events = Array.from({ length: 200 }, (_, number) =>
    impression(['home', 'attendance', 'marks', 'fees'][number % 4], {
      ets: day(number % 7) - number * 1000,
      actor: { id: `parent-${number % 30}`, type: 'User' },
    }),
  );
  await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([...events, { ...impression('bad'), context: undefined }]));
  const question = { kind: 'trends', series: [{ event: 'IMPRESSION', math: 'total' }], date_from: '-7d' };
  const insight = await server.inProject('POST', '/insights', { name: 'Pages seen', description: '', question });
  const tiles = [{ insight_id: insight.id, x: 0, y: 0, w: 6, h: 4 }];
  const made = await server.inProject('POST', '/dashboards', { name: 'Overview', description: '', tiles });
  if (made.tiles.length === 0) await server.inProject('PATCH', `/dashboards/${made.id}`, { tiles });
}

const open = async (page, server, name) => {
  const { screen = name, search } = SCREENS[name];
  await page.goto(await address(server, screen, search));
};
/** Whatever the screen is about to load has come. */
async function settled(page) {
  await page.locator('h1').first().waitFor();
  await until('loading ends', async () => (await loadingOf(page).count()) === 0);
}
async function visitor(server) {
  const page = await newPage(browser);
  await logIn(page, server);
  return page;
}

describe.each(names)('%s', (name) => {
  it('without any event, and with some: no error, no CSP violation', async () => {
    for (const [server, state] of [[empty, 'empty'], [full, 'full']]) {
      const page = await visitor(server);
      await open(page, server, name);
      await settled(page);
      if (state === 'full' && SCREENS[name].chart) await page.locator('figure canvas').first().waitFor();
      expect(await page.getByRole('alert').count(), `${state}: an error is shown`).toBe(0);
      expect((await page.locator('main').first().innerText()).trim()).not.toBe('');
      await picture(page, `page-${name}-${state}`);
      expect(page.faults, state).toEqual([]);
      await page.context().close();
    }
  });
});

describe.each(withCalls)('%s', (name) => {
  it('while it loads, and when the server fails and is asked again', async () => {
    const page = await visitor(full);
    const { calls } = SCREENS[name];
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(calls, async (route) => {
      await held;
      await route.continue();
    });
    await open(page, full, name);
    await loadingOf(page).first().waitFor();
    await picture(page, `page-${name}-loading`);
    release();
    await settled(page);
    expect(page.faults).toEqual([]);

    await page.unroute(calls);
    const body = { error: { code: 'internal', message: 'the server could not do this; its log says why' } };
    await page.route(calls, (route) => route.fulfill({ status: 500, json: body }));
    await open(page, full, name);
    await page.getByRole('alert').first().waitFor({ timeout: 20_000 });
    await picture(page, `page-${name}-error`);
    await page.unroute(calls);
    await page.getByRole('alert').first().getByRole('button', { name: 'Try again' }).click();
    await until('it recovers', async () => (await page.getByRole('alert').count()) === 0);
    await settled(page);
    // Chromium itself reports each failed request; anything else is ours.
    expect(page.faults.filter((fault) => !fault.includes('status of 500'))).toEqual([]);
    await page.context().close();
  });
});

describe('login', () => {
  it('with the form: a wrong password is told, the right one leads to where the link pointed', async () => {
    const page = await newPage(browser);
    const wanted = await address(full, 'trends');
    await page.goto(wanted);
    await page.waitForURL('**/login**');
    await page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').first().waitFor();
    await picture(page, 'login-wrong');
    await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(/\/p\/\d+\/trends/);
    const cookie = (await page.context().cookies()).find((each) => each.httpOnly);
    expect(cookie).toMatchObject({ httpOnly: true });
    expect(['Lax', 'Strict']).toContain(cookie.sameSite);
    await page.context().close();
  });
});

describe('a hostile event', () => {
  const attack = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">"><svg onload=window.hacked=1>{{7*7}}';
  it('is text everywhere: in names, keys, values, ids, failures and saved names; nothing executes', async () => {
    const server = await Server.start();
    try {
      await server.post('/batch/', posthogBatch(WRITE_KEY, [
        posthog(attack, attack, { [attack]: attack, link: 'javascript:window.hacked=1', text: attack, list: [attack] }),
        posthog(attack, 'person-2', { text: attack }),
      ]));
      await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([
        impression(attack, { actor: { id: attack, type: 'User' } }),
        { ...impression('bad'), eid: attack, edata: { type: attack } },
      ]));
      const question = { kind: 'trends', series: [{ event: attack, math: 'total', label: attack }], date_from: '-7d', breakdown: { property: 'text' } };
      const insight = await server.inProject('POST', '/insights', { name: attack, description: attack, question });
      const board = await server.inProject('POST', '/dashboards', { name: attack, description: attack, tiles: [] });
      await server.inProject('PATCH', `/dashboards/${board.id}`, { tiles: [{ insight_id: insight.id, x: 0, y: 0, w: 6, h: 4 }] });
      await server.inProject('PATCH', '', { name: attack });
      const steps = [{ event: attack, text: { matching: 'contains', value: attack } }];
      const action = await server.inProject('POST', '/actions', { name: attack, description: attack, steps });
      const rule = { all: [{ performed: { event: { action: action.id, label: attack } } }, { person: { property: attack, type: 'person', value: attack } }] };
      const cohort = await server.inProject('POST', '/cohorts', { name: attack, description: attack, rule });

      const page = await visitor(server);
      const screens = [
        ...names.map((name) => [SCREENS[name].screen ?? name, SCREENS[name].search]),
        ['trends', question],
        ['person', { id: attack }],
        ['cohort', { id: cohort.id }],
        ['action', { id: action.id }],
        ['trends', { ...question, display: 'number', filters: [{ type: 'cohort', operator: 'not_in_cohort', value: [cohort.id] }] }],
      ];
      for (const [screen, search] of screens) {
        await page.goto(await address(server, screen, search));
        await settled(page);
        expect(await page.evaluate(() => window.hacked), screen).toBeUndefined();
        expect(await page.locator('img[src=x], svg[onload]').count(), screen).toBe(0);
      }
      await page.goto(await address(server, 'events'));
      await page.getByRole('button', { name: `Open ${attack}` }).first().click();
      await page.getByRole('dialog').waitFor();
      expect(await page.getByRole('dialog').innerText()).toContain('<script>window.hacked=1</script>');
      await picture(page, 'hostile-event');
      expect(await page.evaluate(() => window.hacked)).toBeUndefined();
      expect(page.faults).toEqual([]);
      await page.context().close();
    } finally {
      await server.stop();
    }
  });
});
