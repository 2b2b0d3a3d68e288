// Takes the picture of the README: fills a server with two weeks of a school app through its real door, opens the page.
// Usage: node screenshot.mjs [file]; the binary as for the tests (TELEMETRY_BIN).
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { launch } from './harness/browser.mjs';
import { sunbirdBatch } from './harness/events.mjs';
import { folder } from './harness/paths.mjs';
import { schoolDays } from './harness/school.mjs';
import { OWNER, Server, WRITE_KEY } from './harness/server.mjs';

const file = process.argv[2] ?? folder('../docs/images/product.png');
/** Fewer requests than clients would make, as a collector in between would send them. */
const BATCH_EVENTS = 500;

const server = await Server.start();
const browser = await launch();
try {
  const events = schoolDays({ now: Date.now(), days: 15, parents: 400, seed: 20_260 });
  for (let from = 0; from < events.length; from += BATCH_EVENTS) {
    const response = await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch(events.slice(from, from + BATCH_EVENTS)));
    if (!response.ok) throw new Error(`batch at ${from}: ${response.status} ${await response.text()}`);
  }
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 1.5,
    locale: 'en-IN',
    timezoneId: 'Asia/Kolkata',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  await context.request.post(`${server.origin}/api/login`, { data: OWNER, headers: { 'X-Telemetry': '1' } });
  const url = new URL(`/p/${await server.project()}/trends`, server.origin);
  // Whole days only: a picture taken in the morning should not end in a fall to nothing.
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Kolkata' });
  const question = {
    series: [{ event: 'IMPRESSION', math: 'total' }],
    date_from: day(14),
    date_to: day(1),
    interval: 'day',
    breakdown: { property: 'edata.pageid' },
  };
  for (const [name, value] of Object.entries(question)) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  await page.goto(url.href);
  await page.getByRole('img', { name: /^Line chart of/ }).locator('canvas').waitFor();
  await page.evaluate(() => document.fonts.ready);
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`${file}: ${events.length} events, ${Math.round(statSync(file).size / 1024)} KiB`);
} finally {
  await browser.close();
  await server.stop();
}
