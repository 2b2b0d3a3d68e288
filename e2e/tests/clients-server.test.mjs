/** The clients that run on servers, unmodified, each in a process of its own, over both of their protocols. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tally } from '../harness/events.mjs';
import { folder, python } from '../harness/paths.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';

let server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server?.stop());

async function run(program, script, mode) {
  const child = spawn(program, [folder(`clients/${script}`), server.origin, WRITE_KEY, mode], {
    env: { ...process.env, ...(mode === 'v1' ? { POSTHOG_CAPTURE_MODE: 'v1' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'exit');
  expect(`${code} ${said}`).toBe('0 ');
}

describe.each([
  ['posthog-node 5.70.0', process.execPath, 'posthog_client.mjs', 'node', '$identify'],
  ['posthog-python 7.91.1', python, 'posthog_client.py', 'py', '$set'],
])('%s', (_, program, script, prefix, properties) => {
  it.each(['v0', 'v1'])('over %s each event arrives once, with its properties, and belongs to the right person', async (mode) => {
    await run(program, script, mode);
    const [anonymous, person] = [`${prefix}-anon-${mode}`, `${prefix}-person-${mode}`];
    const wanted = { [`${prefix}_opened`]: 1, $create_alias: 1, [properties]: 1, [`${prefix}_paid`]: 5 };
    const rows = await until('all events', async () => {
      const found = (await server.events()).filter((row) => [anonymous, person].includes(row.distinct_id));
      return found.length >= 8 && found;
    });
    expect(tally(rows)).toEqual(wanted);

    const opened = rows.find((row) => row.event === `${prefix}_opened`);
    expect(opened).toMatchObject({ distinct_id: anonymous, properties: { class: 6, school: 'शिमला', first: true } });
    const paid = rows.filter((row) => row.event === `${prefix}_paid`);
    expect(paid.map((row) => row.properties.amount).sort()).toEqual([100, 101, 102, 103, 104]);
    expect(paid[0].properties['nested.mode']).toBe('upi');
    expect(paid[0].properties.$lib).toBe(prefix === 'node' ? 'posthog-node' : 'posthog-python');

    expect(new Set(rows.map((row) => row.person)).size).toBe(1);
    const found = await server.inProject('GET', `/persons/${person}`);
    expect(found.distinct_ids.sort()).toEqual([anonymous, person].sort());
    expect(found).toMatchObject({ identified: true, properties: { role: 'parent' } });

    const filters = [{ property: 'amount', operator: 'gte', value: 100 }];
    const series = { event: `${prefix}_paid`, math: 'sum', property: 'amount', filters };
    expect(await server.count(series)).toBe(510 * (await runsOf(prefix)));
    await server.outcomes();
  });
});

/** How often a client has run until now: the sum above covers both protocols, in whichever order. */
function runsOf(prefix) {
  return server.count({ event: `${prefix}_opened`, math: 'total' });
}
