/** Stands between pages and the server, counts, keeps what passes, and fails as told. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/**
 * `mode` is one of: `pass`; `{ status, retryAfter }` answers so; `never` takes the request and stays silent; `cut` closes
 * the connection; `lost` passes the request on and closes before the answer.
 */
export async function startFaults(target, delayMs = 0) {
  const faults = { mode: 'pass', requests: [], batches: [], most: 0, paths: [] };
  let running = 0;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    faults.paths.push(new URL(request.url, 'http://x').pathname);
    const counted = request.method === 'POST';
    if (counted) {
      faults.requests.push({ at: Date.now(), bytes: body.length });
      running += 1;
      faults.most = Math.max(faults.most, running);
    }
    try {
      await answer(request, response, body, counted ? faults.mode : 'pass');
    } finally {
      if (counted) running -= 1;
    }
  });

  async function answer(request, response, body, mode) {
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After' };
    if (mode === 'never') return;
    if (mode === 'cut') return void request.socket.destroy();
    if (mode.status) return void response.writeHead(mode.status, { ...cors, ...(mode.retryAfter && { 'Retry-After': mode.retryAfter }) }).end();
    if (delayMs && request.method === 'POST') await new Promise((done) => setTimeout(done, delayMs));
    const headers = { ...request.headers };
    delete headers.host;
    delete headers.connection;
    const passed = await fetch(target() + request.url, { method: request.method, headers, body: body.length ? body : undefined });
    const bytes = Buffer.from(await passed.arrayBuffer());
    if (request.method === 'POST') faults.batches.push(JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString()));
    if (mode === 'lost') return void request.socket.destroy();
    const kept = Object.fromEntries([...passed.headers].filter(([name]) => !/^(content-(encoding|length)|transfer-encoding|connection|vary|access-control-.*)$/.test(name)));
    response.writeHead(passed.status, { ...kept, ...cors }).end(bytes);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  faults.origin = `http://127.0.0.1:${server.address().port}`;
  faults.events = () => faults.batches.flatMap((batch) => batch.events);
  faults.stop = () => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  return faults;
}
