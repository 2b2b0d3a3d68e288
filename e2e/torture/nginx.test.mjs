/** Malformed HTTP through nginx: the two never disagree about where a request ends. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { impression, sunbirdBatch } from '../harness/events.mjs';
import { Nginx } from '../harness/nginx.mjs';
import { Server, WRITE_KEY } from '../harness/server.mjs';

let server;
let nginx;
beforeAll(async () => {
  server = await Server.start();
  nginx = await Nginx.before(server.origin);
});
afterAll(async () => {
  await nginx?.stop();
  await server?.stop();
});

/** Sends bytes as they are and reads until the other side closes, or says nothing for a second. */
function exchange(bytes) {
  return new Promise((resolve) => {
    const socket = connect(nginx.port, '127.0.0.1');
    let heard = '';
    const end = () => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(1_000, end);
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', end);
    socket.on('end', end);
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}

function hidden() {
  const body = JSON.stringify(sunbirdBatch([impression('smuggled')]));
  return `POST /v1/telemetry?key=${WRITE_KEY} HTTP/1.1\r\nHost: h\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const post = `POST /v1/telemetry?key=${WRITE_KEY} HTTP/1.1\r\nHost: h\r\n`;
const inner = hidden();
const chunked = 'Transfer-Encoding: chunked\r\n';
const cases = {
  'CL then TE': `${post}Content-Length: ${inner.length + 5}\r\n${chunked}\r\n0\r\n\r\n${inner}`,
  'TE then CL': `${post}${chunked}Content-Length: 4\r\n\r\n0\r\n\r\n${inner}`,
  'two CL': `${post}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
  'CL list': `${post}Content-Length: 0, ${inner.length}\r\n\r\n${inner}`,
  'CL with sign': `${post}Content-Length: +0\r\n\r\n${inner}`,
  'space before the colon': `${post}Transfer-Encoding : chunked\r\nContent-Length: ${inner.length + 5}\r\n\r\n0\r\n\r\n${inner}`,
  'TE misspelt': `${post}Transfer-Encoding: xchunked\r\nContent-Length: ${inner.length + 5}\r\n\r\n0\r\n\r\n${inner}`,
  'TE twice': `${post}${chunked}Transfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
  'TE with a tab': `${post}Transfer-Encoding:\tchunked\r\nContent-Length: ${inner.length + 5}\r\n\r\n0\r\n\r\n${inner}`,
  'TE with a vertical tab': `${post}Transfer-Encoding: \x0bchunked\r\nContent-Length: ${inner.length + 5}\r\n\r\n0\r\n\r\n${inner}`,
  'folded TE': `${post}Transfer-Encoding:\r\n chunked\r\nContent-Length: ${inner.length + 5}\r\n\r\n0\r\n\r\n${inner}`,
  'chunk size with 0x': `${post}${chunked}\r\n0x0\r\n\r\n${inner}`,
  'chunk size beyond 64 bits': `${post}${chunked}\r\n10000000000000000\r\n${inner}`,
  'chunk extension': `${post}${chunked}\r\n0;${'x'.repeat(100)}\r\n\r\n`,
  'chunk ended by a bare LF': `${post}${chunked}\r\n1\na\n0\n\n`,
  'line ended by a bare LF': `${post.replaceAll('\r\n', '\n')}Content-Length: 0\n\n`,
  'null byte in a header': `${post}X: a\0b\r\nContent-Length: 0\r\n\r\n${inner}`,
  'HTTP/0.9': `GET /health\r\n\r\n${inner}`,
  'HTTP/2 preface': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`,
  '10 000 headers': `${post}${'X-Many: 1\r\n'.repeat(10_000)}\r\n`,
  'a header of 1 MB': `${post}X: ${'x'.repeat(1 << 20)}\r\n\r\n`,
};

it('no hidden request is carried out, and those of others get their own answers', async () => {
  let sent = 0;
  for (const [what, bytes] of Object.entries(cases)) {
    const others = Array.from({ length: 4 }, async () => {
      const page = `own-${sent++}`;
      const response = await fetch(`${nginx.origin}/v1/telemetry?key=${WRITE_KEY}`, {
        method: 'POST',
        body: JSON.stringify(sunbirdBatch([impression(page)])),
      });
      expect(response.status, what).toBe(200);
      expect(response.headers.get('x-telemetry-outcome'), what).toBe('stored=1, duplicate=0, failed=0, not_kept=0');
    });
    const [heard] = await Promise.all([exchange(bytes), ...others]);
    const statuses = [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
    for (const status of statuses) expect([200, 400, 401, 405, 408, 411, 413, 414, 431, 494, 501, 505], `${what}: ${heard}`).toContain(status);
    expect(statuses.length, `${what}: ${heard}`).toBeLessThanOrEqual(1);
  }
  const pages = (await server.events()).map((row) => row.properties['edata.pageid']);
  expect(pages.filter((page) => page === 'smuggled')).toEqual([]);
  expect(pages.filter((page) => page.startsWith('own-')).length).toBe(sent);
  expect((await server.outcomes()).stored).toBe(sent);
});
