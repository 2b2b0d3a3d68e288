// Shows the product full of life: serves a directory of its own and sends three weeks of a school app through the real
// door, once. Usage: node demo.mjs [data directory] [listen address]; the binary as for the tests (TELEMETRY_BIN).
import { spawn } from 'node:child_process';
import { sunbirdBatch } from './harness/events.mjs';
import { binary } from './harness/paths.mjs';
import { schoolDays } from './harness/school.mjs';

const [data = './data-demo', listen = '127.0.0.1:8400'] = process.argv.slice(2);
const owner = { email: 'demo@example.org', password: 'demo demo demo' };
const key = 'tmw_demo_of_e_samwad';
const BATCH_EVENTS = 500;

const server = spawn(binary, ['serve', '--data', data, '--listen', listen], {
  env: {
    ...process.env,
    TELEMETRY_INIT_EMAIL: owner.email,
    TELEMETRY_INIT_PASSWORD: owner.password,
    TELEMETRY_INIT_ORGANIZATION: 'Education Department (demo)',
    TELEMETRY_INIT_PROJECT: 'e-Samwad (demo)',
    TELEMETRY_INIT_LEVEL: 'full',
    TELEMETRY_INIT_WRITE_KEY: key,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGTERM'));
server.on('exit', (code) => process.exit(code ?? 0));

const origin = await new Promise((resolve) => {
  let said = '';
  server.stdout.on('data', (chunk) => {
    said += chunk;
    const match = /listening on (http:\/\/\S+)/.exec(said);
    if (match) resolve(match[1]);
  });
});

const headers = { 'content-type': 'application/json', 'x-telemetry': '1' };
const login = await fetch(`${origin}/api/login`, { method: 'POST', headers, body: JSON.stringify(owner) });
if (!login.ok) throw new Error(`${data} is not a demo directory: ${await login.text()}`);
const { projects } = await login.json();
if (projects.every((project) => !project.has_events)) {
  const events = schoolDays({ now: Date.now(), days: 21, parents: 600, seed: 20_261 });
  const started = Date.now();
  for (let from = 0; from < events.length; from += BATCH_EVENTS) {
    const body = sunbirdBatch(events.slice(from, from + BATCH_EVENTS));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${origin}/v1/telemetry?key=${key}`, { method: 'POST', headers, body: text });
    if (!response.ok) throw new Error(`batch at ${from}: ${response.status} ${await response.text()}`);
    process.stderr.write(`\r${Math.min(from + BATCH_EVENTS, events.length)} of ${events.length} events`);
  }
  process.stderr.write(` in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
console.log(`Open ${origin} and log in as ${owner.email} with "${owner.password}". Ctrl-C ends it; the data is in ${data}.`);
