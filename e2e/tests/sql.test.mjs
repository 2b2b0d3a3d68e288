/** The SQL page, from a written query to its rows, chart and file; needs the engine `telemetry-sql` beside the server. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, newPage, picture } from '../harness/browser.mjs';
import { impression, posthog, posthogBatch, sunbirdBatch } from '../harness/events.mjs';
import { sqlEngine } from '../harness/paths.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';
import { address, inkOf, logIn } from '../harness/ui.mjs';

const EVENTS = 240;
const HOSTILE = '<img src=x onerror="window.hacked=1">';

let browser;
let server;
beforeAll(async () => {
  if (!existsSync(sqlEngine)) {
    throw new Error(`${sqlEngine}: build it (cargo build -p telemetry-sql), or name another with TELEMETRY_SQL_BINARY`);
  }
  [browser, server] = await Promise.all([launch(), Server.start({ settings: { TELEMETRY_SQL_BINARY: sqlEngine } })]);
  const day = (days) => Date.now() - days * 86_400_000;
  const events = Array.from({ length: EVENTS }, (_, number) =>
    impression(['home', 'attendance', 'marks'][number % 3], {
      ets: day(number % 6) - number * 1000,
      actor: { id: `parent-${number % 20}`, type: 'User' },
    }),
  );
  await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch(events));
  await server.post('/batch/', posthogBatch(WRITE_KEY, [posthog(HOSTILE, '=1+1', { text: HOSTILE })]));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(search = {}, options = {}) {
  const page = await newPage(browser, options);
  await logIn(page, server);
  await page.goto(await address(server, 'sql', search));
  await editorOf(page).waitFor();
  return page;
}
const editorOf = (page) => page.getByRole('textbox', { name: 'Query' });
const resultOf = (page) => page.getByRole('region', { name: 'Result', exact: true });
const rowsOf = (page) => resultOf(page).getByRole('table', { name: 'Result' }).locator('tbody tr[aria-rowindex]');

/** Types a query over what stands there, as a person does, and runs it with the keyboard. */
async function ask(page, sql) {
  await editorOf(page).click();
  await page.keyboard.press('Control+a');
  // Without completions and closing brackets, which help people and hinder machines.
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Enter');
}
/** The language is the member's own, so it is changed with the member's login. */
async function speak(page, language) {
  const asked = { data: { language }, headers: { 'X-Telemetry': '1' } };
  expect((await page.context().request.patch(`${server.origin}/api/me`, asked)).ok()).toBe(true);
}
/** Chromium itself reports each refused request; anything else is ours. */
const faultsOf = (page) => page.faults.filter((fault) => !/status of (400|422|429|503) .*\/sql\)/.test(fault));

