/** The web page as its users meet it. */
import { expect } from 'vitest';
import { newPage, picture } from './browser.mjs';
import { OWNER } from './server.mjs';

/** Gives the page the owner's login, which is made once per server: logins are rate limited. */
export async function logIn(page, server) {
  const { request } = page.context();
  if (!server.cookies) {
    const response = await request.post(`${server.origin}/api/login`, { data: OWNER, headers: { 'X-Telemetry': '1' } });
    expect(response.status()).toBe(200);
    server.cookies = await page.context().cookies();
  }
  await page.context().addCookies(server.cookies);
}

/** A page of the owner, who is in India. */
export async function visitorOf(browser, server, options) {
  const page = await newPage(browser, { timezoneId: 'Asia/Kolkata', ...options });
  await logIn(page, server);
  return page;
}

/** Texts without the white space that only the layout needs. */
export const flat = (texts) => texts.map((text) => text.replace(/\s+/g, ' ').trim());

/** Closes a page that must have had nothing to complain of. */
export async function leave(page) {
  expect(page.faults).toEqual([]);
  await page.context().close();
}

/** The address of a screen of the server's project; `search` as the page keeps it in its links. */
export async function address(server, screen, search = {}) {
  const url = new URL(`/p/${await server.project()}/${screen}`, server.origin);
  for (const [name, value] of Object.entries(search)) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return url.href;
}

/** The chart of the trend page, and the total of the first row of its table. */
export function trendOf(page) {
  const result = page.getByRole('region', { name: 'Result' });
  const chart = result.getByRole('img', { name: /^Line chart of/ }).locator('canvas');
  const table = result.getByRole('table', { name: 'Numbers of the chart' });
  return { chart, total: table.locator('tbody td').first() };
}

/** The trend page tells `count` for `event`, as a drawn chart and in its table; leaves a picture. */
export async function seeTrend(page, server, { event, count, name }) {
  await page.goto(await address(server, 'trends', { series: [{ event, math: 'total' }], date_from: '-7d', interval: 'day' }));
  const { chart, total } = trendOf(page);
  await chart.waitFor();
  expect(await total.innerText()).toBe(String(count));
  expect(await inkOf(chart)).toBeGreaterThan(0);
  await picture(page, name);
}

/** How many pixels of a chart are drawn on. */
export function inkOf(chart) {
  return chart.evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let index = 3; index < data.length; index += 4) if (data[index] > 0) drawn += 1;
    return drawn;
  });
}

/** Skeletons of a screen that is still loading. */
export const loadingOf = (page) => page.getByRole('status', { name: 'Loading' });

/** The member's language, which the page follows. */
export async function speak(page, server, language) {
  const { request } = page.context();
  const said = await request.patch(`${server.origin}/api/me`, { data: { language }, headers: { 'X-Telemetry': '1' } });
  expect(said.ok()).toBe(true);
}
