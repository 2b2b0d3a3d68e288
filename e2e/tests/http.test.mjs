/** The outside of the server as clients find it: routes, encodings, limits, refusals, the end of the process. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impression, posthog, posthogBatch, sunbirdBatch } from '../harness/events.mjs';
import { lz64 } from '../harness/lz64.mjs';
import { until } from '../harness/poll.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';

let server;
beforeAll(async () => {
  server = await Server.start();
  await server.inProject('PATCH', '', { channels: ['hp-education'] });
});
afterAll(() => server?.stop());

const bearer = { Authorization: `Bearer ${WRITE_KEY}` };
const stored = async (uuid) => (await server.events()).some((row) => row.uuid === uuid);
const seen = async (pageid, on = server) => (await on.events()).some((row) => row.properties['edata.pageid'] === pageid);

describe('routes', () => {
  const sunbird = ['/v1/telemetry', '/data/v3/telemetry', '/data/v1/telemetry', '/api/data/v3/telemetry', '/content/data/v1/telemetry'];
  it.each(sunbird.flatMap((path) => [path, `${path}/`]))('Sunbird at %s', async (path) => {
    const response = await server.post(path, sunbirdBatch([impression('home')]), { headers: bearer });
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(body).toMatchObject({ id: 'api.telemetry', ver: '1.0', params: {}, responseCode: 'SUCCESS' });
    expect(body.ets).toBeTypeOf('number');
  });

  const capture = ['/e', '/i/v0/e', '/capture', '/track', '/batch', '/s', '/engage'];
  it.each(capture.flatMap((path) => [path, `${path}/`]))('PostHog at %s', async (path) => {
    const one = path.startsWith('/s')
      ? [{ event: '$snapshot', properties: { token: WRITE_KEY, distinct_id: 'p', $session_id: 's-1', $snapshot_data: [] } }]
      : posthogBatch(WRITE_KEY, [posthog('opened', 'p')]);
    const response = await server.post(path, one);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 1 });
  });

  it.each(['', '/'])('PostHog’s remote config, flags and lists, with ending “%s”', async (end) => {
    const config = await (await fetch(`${server.origin}/array/${WRITE_KEY}/config${end}`)).json();
    expect(config.autocapture_opt_out).toBe(false);
    expect(config.supportedCompression).toContain('gzip-js');
    expect(config.analytics.endpoint).toBe('/i/v0/e/');
    expect((await fetch(`${server.origin}/array/tmw_unknown/config${end}`)).status).toBe(404);
    const flags = await server.post(`/flags${end}?v=2`, { token: WRITE_KEY, distinct_id: 'p' });
    expect(await flags.json()).toMatchObject({ flags: {}, errorsWhileComputingFlags: false });
    const decide = await server.post(`/decide${end}?v=3`, { token: WRITE_KEY, distinct_id: 'p' });
    expect(await decide.json()).toMatchObject({ featureFlags: {} });
    const surveys = await fetch(`${server.origin}/api/surveys${end}?token=${WRITE_KEY}`);
    expect(await surveys.json()).toMatchObject({ surveys: [] });
  });

  it('the script form of the remote config names this project only', async () => {
    const response = await fetch(`${server.origin}/array/${WRITE_KEY}/config.js`);
    expect(response.headers.get('content-type')).toContain('javascript');
    const page = { _POSTHOG_REMOTE_CONFIG: { other: 1 } };
    new Function('window', await response.text())(page);
    expect(page._POSTHOG_REMOTE_CONFIG.other).toBe(1);
    expect(page._POSTHOG_REMOTE_CONFIG[WRITE_KEY].config.autocapture_opt_out).toBe(false);
  });

  it('PostHog’s v1 tells the fate of each event', async () => {
    const [good, bad] = [posthog('opened', 'p'), posthog('opened', '')];
    const headers = {
      ...bearer,
      'User-Agent': 'e2e',
      'PostHog-Sdk-Info': 'e2e/1.0',
      'PostHog-Attempt': '1',
      'PostHog-Request-Id': '0192f0c1-2345-7000-8000-000000000001',
      'PostHog-Request-Timestamp': new Date().toISOString(),
    };
    const response = await server.post('/i/v1/analytics/events', { created_at: new Date().toISOString(), batch: [good, bad] }, { headers });
    expect(response.status).toBe(200);
    const { results } = await response.json();
    expect(results[good.uuid].result).toBe('ok');
    expect(results[bad.uuid].result).toBe('drop');
    expect(response.headers.get('posthog-request-id')).toBe(headers['PostHog-Request-Id']);
    const nameless = await server.post('/i/v1/analytics/events', { batch: [] }, { headers: bearer });
    expect(nameless.status).toBe(400);
    expect((await nameless.json()).error).toBe('missing_required_headers');
  });

  it('recordings are answered and counted as not kept', async () => {
    const before = (await server.outcomes()).not_kept;
    const snapshot = { event: '$snapshot', properties: { token: WRITE_KEY, distinct_id: 'p', $session_id: 's-1', $snapshot_data: [] } };
    expect((await server.post('/s/', [snapshot])).status).toBe(200);
    expect((await server.outcomes()).not_kept).toBe(before + 1);
  });

  it('/health, /ready, /metrics, /telemetry.js and the OpenAPI document answer', async () => {
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
    expect((await fetch(`${server.origin}/ready`)).status).toBe(200);
    expect(await (await fetch(`${server.origin}/metrics`)).text()).toMatch(/^# (HELP|TYPE) /m);
    const script = await fetch(`${server.origin}/telemetry.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(script.headers.get('access-control-allow-origin')).toBe('*');
    expect(await script.text()).toContain('sendBeacon');
    expect((await (await fetch(`${server.origin}/api/openapi.json`)).json()).openapi).toMatch(/^3\./);
  });
});

describe('encodings', () => {
  const bytes = (event) => Buffer.from(JSON.stringify(sunbirdBatch([event])));
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('Sunbird under Content-Encoding %s', async (encoding, pack) => {
    const response = await server.post('/v1/telemetry', pack(bytes(impression(`packed-${encoding}`))), { headers: { ...bearer, 'Content-Encoding': encoding } });
    expect(response.status).toBe(200);
    expect(await seen(`packed-${encoding}`)).toBe(true);
  });

  it('Sunbird as plain text with the key in the address, as sendBeacon sends it', async () => {
    const body = bytes(impression('beacon'));
    const response = await server.post(`/v1/telemetry?key=${WRITE_KEY}`, body, { headers: { 'Content-Type': 'text/plain;charset=UTF-8' } });
    expect(response.status).toBe(200);
    expect(await seen('beacon')).toBe(true);
  });

  const text = (event) => JSON.stringify(posthogBatch(WRITE_KEY, [event]));
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  it.each([
    ['gzip known by its first bytes alone', (event) => [gzipSync(text(event)), { 'Content-Type': 'text/plain' }, '']],
    ['gzip named in the address', (event) => [gzipSync(text(event)), {}, '?compression=gzip-js&ver=1.2&_=1700000000000']],
    ['a base64 form', (event) => [`data=${encodeURIComponent(Buffer.from(text(event)).toString('base64'))}`, form, '?compression=base64']],
    ['a base64 form whose plus signs became spaces', (event) => [`data=${Buffer.from(text(event)).toString('base64')}`, form, '']],
    ['lz64', (event) => [lz64(text(event)), { 'Content-Type': 'text/plain' }, '?compression=lz64']],
    ['an lz64 form', (event) => [`data=${encodeURIComponent(lz64(text(event)))}&compression=lz64`, form, '']],
  ])('PostHog: %s', async (_, encode) => {
    const event = posthog('packed', 'p', { text: 'हाज़िरी ???>>>' });
    const [body, headers, query] = encode(event);
    const response = await server.post(`/e/${query}`, body, { headers });
    expect(response.status).toBe(200);
    const row = (await server.events()).find((each) => each.uuid === event.uuid);
    expect(row.properties.text).toBe('हाज़िरी ???>>>');
  });

  it('PostHog’s pixel: a GET with the event in the address', async () => {
    const event = { ...posthog('pixel', 'p'), token: WRITE_KEY };
    const data = encodeURIComponent(Buffer.from(JSON.stringify(event)).toString('base64'));
    expect((await fetch(`${server.origin}/e/?data=${data}`)).status).toBe(200);
    expect(await stored(event.uuid)).toBe(true);
  });

  it('an old beacon is answered 204', async () => {
    expect((await server.post('/e/?beacon=1', posthogBatch(WRITE_KEY, [posthog('b', 'p')]))).status).toBe(204);
  });
});

describe('CORS', () => {
  it('a preflight with the headers of both SDKs is allowed', async () => {
    const names = 'authorization,content-type,x-app-id,x-channel-id,x-device-id,datatype,x-posthog-anything';
    for (const path of ['/data/v3/telemetry', '/e/', '/batch', '/flags/']) {
      const response = await fetch(server.origin + path, {
        method: 'OPTIONS',
        headers: { Origin: 'https://school.in', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': names },
      });
      expect(response.ok).toBe(true);
      expect(['*', 'https://school.in']).toContain(response.headers.get('access-control-allow-origin'));
      const allowed = response.headers.get('access-control-allow-headers').toLowerCase();
      for (const name of names.split(',')) expect(allowed).toContain(name);
    }
  });

  it('answers to other origins carry CORS, and let Retry-After be read', async () => {
    const response = await server.post('/v1/telemetry', sunbirdBatch([impression('x')]), { headers: { ...bearer, Origin: 'https://school.in' } });
    expect(['*', 'https://school.in']).toContain(response.headers.get('access-control-allow-origin'));
    expect(response.headers.get('access-control-expose-headers').toLowerCase()).toContain('retry-after');
  });

  it('the API is for its own origin only', async () => {
    const response = await fetch(`${server.origin}/api/projects`, { headers: { Origin: 'https://evil.in' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

/** The status for a body of which only the length is told, by a client that asks before it sends. */
function announced(path, bytes) {
  const headers = { ...bearer, 'Content-Type': 'application/json', 'Content-Length': bytes, Expect: '100-continue' };
  return new Promise((resolve, reject) => {
    const asking = request(server.origin + path, { method: 'POST', headers });
    asking.on('response', (response) => {
      resolve(response.statusCode);
      asking.destroy();
    });
    asking.on('continue', () => reject(new Error('the server wants the body')));
    asking.on('error', reject);
    asking.flushHeaders();
  });
}