describe('the SQL page', () => {
  it('begins with examples that work on this project', async () => {
    const page = await open();
    await picture(page, 'sql-empty');
    const examples = page.getByRole('button', { name: /SELECT/ });
    await until('the examples', async () => (await examples.count()) === 3);
    for (let index = 0; index < 3; index += 1) {
      await page.goto(await address(server, 'sql'));
      await examples.nth(index).click();
      await rowsOf(page).first().waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
    await picture(page, 'sql-example');
    // The last one: the most frequent values of the page's name, counted right.
    await page.getByRole('cell', { name: 'attendance' }).waitFor();
    expect(await rowsOf(page).first().innerText()).toMatch(new RegExp(`\\b${EVENTS / 3}\\b`));
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('a query is written with completion, run, and read; its address brings it back', async () => {
    const page = await open();
    await editorOf(page).click();
    await page.keyboard.type('SELECT ev');
    await page.getByRole('option', { name: /^event_at/ }).waitFor();
    await picture(page, 'sql-completion');
    await page.keyboard.press('Escape');
    await ask(page, 'SELECT event, count(*) AS times, NULL AS nothing\nFROM events GROUP BY event ORDER BY times DESC');
    await until('two rows', async () => (await rowsOf(page).count()) === 2);
    const first = rowsOf(page).first();
    expect(await first.innerText()).toMatch(/IMPRESSION\s+240\s+NULL/);
    // What an event carries is text.
    expect(await rowsOf(page).nth(1).innerText()).toContain(HOSTILE);
    expect(await page.evaluate(() => window.hacked)).toBeUndefined();
    await resultOf(page).getByText('2 rows').waitFor();
    await picture(page, 'sql-rows');

    await until('the address', () => new URL(page.url()).searchParams.get('q')?.includes('GROUP BY event'));
    await page.reload();
    await editorOf(page).waitFor();
    expect(await editorOf(page).innerText()).toContain('GROUP BY event');
    // A link is shown before it is run.
    await page.getByText('Not run yet').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).first().click();
    await until('two rows', async () => (await rowsOf(page).count()) === 2);
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('a result is drawn as lines and as bars', async () => {
    const page = await open({ q: "SELECT date_trunc('day', event_at) AS day, count(*) AS times FROM events GROUP BY 1", view: 'line' });
    await page.getByRole('button', { name: 'Run', exact: true }).first().click();
    const chart = page.getByRole('img', { name: /^Line chart of times/ }).locator('canvas');
    await chart.waitFor();
    expect(await inkOf(chart)).toBeGreaterThan(0);
    await picture(page, 'sql-line');
    await page.getByText('Bars', { exact: true }).click();
    const bars = page.getByRole('img', { name: /^Bar chart of times/ }).locator('canvas');
    await bars.waitFor();
    expect(await inkOf(bars)).toBeGreaterThan(0);
    await until('the address', () => new URL(page.url()).searchParams.get('view') === 'bars');

    await ask(page, "SELECT properties['edata.pageid'] AS page, count(*) AS times FROM events GROUP BY 1 ORDER BY 1");
    await page.getByRole('table', { name: /^Bar chart of times/ }).getByRole('row', { name: /marks/ }).waitFor();
    await picture(page, 'sql-bars');
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('ten thousand rows scroll; more are said to be cut off', async () => {
    const page = await open();
    await ask(page, 'SELECT a.event_at, b.distinct_id FROM events a CROSS JOIN events b');
    await resultOf(page).getByText('10,000 rows', { exact: true }).waitFor();
    await resultOf(page).getByText(/Only the first 10,000 rows are shown/).waitFor();
    expect(await rowsOf(page).count()).toBeLessThan(200);
    await page.getByRole('region', { name: 'Rows of the result' }).evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.getByRole('button', { name: 'Open row 10000' }).click();
    await page.getByRole('dialog', { name: 'Row 10000' }).getByText('distinct_id').waitFor();
    await picture(page, 'sql-row');
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('the whole result is downloaded as CSV and as Parquet', async () => {
    const page = await open();
    await ask(page, 'SELECT event, distinct_id FROM events ORDER BY event_at');
    await rowsOf(page).first().waitFor();
    const files = {};
    for (const format of ['CSV', 'Parquet']) {
      await page.getByRole('button', { name: 'Download' }).click();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format }).click()]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`^sql-[\\d-]+\\.${format.toLowerCase()}$`));
      files[format] = readFileSync(await file.path());
    }
    const lines = files.CSV.toString().trim().split(/\r?\n/);
    expect(lines[0]).toBe('event,distinct_id');
    expect(lines).toHaveLength(EVENTS + 2);
    expect(files.Parquet.subarray(0, 4).toString()).toBe('PAR1');
    expect(files.Parquet.subarray(-4).toString()).toBe('PAR1');
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('what is wrong and what is forbidden is told with advice; the rows before it stay', async () => {
    const page = await open();
    await ask(page, 'SELECT 5 AS five');
    await rowsOf(page).first().waitFor();
    for (const [sql, title, advice] of [
      ['SELECT pageid FROM events', 'The query cannot be understood', /Correct the query/],
      ["COPY events TO 'x.csv'", 'This is not allowed here', /Only SELECT/],
    ]) {
      await ask(page, sql);
      const alert = page.getByRole('alert').filter({ hasText: title });
      await alert.waitFor();
      expect(await alert.innerText()).toMatch(advice);
    }
    await picture(page, 'sql-error');
    await page.getByText('Below: the result of the query before.').waitFor();
    expect(await rowsOf(page).count()).toBe(1);
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('a long query is cancelled, upon which the server is free again', async () => {
    const page = await open();
    // Three times the table: minutes of work, little memory.
    const long = 'SELECT sum(length(repeat(a.uuid || b.uuid || c.uuid, 40))) FROM events a, events b, events c';
    await ask(page, long);
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.getByText(/^[1-9] s$/).waitFor();
    await picture(page, 'sql-running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. The server has stopped working on it.').waitFor();
    // As many as there are places: each must be free.
    for (let turn = 0; turn < 4; turn += 1) {
      await ask(page, long);
      await page.getByRole('button', { name: 'Cancel' }).click();
    }
    await ask(page, 'SELECT 6 AS six');
    await until('the next answer', async () => (await page.getByRole('cell', { name: '6' }).count()) > 0);
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('the history of this browser opens queries again, deletes and clears', async () => {
    const page = await open();
    for (const sql of ['SELECT 1 AS one', 'SELECT 2 AS two']) {
      await ask(page, sql);
      await page.getByRole('columnheader', { name: new RegExp(sql.slice(-3)) }).waitFor();
    }
    await page.reload();
    await page.getByRole('tab', { name: 'History' }).click();
    const past = page.getByRole('list', { name: 'History' }).getByRole('listitem');
    expect(await past.count()).toBe(2);
    await picture(page, 'sql-history');
    await past.filter({ hasText: 'SELECT 1 AS one' }).getByRole('button', { name: /SELECT 1/ }).click();
    expect(await editorOf(page).innerText()).toContain('SELECT 1 AS one');
    await past.filter({ hasText: 'SELECT 2 AS two' }).getByRole('button', { name: /^Delete/ }).click();
    expect(await past.count()).toBe(1);
    await page.getByRole('button', { name: 'Clear history' }).click();
    await page.getByText('No queries yet').waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('No queries yet').waitFor();
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('in Hindi, dark, on a phone: everything is reached', async () => {
    const page = await open({}, { viewport: { width: 375, height: 760 }, colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Tables and history' }).click();
    const drawer = page.getByRole('dialog', { name: 'Tables and history' });
    await drawer.getByRole('button', { name: /^event_at/ }).first().click();
    expect(await editorOf(page).innerText()).toContain('event_at');
    await ask(page, 'SELECT event FROM events LIMIT 3');
    await until('three rows', async () => (await rowsOf(page).count()) === 3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await picture(page, 'sql-phone');
    await speak(page, 'hi');
    await page.reload();
    await page.getByRole('textbox', { name: 'क्वेरी' }).waitFor();
    await picture(page, 'sql-phone-hindi');
    await speak(page, 'en');
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });
});

describe('without the engine', () => {
  it('the page says how to get it, and goes on when it is there', async () => {
    const page = await newPage(browser);
    await logIn(page, server);
    await page.route('**/sql/schema', (route) => route.fulfill({ json: { available: false, tables: [] } }));
    await page.goto(await address(server, 'sql'));
    await page.getByText('Put telemetry-sql into the folder where telemetry lies', { exact: false }).waitFor();
    await picture(page, 'sql-unavailable');
    await page.unroute('**/sql/schema');
    await page.getByRole('button', { name: 'Look again' }).click();
    await editorOf(page).waitFor();
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
  });
});
