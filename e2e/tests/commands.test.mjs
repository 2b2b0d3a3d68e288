/** The command line: import, query, settings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { impression, posthog, posthogBatch, sunbirdBatch } from '../harness/events.mjs';
import { command, Server, WRITE_KEY } from '../harness/server.mjs';

let server;
let folder;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-files-'));
  server = await Server.start();
});
afterEach(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const run = (args, options) => command([...args, '--data', server.dir], options);
/** What it printed with --json: the last line that is a document. */
const printed = ({ stdout }) => JSON.parse(stdout.trim().startsWith('{\n') ? stdout : stdout.trim().split('\n').at(-1));

describe('import', () => {
  const sunbirdEvents = Array.from({ length: 50 }, (_, number) => impression(`page-${number}`));
  const posthogEvents = Array.from({ length: 50 }, (_, number) => posthog('paid', `p-${number}`, { number }));
  const lines = (events) => events.map((event) => JSON.stringify(event)).join('\n');

  it.each([
    ['sunbird', 'JSON lines', () => file('a.jsonl', `${lines(sunbirdEvents)}\n`)],
    ['sunbird', 'JSON lines under gzip', () => file('a.jsonl.gz', gzipSync(lines(sunbirdEvents)))],
    ['sunbird', 'a batch document', () => file('a.json', JSON.stringify(sunbirdBatch(sunbirdEvents), null, 2))],
    ['posthog', 'JSON lines', () => file('b.jsonl', lines(posthogEvents))],
    ['posthog', 'a batch document under gzip', () => file('b.json.gz', gzipSync(JSON.stringify(posthogBatch(WRITE_KEY, posthogEvents))))],
  ])('%s from %s; the same file again adds nothing', async (format, _, write) => {
    const path = write();
    const project = String(await server.project());
    await server.terminate();
    const first = run(['import', '--project', project, '--format', format, path, '--json']);
    expect(first.code, first.stderr).toBe(0);
    expect(printed(first)).toMatchObject({ stored: 50, failed: 0 });
    const second = run(['import', '--project', 'Parents', '--format', format, path, '--json']);
    expect(second.code, second.stderr).toBe(0);
    expect(printed(second)).toMatchObject({ stored: 0, duplicate: 50 });
    await server.launch();
    expect(await server.events()).toHaveLength(50);
    await server.outcomes();
  });

  it('bad lines become failed events; the rest is imported', async () => {
    const path = file('mixed.jsonl', [JSON.stringify(impression('a')), '{"broken', JSON.stringify(impression('b')), '7'].join('\n'));
    await server.project();
    await server.terminate();
    const done = run(['import', '--project', 'Parents', '--format', 'sunbird', path, '--json']);
    expect(printed(done)).toMatchObject({ stored: 2, failed: 2 });
    await server.launch();
    expect((await server.inProject('GET', '/failed-events')).failed).toHaveLength(2);
  });

  it('says what is wrong: no such file, no such project, a directory in use', async () => {
    const path = file('a.jsonl', JSON.stringify(impression('a')));
    const inUse = run(['import', '--project', 'Parents', '--format', 'sunbird', path]);
    expect(inUse.code).not.toBe(0);
    expect(inUse.stderr).not.toBe('');
    await server.terminate();
    const missing = run(['import', '--project', 'Parents', '--format', 'sunbird', join(folder, 'none.jsonl')]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('none.jsonl');
    const unknown = run(['import', '--project', 'Nobody', '--format', 'sunbird', path, '--json']);
    expect(unknown.code).toBe(2);
    // The message names the projects that there are.
    expect(JSON.parse(unknown.stderr).error.message).toContain('Parents');
    await server.launch();
  });
});

describe('query', () => {
  const question = JSON.stringify({ kind: 'trends', series: [{ event: 'IMPRESSION', math: 'total' }], date_from: '-7d' });

  it('answers from a file and from standard input as the API does', async () => {
    await server.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([impression('a'), impression('b')]));
    const overHttp = await server.query(JSON.parse(question));
    await server.terminate();
    const fromFile = run(['query', file('question.json', question), '--json']);
    expect(fromFile.code, fromFile.stderr).toBe(0);
    const fromInput = run(['query', '-', '--project', 'Parents', '--json'], { input: question });
    expect(fromInput.code, fromInput.stderr).toBe(0);
    for (const answer of [printed(fromFile), printed(fromInput)]) {
      expect(answer.series).toEqual(overHttp.series);
      expect(answer.buckets).toEqual(overHttp.buckets);
    }
    const plain = run(['query', '-'], { input: question });
    expect(plain.code, plain.stderr).toBe(0);
    expect(plain.stdout).toContain('IMPRESSION');
    await server.launch();
  });

  it('a wrong question ends with 2 and names the field', async () => {
    await server.terminate();
    const done = run(['query', '-', '--json'], { input: '{"kind":"trends","series":[{"math":"mode"}]}' });
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('series[0].math');
    await server.launch();
  });
});

describe('config show', () => {
  it('tells each setting, its value and where it came from; never a secret', async () => {
    const settings = { TELEMETRY_FLUSH_ROWS: '1234', TELEMETRY_INIT_PASSWORD: 'correct horse battery' };
    const done = run(['config', 'show', '--json', '--set', 'query_threads=1'], { settings });
    expect(done.code, done.stderr).toBe(0);
    const shown = Object.fromEntries(JSON.parse(done.stdout).settings.map((each) => [each.name, each]));
    expect(shown.flush_rows).toMatchObject({ value: '1234', origin: 'environment TELEMETRY_FLUSH_ROWS' });
    expect(shown.query_threads).toMatchObject({ value: '1', origin: 'flag' });
    expect(shown.listen.origin).toBe('default');
    expect(done.stdout).not.toContain('correct horse');
    expect(run(['config', 'show']).stdout).toContain('flush_rows');
    expect(run(['config', 'show', '--set', 'no_such=1']).code).toBe(2);
  });
});