describe('refusals', () => {
  it.each([
    ['Sunbird', '/v1/telemetry', () => sunbirdBatch([impression('x', { context: { channel: 'nobody', pdata: { id: 'a' }, env: '' } })])],
    ['PostHog', '/batch/', () => posthogBatch('tmw_nobody', [posthog('x', 'p')])],
  ])('%s with an unknown key: 401', async (_, path, body) => {
    const response = await server.post(path, body());
    expect(response.status).toBe(401);
    expect(await response.json()).toBeTypeOf('object');
  });

  it('a project known by its channel only needs no key', async () => {
    expect((await server.post('/v1/telemetry', sunbirdBatch([impression('by-channel')]))).status).toBe(200);
    expect(await seen('by-channel')).toBe(true);
  });

  it('more than 20 MiB: 413, raw and inflated', async () => {
    expect(await announced('/v1/telemetry', 21 * 1024 * 1024)).toBe(413);
    expect(await announced('/batch/', 21 * 1024 * 1024)).toBe(413);
    const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024, 0x20));
    expect((await server.post('/v1/telemetry', bomb, { headers: { ...bearer, 'Content-Encoding': 'gzip' } })).status).toBe(413);
    expect((await server.post('/e/', bomb)).status).toBe(413);
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
  });

  it('deep JSON is a failed event, never a crash', async () => {
    const deep = (levels) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    for (const levels of [40, 200, 100_000]) {
      const good = impression(`beside-${levels}`);
      const body = JSON.stringify(sunbirdBatch([good])).replace('"events":[', `"events":[{"eid":"EXDATA","edata":${deep(levels)}},`);
      const response = await server.post('/v1/telemetry', body, { headers: bearer });
      expect([200, 400]).toContain(response.status);
      if (response.status === 200) expect(await seen(`beside-${levels}`)).toBe(true);
    }
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
    await server.outcomes();
  });

  it.each(['', '{', 'null', '[]', '{"events":{}}', '\u0000', '{"batch":[]}'])('the body %j is answered', async (body) => {
    expect((await server.post('/v1/telemetry', body, { headers: bearer })).status).toBeLessThan(500);
    const response = await server.post('/batch/', body);
    expect([400, 401]).toContain(response.status);
  });

  it('a wrong question names the field and what it may be', async () => {
    const project = await server.project();
    const ask = (question) => server.api('POST', `/projects/${project}/query`, question, 400);
    const wrong = await ask({ kind: 'trends', series: [{ event: 'a', math: 'mode' }] });
    expect(wrong.error).toMatchObject({ code: 'invalid_question', path: 'series[0].math' });
    expect(wrong.error.allowed).toContain('dau');
    expect((await ask({ kind: 'trends', series: [] })).error.path).toBe('series');
    expect((await ask({ kind: 'nothing' })).error.path).toBe('kind');
    await server.api('POST', '/projects/999/query', { kind: 'events' }, 404);
  });
});

