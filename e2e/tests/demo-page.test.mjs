/** The demo as a visitor meets it: one click on an empty server, and there is something to see. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { until } from '../harness/poll.mjs';
import { Server } from '../harness/server.mjs';
import { address, inkOf, logIn, trendOf } from '../harness/ui.mjs';

/** A demo of this size is made within seconds; the page itself asks for the whole one. */
const SMALL = { persons: 400, days: 20 };
const OFFER = 'Look around with demo data';

let browser;
let server;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function visitor() {
  const page = await newPage(browser);
  await logIn(page, server);
  // The size is the only thing that a test changes: a whole demo takes minutes.
  await page.route('**/api/demo', (route) =>
    route.continue({ postData: JSON.stringify(SMALL), headers: { ...route.request().headers(), 'content-type': 'application/json' } }),
  );
  return page;
}

it('one click makes the demo, shows its progress and opens its trend', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'start'));
  await page.getByRole('button', { name: OFFER }).waitFor();
  await picture(page, 'demo-offer');
  await page.getByRole('button', { name: OFFER }).click();
  await page.waitForURL(/\/p\/\d+\/trends\?.*edata\.pageid/);
  const demo = Number(/\/p\/(\d+)\//.exec(page.url())[1]);
  expect(demo).not.toBe(await server.project());
  await picture(page, 'demo-coming');

  const filled = async () => (await server.api('GET', `/projects/${demo}/demo`)).state === 'done';
  await until('the demo is filled', filled, 50_000);
  await page.getByText('Demo data is coming in').waitFor({ state: 'detached' });
  const { chart, total } = trendOf(page);
  await chart.waitFor();
  expect(await inkOf(chart)).toBeGreaterThan(0);
  await until('the chart follows', async () => Number((await total.innerText()).replaceAll(',', '')) > 100);
  await picture(page, 'demo-trend');
  await page.getByRole('button', { name: /e-Samwad \(demo\)/ }).first().waitFor();
  expect(page.faults).toEqual([]);
  await page.context().close();
});

it('a second click, from the page for a new app, opens the same demo', async () => {
  const page = await visitor();
  await page.goto(await address(server, 'new-app'));
  await page.getByRole('button', { name: OFFER }).click();
  await page.waitForURL(/\/p\/\d+\/trends/);
  await page.getByText('The demo app was there already.').waitFor();
  const { projects } = await server.api('GET', '/projects');
  expect(projects.filter((project) => project.name === 'e-Samwad (demo)')).toHaveLength(1);
  expect(page.faults).toEqual([]);
  await page.context().close();
});

it('a demo that stopped says why on its screens and can go on; a server that refuses is told at the button', async () => {
  const page = await visitor();
  const demo = (await server.api('GET', '/projects')).projects.find((project) => project.name === 'e-Samwad (demo)');
  const failed = { state: 'failed', sent: 5, total: 10, error: 'the server refused the demo’s events: the disk is full' };
  await page.route(`**/api/projects/${demo.id}/demo`, (route) => route.fulfill({ json: failed }));
  await page.goto(new URL(`/p/${demo.id}/live`, server.origin).href);
  await page.getByRole('alert').getByText(failed.error).waitFor();
  await picture(page, 'demo-failed');
  await page.unroute(`**/api/projects/${demo.id}/demo`);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('The demo data stopped before its end').waitFor({ state: 'detached' });

  await page.unroute('**/api/demo');
  await page.route('**/api/demo', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'unavailable', message: 'the disk is full' } } }),
  );
  await page.goto(await address(server, 'start'));
  await page.getByRole('button', { name: OFFER }).click();
  await page.getByRole('alert').getByText('the disk is full').waitFor();
  expect(page.faults.filter((fault) => !fault.includes('status of 503'))).toEqual([]);
  await page.context().close();
});
