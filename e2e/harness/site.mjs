/** A web site of another origin than the server: pages that load a client as an app would. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { folder } from './paths.mjs';

/** What is neither of these is a page. */
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.txt': 'text/plain', '.json': 'application/json' };

/** Serves `files` (address → bytes or text) and every other address as `page`, as a single-page app does. */
export async function startSite(page, files = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://site').pathname;
    const file = files[path];
    response.setHeader('Content-Type', `${TYPES[extname(path)] ?? 'text/html'}; charset=utf-8`);
    if (path === '/favicon.ico') response.writeHead(204).end();
    else response.end(file ?? page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

/** A page of pages/ with its `{{name}}`s filled in. */
export function pageOf(name, values) {
  const text = readFileSync(folder(`pages/${name}.html`), 'utf8');
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
    if (!(key in values)) throw new Error(`pages/${name}.html wants ${key}`);
    return values[key];
  });
}
