import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isListening } from './ports.js';

const START_TIMEOUT_MS = 30_000;
const MODULE_PATH = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** An independent RTMP server: nginx with its RTMP module, in a folder and on a port of its own. */
export interface NginxRtmp {
  readonly port: number;
  /** `rtmp://127.0.0.1:port/live/<key>`: anybody may publish and play. */
  url(key: string): string;
  /** How many TCP connections publishers have made since the start. */
  publishCount(): Promise<number>;
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

function configuration(folder: string, port: number): string {
  return `
load_module ${MODULE_PATH};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 64; }
rtmp {
  access_log ${folder}/access.log;
  server {
    listen 127.0.0.1:${port};
    chunk_size 4096;
    application live { live on; wait_key on; idle_streams off; }
    application closed { live on; deny publish all; }
  }
}
`;
}

/** Starts nginx and resolves when it accepts connections. */
export async function startNginxRtmp(): Promise<NginxRtmp> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-rtmp-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, port));
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const errorLog = join(folder, 'error.log');
    child = spawn('nginx', ['-p', folder, '-c', file, '-e', errorLog], { stdio: 'ignore' });
    for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end;) {
      if (await isListening(port)) return;
      await sleep(20);
    }
    throw new Error('nginx did not start: is libnginx-mod-rtmp installed?');
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };

  await start();
  return {
    port,
    url: (key) => `rtmp://127.0.0.1:${port}/live/${key}`,
    publishCount: async () => {
      const log = await readFile(join(folder, 'error.log'), 'utf8');
      return log.match(/ publish: name=/g)?.length ?? 0;
    },
    kill,
    restart: start,
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
