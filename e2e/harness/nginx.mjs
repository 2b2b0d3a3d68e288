/** nginx before a server, with connections to it that are kept: the place where two readings of a request would meet. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './poll.mjs';

async function freePort() {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  holder.close();
  await once(holder, 'close');
  return port;
}

export class Nginx {
  /** Starts one before `origin`; throws, with what to install, when there is none on this machine. */
  static async before(origin) {
    const nginx = new Nginx();
    nginx.dir = mkdtempSync(join(tmpdir(), 'telemetry-nginx-'));
    nginx.port = await freePort();
    nginx.origin = `http://127.0.0.1:${nginx.port}`;
    const file = join(nginx.dir, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${nginx.dir}/${name};`);
    writeFileSync(
      file,
      `daemon off; pid ${nginx.dir}/pid; error_log ${nginx.dir}/error.log; worker_processes 1; user root;
events { worker_connections 512; }
http {
  access_log off; ${temporary.join(' ')}
  upstream telemetry { server ${new URL(origin).host}; keepalive 4; }
  server {
    listen 127.0.0.1:${nginx.port};
    client_max_body_size 20m;
    location / {
      proxy_pass http://telemetry;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_request_buffering off;
      proxy_buffering off;
    }
  }
}
`,
    );
    nginx.process = spawn('nginx', ['-c', file, '-p', nginx.dir], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    nginx.process.stderr.on('data', (chunk) => (said += chunk));
    const failed = new Promise((_, reject) => {
      nginx.process.once('error', () => reject(new Error('nginx is missing (Debian: apt-get install nginx-light)')));
      nginx.process.once('exit', (code) => reject(new Error(`nginx ended with ${code}: ${said}`)));
    });
    failed.catch(() => {});
    await Promise.race([failed, until('nginx answers', async () => (await fetch(`${nginx.origin}/health`)).ok)]);
    return nginx;
  }

  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
