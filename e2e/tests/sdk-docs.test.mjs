/** docs/sdk.md as a new user would try it: each snippet is run, and what it says is stored is stored. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, newPage } from '../harness/browser.mjs';
import { folder } from '../harness/paths.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY, command } from '../harness/server.mjs';
import { startSite } from '../harness/site.mjs';

const HOST = 'https://telemetry.school.in';
const KEY = 'tmw_…';
const text = readFileSync(folder('../docs/sdk.md'), 'utf8');

/** Every code block: its language, its text, the line it stands at, and the comment above it that says how it is tried. */
const snippets = [...text.matchAll(/(?:<!-- (.+?) -->\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => {
  const [, how = '', language, code] = match;
  const line = text.slice(0, match.index).split('\n').length;
  const [kind, wanted = ''] = how.split('→').map((part) => part.trim());
  return { kind, wanted: wanted.split(',').map((name) => name.trim()).filter(Boolean), language, code, line };
});
const of = (kind) => snippets.filter((snippet) => snippet.kind.startsWith(kind));

let server;
let browser;
let scratch;
const sites = [];
beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  await server.inProject('PATCH', '', { channels: ['hp-education'] });
  scratch = mkdtempSync(join(tmpdir(), 'telemetry-docs-'));
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(sites.map((site) => site.stop()));
  await server?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const mine = (code) => code.replaceAll(HOST, server.origin).replaceAll(KEY, WRITE_KEY);
const scriptTag = () => `<script async src="${server.origin}/telemetry.js" data-key="${WRITE_KEY}"></script>`;
const pageWith = (head, body = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;

async function open(html, files = {}, path = '/') {
  const site = await startSite(html, files);
  sites.push(site);
  const page = await newPage(browser);
  const answered = (method, part) =>
    page.waitForResponse((response) => response.request().method() === method && response.url().includes(part), { timeout: 5_000 });
  // A visitor stays until the page has learned its level and has sent what it has to say at once, if it has.
  const sent = answered('POST', '/v1/telemetry').catch(() => undefined);
  await Promise.all([answered('GET', '/v1/telemetry/level'), sent, page.goto(site.origin + path)]);
  return page;
}

const ready = (page) => page.waitForFunction(() => window.telemetry?.version);

/** Receipts of level changes say nothing of whose they are; they are only counted. */
const RECEIPT = '$level_changed';
let receipts = 0;

/** The wanted events are stored for the device of `page`, which is known by `mark`: its path, or its app. */
async function stores(page, wanted, mark) {
  await page.goto('about:blank');
  const did = (row) => row.properties['context.did'];
  await until(`${wanted.join(', ')} of ${mark}`, async () => {
    const rows = await server.events();
    const marked = rows.filter((row) => [row.properties['edata.pageid'], row.properties['context.pdata.id']].includes(mark));
    const devices = new Set(marked.map(did));
    const names = new Set(rows.filter((row) => devices.has(did(row))).map((row) => row.event));
    const counted = rows.filter((row) => row.event === RECEIPT).length;
    if (!wanted.every((name) => (name === RECEIPT ? counted > receipts : names.has(name)))) return false;
    receipts = counted;
    return true;
  });
  expect(page.faults).toEqual([]);
  await page.context().close();
}

it('every snippet says how it is tried', () => {
  expect(snippets.length).toBeGreaterThan(40);
  expect(snippets.filter((snippet) => !/^(run: (page|call|module|sunbird|shell|csp)|from: )/.test(snippet.kind)).map((each) => each.line)).toEqual([]);
});

describe('tags on a page', () => {
  it.each(of('run: page').map((each) => [each.line, each]))('line %i', async (line, { code, wanted, kind }) => {
    const mark = `/line-${line}`;
    const page = await open(pageWith('', mine(code)), {}, mark);
    await ready(page);
    for (const selector of kind.split(' click ')[1]?.split(', ') ?? []) await page.click(selector);
    if (wanted.length > 0) return stores(page, wanted, mark);
    // The prompt: nothing is recorded before the person has chosen.
    await page.waitForFunction(() => telemetry.getLevel() === 'security');
    await page.getByRole('region').getByRole('button', { name: 'अस्वीकार करें' }).waitFor();
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

describe('calls', () => {
  it.each(of('run: call').map((each) => [each.line, each]))('line %i', async (line, { code, wanted }) => {
    const mark = `/line-${line}`;
    const page = await open(pageWith(scriptTag()), {}, mark);
    await ready(page);
    // The level is known when the page has been told.
    await page.waitForFunction(() => telemetry.getLevel() === 'full');
    const fault = await page.evaluate((source) => {
      try {
        new Function(source)();
        return '';
      } catch (error) {
        return String(error);
      }
    }, mine(code));
    expect(fault).toBe('');
    await page.evaluate(() => telemetry.flush());
    await stores(page, wanted, mark);
  });
});

describe('modules', () => {
  it.each(of('run: module').map((each) => [each.line, each]))('line %i', async (line, { code, wanted }) => {
    const mark = `/line-${line}`;
    const dist = Object.fromEntries(
      readdirSync(folder('../sdk/dist'), { recursive: true })
        .filter((name) => name.endsWith('.js'))
        .map((name) => [`/web/${name}`, readFileSync(folder(`../sdk/dist/${name}`))]),
    );
    // The browser itself resolves the package: an import map, and the files as they are published.
    const { exports } = JSON.parse(readFileSync(folder('../sdk/package.json'), 'utf8'));
    const imports = Object.fromEntries(
      Object.entries(exports).flatMap(([name, entry]) =>
        typeof entry === 'string' ? [] : [[`@telemetry/web${name.slice(1)}`, entry.default.replace('./dist', '/web')]],
      ),
    );
    const html = pageWith(`<script type="importmap">${JSON.stringify({ imports })}</script>`, `<script type="module">${mine(code)}</script>`);
    await stores(await open(html, dist, mark), wanted, code.includes('sunbird') ? 'prod.school.app' : mark);
  });
});

describe('in place of Sunbird’s SDK', () => {
  it.each(of('run: sunbird').map((each) => [each.line, each]))('line %i', async (line, { code, wanted }) => {
    const app = `docs.line.${line}`;
    const page = await open(pageWith('', mine(code).replace('prod.school.app', app)));
    await page.waitForFunction(() => $t.initialized);
    await stores(page, wanted, app);
  });
});

it('the content security policy lets it in, and nothing is reported', async () => {
  const [{ code }] = of('run: csp');
  const policy = mine(code).replace('Content-Security-Policy:', '').trim();
  const html = pageWith(`<meta http-equiv="Content-Security-Policy" content="${policy}">${scriptTag()}`, '<button id="b">Pay</button>');
  const page = await open(html, {}, '/strict');
  await ready(page);
  await page.click('#b');
  await stores(page, ['START', 'IMPRESSION', 'INTERACT'], '/strict');
});

describe('excerpts', () => {
  it.each(of('from:').map((each) => [each.line, each]))('line %i stands in its example', (_, { kind, code }) => {
    expect(readFileSync(folder(`../${kind.replace('from: ', '')}`), 'utf8')).toContain(code);
  });
});

describe('commands', () => {
  it('npm install: from the tarball that would be published', () => {
    const [{ code }] = of('run: shell').filter((each) => each.code.startsWith('npm'));
    const name = code.trim().split(' ').at(-1);
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch], { cwd: folder('../sdk'), encoding: 'utf8' });
    writeFileSync(join(scratch, 'package.json'), '{"private":true}');
    const install = code.trim().replace(name, `./${packed.trim().split('\n').at(-1)}`).split(' ');
    execFileSync(install[0], [...install.slice(1), '--offline', '--no-audit', '--no-fund', '--omit=peer'], { cwd: scratch, stdio: 'pipe' });
    expect(existsSync(join(scratch, 'node_modules', name, 'dist/index.js'))).toBe(true);
  });

  it('telemetry import: the file of exportQueue, read in while the server is stopped', async () => {
    const [{ code }] = of('run: shell').filter((each) => each.code.startsWith('telemetry'));
    const page = await open(pageWith(scriptTag()), {}, '/no-network');
    await ready(page);
    await page.waitForFunction(() => telemetry.getLevel() === 'full');
    await page.evaluate(() => telemetry.flush());
    await page.context().setOffline(true);
    const file = await page.evaluate(async () => {
      for (let number = 0; number < 5; number += 1) telemetry.track('never_sent', { number });
      return (await telemetry.exportQueue()).text();
    });
    await page.context().close();
    writeFileSync(join(scratch, 'telemetry.json'), file);
    await server.terminate();
    const args = code.trim().split(' ').slice(1).map((arg) => (arg === 'telemetry.json' ? join(scratch, arg) : arg));
    const done = command([...args, '--data', server.dir]);
    expect(done.stderr + done.stdout).not.toContain('error');
    expect(done.code).toBe(0);
    await server.launch();
    const rows = await server.events({ event: 'never_sent' });
    expect(rows.map((row) => row.properties.number).sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
