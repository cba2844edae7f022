import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isListening } from './ports.js';

const START_TIMEOUT_MS = 10_000;

/** nginx as a proxy for HTTP, in a folder and on a port of its own. */
export type NginxHttp = { readonly port: number; close(): Promise<void> };

/** Starts nginx with one server; resolves when it accepts connections. @param location - of the server, as configured */
export async function startNginxHttp(location: string): Promise<NginxHttp> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-http-'));
  const port = await freePort();
  const errorLog = join(folder, 'error.log');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${errorLog} info;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    ${location}
  }
}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', errorLog], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const endMs = performance.now() + START_TIMEOUT_MS; performance.now() < endMs;) {
    if (await isListening(port)) return { port, close };
    await sleep(20);
  }
  await close();
  throw new Error('nginx did not start: is it installed?');
}
