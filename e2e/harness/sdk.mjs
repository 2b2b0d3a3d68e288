/** A school app with telemetry.js in it, and what the server has stored of its visitor. */
import { readFileSync } from 'node:fs';
import { newPage } from './browser.mjs';
import { folder } from './paths.mjs';
import { until } from './poll.mjs';
import { WRITE_KEY } from './server.mjs';
import { pageOf, startSite } from './site.mjs';

const LONG = Array.from({ length: 120 }, (_, line) => `<p>line ${line}</p>`).join('');

/** A site of `pages/sdk.html` under every address; `options` are attributes of the script tag. */
export function startApp(server, { host = server.origin, options = '', key = WRITE_KEY } = {}) {
  const script = (name) => readFileSync(folder(`pages/scripts/${name}.js`));
  return startSite(pageOf('sdk', { host, key, options, long: LONG }), { '/stub.js': script('stub'), '/page.js': script('page') });
}

/** A page of a fresh visitor; deliberate errors of the page are no faults. */
export async function visitor(browser, options) {
  const page = await newPage(browser, options);
  const expected = /boom|rejected|net::ERR_/;
  page.trouble = () => page.faults.filter((fault) => !expected.test(fault));
  return page;
}

/** Waits until the SDK and its parts have arrived. */
export async function ready(page) {
  await page.waitForFunction(() => window.telemetry?.version && Array.isArray(window.tm_actions) && window.tm_actions.length === 0);
  await page.waitForTimeout(50);
}

/** Sends what waits and returns the stored rows of these ids once `complete` likes them. */
export async function stored(server, ids, complete) {
  return until('the events arrive', async () => {
    const rows = (await server.events()).filter((row) => ids.includes(row.distinct_id));
    return complete(rows) && rows;
  });
}

/** The random id of this visitor's device. */
export const deviceOf = (page) => page.evaluate(() => Object.entries(localStorage).find(([name]) => name.endsWith('_did'))?.[1]);

/** Hides or shows the page, as another tab or app in front of it does. */
export const setHidden = (page, hidden) =>
  page.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { value: now ? 'hidden' : 'visible', configurable: true });
    Object.defineProperty(document, 'hidden', { value: now, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
