/** A server of one's own: the real binary, an empty folder, a free port. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from './paths.mjs';

export const WRITE_KEY = 'tmw_e2e_write_key_0123456789abcdefghij';
export const SECRET_KEY = 'tms_e2e_secret_key_0123456789abcdefghij';
export const TOKEN = 'tmp_e2e_token_0123456789abcdefghijklmnop';
export const OWNER = { email: 'owner@school.in', password: 'correct horse battery' };

const SET_UP = {
  TELEMETRY_INIT_EMAIL: OWNER.email,
  TELEMETRY_INIT_PASSWORD: OWNER.password,
  TELEMETRY_INIT_ORGANIZATION: 'School Department',
  TELEMETRY_INIT_PROJECT: 'Parents',
  TELEMETRY_INIT_LEVEL: 'full',
  TELEMETRY_INIT_WRITE_KEY: WRITE_KEY,
  TELEMETRY_INIT_SECRET_KEY: SECRET_KEY,
  TELEMETRY_INIT_TOKEN: TOKEN,
};
/** A debug binary on a busy machine. */
const START_MS_MAX = 30_000;

export class Server {
  /** Starts a server that is set up, or an empty one with `setUp: false`; `settings` are environment variables. */
  static async start({ setUp = true, settings = {} } = {}) {
    const server = new Server();
    server.dir = mkdtempSync(join(tmpdir(), 'telemetry-e2e-'));
    server.settings = { ...(setUp ? SET_UP : {}), ...settings };
    await server.launch();
    return server;
  }

  /** Starts the process on the folder as it is. */
  async launch() {
    this.log = '';
    this.process = spawn(binary, ['serve', '--data', this.dir, '--listen', this.listen ?? '127.0.0.1:0'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.process, 'exit');
    // A suite that is broken off must not leave its server behind.
    const child = this.process;
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    const address = new Promise((resolve, reject) => {
      const read = (chunk) => {
        this.log = (this.log + chunk).slice(-200_000);
        const match = /listening on (http:\/\/[\d.]+:(\d+))/.exec(this.log);
        if (match) resolve(match);
      };
      this.process.stdout.on('data', read);
      this.process.stderr.on('data', read);
      this.process.once('error', reject);
      this.process.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
      setTimeout(() => reject(new Error(`the server did not start:\n${this.log}`)), START_MS_MAX).unref();
    });
    const [, origin, port] = await address;
    this.origin = origin;
    // The same port after a restart, so that clients find it again.
    this.listen = `127.0.0.1:${port}`;
  }

  /** SIGKILL: nothing is flushed, nothing is said. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM; resolves to the exit code and the ms that it took. */
  async terminate() {
    const from = Date.now();
    this.process.kill('SIGTERM');
    const [code] = await this.exited;
    return { code, ms: Date.now() - from };
  }

  /** Ends the server and removes its folder. */
  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.terminate();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A call of the API as the owner's token. Throws on an error answer unless `expect` names its status. */
  async api(method, path, body, expect) {
    const response = await fetch(`${this.origin}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', 'X-Telemetry': '1' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const right = expect === undefined ? response.ok : response.status === expect;
    if (!right) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** The project made by the unattended set-up. */
  async project() {
    this.projectId ??= (await this.api('GET', '/projects')).projects[0].id;
    return this.projectId;
  }

  async inProject(method, path, body, expect) {
    return this.api(method, `/projects/${await this.project()}${path}`, body, expect);
  }

  query(question) {
    return this.inProject('POST', '/query', question);
  }

  /** All stored events since `date_from`, newest first, page by page. */
  async events(question = {}) {
    const rows = [];
    let after;
    do {
      const answer = await this.query({ kind: 'events', date_from: '2020-01-01', limit: 100, ...question, ...(after ? { after } : {}) });
      rows.push(...answer.events);
      after = answer.next;
    } while (after);
    return rows;
  }

  /** The number that a trend of one series tells over all its days. */
  async count(series, question = {}) {
    const answer = await this.query({ kind: 'trends', series: [series], date_from: '2020-01-01', interval: 'month', ...question });
    return answer.series[0]?.total ?? answer.series[0]?.sum ?? 0;
  }

  /** The counters, checked against the invariant. */
  async outcomes() {
    const found = await this.inProject('GET', '/outcomes?days=7');
    const { received, stored, duplicate, failed, not_kept: notKept } = found;
    if (received !== stored + duplicate + failed + notKept) {
      throw new Error(`received ≠ stored + duplicate + failed + not kept: ${JSON.stringify(found)}`);
    }
    return found;
  }

  /** Sends an ingest request; `body` a text, bytes, or a value for JSON. */
  post(path, body, { headers = {}, method = 'POST' } = {}) {
    const raw = typeof body === 'string' || body instanceof Uint8Array || body === undefined;
    return fetch(this.origin + path, {
      method,
      redirect: 'manual',
      headers: { ...(raw ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: raw ? body : JSON.stringify(body),
    });
  }
}

/** Runs the binary to its end, as on a command line. */
export function command(args, { input, settings = {} } = {}) {
  const done = spawnSync(binary, args, {
    input,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}