describe('rate limit', () => {
  it('answers 429 with Retry-After, and takes the batch afterwards', async () => {
    const limited = await Server.start({ settings: { TELEMETRY_INGEST_REQUESTS_PER_SECOND: '5' } });
    try {
      const send = () => limited.post(`/v1/telemetry?key=${WRITE_KEY}`, sunbirdBatch([impression('x')]));
      const answers = await Promise.all(Array.from({ length: 40 }, send));
      const refused = answers.filter((answer) => answer.status === 429);
      const taken = answers.filter((answer) => answer.status === 200).length;
      expect(refused.length).toBeGreaterThan(0);
      expect(taken).toBeGreaterThan(0);
      expect(taken + refused.length).toBe(40);
      const seconds = Number(refused[0].headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(await limited.count({ event: 'IMPRESSION', math: 'total' })).toBe(taken);
    } finally {
      await limited.stop();
    }
  });

  it('of logins: 429 after some wrong passwords', async () => {
    const statuses = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const response = await server.post('/api/login', { email: 'nobody@school.in', password: 'wrong wrong wrong' }, { headers: { 'X-Telemetry': '1' } });
      statuses.push(response.status);
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('the end of the process', () => {
  /** Sends a request up to the middle of its body; `finish` sends the rest and resolves to the status line. */
  async function halfSent(origin, body) {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk));
    const head = [
      `POST /v1/telemetry?key=${WRITE_KEY} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Expect: 100-continue',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    // The server asks for the body: from here on the request is in its hands.
    await until('100 Continue', () => heard.includes('100 Continue'));
    socket.write(body.slice(0, 100));
    return async () => {
      socket.write(body.slice(100));
      await until('an answer', () => /HTTP\/1\.1 (?!100)\d/.test(heard) && socket.readableEnded);
      return /HTTP\/1\.1 (?!100)(\d+)/.exec(heard)[1];
    };
  }

  it('SIGTERM under load: what is in flight is answered, what was answered is there, within 10 s', async () => {
    const loaded = await Server.start();
    try {
      const answered = new Set();
      const client = async (number) => {
        for (;;) {
          const events = Array.from({ length: 20 }, () => posthog('load', `p-${number}`));
          const response = await loaded.post('/batch/', posthogBatch(WRITE_KEY, events)).catch(() => undefined);
          if (!response) return;
          expect([200, 503]).toContain(response.status);
          if (response.status === 200) for (const event of events) answered.add(event.uuid);
        }
      };
      const clients = Array.from({ length: 8 }, (_, number) => client(number));
      await until('load', () => answered.size >= 400);
      const slow = Array.from({ length: 3 }, (_, number) => impression(`slow-${number}`));
      const halves = await Promise.all(slow.map((event) => halfSent(loaded.origin, JSON.stringify(sunbirdBatch([event])))));
      const ended = loaded.terminate();
      await until('new connections are refused', () =>
        fetch(`${loaded.origin}/health`, { headers: { Connection: 'close' } }).then(() => false, () => true),
      );
      expect(await Promise.all(halves.map((finish) => finish()))).toEqual(['200', '200', '200']);
      const { code, ms } = await ended;
      await Promise.all(clients);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      await loaded.launch();
      const rows = new Set((await loaded.events()).map((row) => row.uuid));
      for (const uuid of answered) expect(rows.has(uuid)).toBe(true);
      for (const number of slow.keys()) expect(await seen(`slow-${number}`, loaded)).toBe(true);
      await loaded.outcomes();
    } finally {
      await loaded.stop();
    }
  });
});
