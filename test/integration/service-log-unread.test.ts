import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { freePort } from '../support/ports.js';
import { SERVICE_ENTRY, serviceEnvironment, SMALL_STREAM } from '../support/service.js';

const StatusSchema = z.object({
  state: z.string(),
  frames: z.object({ clock: z.number(), rendered: z.number(), unchanged: z.number() }),
});
type Status = z.infer<typeof StatusSchema>;

const folder = await mkdtemp(join(tmpdir(), 'sm-log-'));
let child: ChildProcess | null = null;
let pipe = -1;
after(async () => {
  child?.kill('SIGKILL');
  if (pipe !== -1) closeSync(pipe);
  await rm(folder, { recursive: true, force: true });
});

/** A pipe that is full and that nobody reads. */
function fullPipe(): { readonly writeFd: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeSync(pipe, page);
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'EAGAIN');
  }
  return { writeFd: openSync(path, constants.O_WRONLY) };
}

async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await sleep(100);
  }
  assert.fail('it has not come to be in a minute');
}

test('the program clock and the API go on while nobody reads the log, which ends with the service', async () => {
  const { writeFd } = fullPipe();
  const port = await freePort();
  const started = spawn(process.execPath, [SERVICE_ENTRY], {
    cwd: folder,
    env: {
      ...process.env,
      ...serviceEnvironment({
        ...SMALL_STREAM,
        PORT: String(port),
        RTMP_PORT: String(await freePort()),
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'debug',
      }),
    },
    stdio: ['ignore', writeFd, 'inherit'],
  });
  child = started;
  closeSync(writeFd);
  const origin = `http://127.0.0.1:${port}`;
  const status = async (): Promise<Status> => {
    const { body } = await request(`${origin}/api/stream/status`);
    return StatusSchema.parse(await body.json());
  };
  await until(status);
  await request(`${origin}/api/stream/start`, { method: 'POST' });
  const before = await until(async () => {
    const now = await status();
    return now.state === 'live' ? now : null;
  });
  const dropped = async (): Promise<number> => {
    const { body } = await request(`${origin}/metrics`);
    const found = /^stream_manager_log_dropped_lines_total (\d+)/m.exec(await body.text());
    return Number(found?.[1] ?? NaN);
  };
  assert.ok(Number.isInteger(await dropped()));
  await until(async () => {
    const { clock } = (await status()).frames;
    return clock >= before.frames.clock + 90 ? clock : null;
  });
  const { frames, state } = await status();
  assert.equal(state, 'live');
  assert.ok(frames.rendered + frames.unchanged > 0);
  // It ends all the same, although its last lines are never read.
  const ended = new Promise<void>((resolve) =>
    started.once('exit', () => {
      resolve();
    }),
  );
  started.kill('SIGTERM');
  await ended;
});
