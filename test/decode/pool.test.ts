import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { DecoderPool } from '../../src/decode/pool.js';
import { DecoderProcess } from '../../src/decode/decoder-process.js';
import type { DecodeInput } from '../../src/decode/protocol.js';

let folder: string;
/** A film that takes seconds. */
let slow: Pick<DecodeInput<'writeFilm'>, 'path' | 'mediaType' | 'size' | 'motion'>;
let picture: { readonly path: string; readonly mediaType: 'image/png' };
let names = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-decode-'));
  const path = join(folder, 'slow.gif');
  const [width, height, frames] = [1000, 600, 30];
  const rgba = Buffer.alloc(width * height * frames * 3);
  for (let i = 0; i < rgba.length; i++) rgba[i] = (i >> 9) * 37;
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
  await sharp(rgba, { raw }).gif({ effort: 1, colours: 16 }).toFile(path);
  const motion = { durationsMs: Array.from({ length: frames }, () => 100), plays: 0 };
  slow = { path, mediaType: 'image/gif', size: { width, height }, motion };
  picture = { path: join(folder, 'picture.png'), mediaType: 'image/png' };
  const background = { width: 30, height: 20, channels: 3, background: '#123456' } as const;
  await writeFile(picture.path, await sharp({ create: background }).png().toBuffer());
});
after(() => rm(folder, { recursive: true, force: true }));

function slowJob(): DecodeInput<'writeFilm'> {
  return { ...slow, intoPath: join(folder, `reel-${++names}`) };
}

function failsWith(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a slow file holds up nobody', async () => {
  const pool = new DecoderPool({ processes: 2 });
  // A pipe that nobody writes to: films of it are never done.
  const path = join(folder, 'endless.gif');
  execFileSync('mkfifo', [path]);
  try {
    const films = Promise.allSettled(
      [slowJob(), slowJob(), slowJob()].map((job) => pool.run('writeFilm', { ...job, path }, null)),
    );
    for (let i = 0; i < 5; i++) {
      const { width, height } = await pool.run('probePicture', picture, null);
      assert.deepEqual([width, height], [30, 20]);
    }
    await pool.close();
    for (const { status } of await films) assert.equal(status, 'rejected');
  } finally {
    await pool.close();
  }
});

test('a file that takes too long is ended, and says what to do', async () => {
  const worker = new DecoderProcess(500_000);
  const job = { name: 'writeFilm', input: slowJob() } as const;
  await assert.rejects(
    worker.run(job, 200),
    failsWith('SM_ASSET_TOO_COMPLEX', /longer than 0\.2 s\. Make it smaller or simpler/),
  );
  assert.ok(!worker.isUsable);
});

test('a process that dies fails its job alone, and another takes its place', async () => {
  const pool = new DecoderPool({ processes: 2 });
  try {
    await pool.run('probePicture', picture, null);
    const job = slowJob();
    const film = pool.run('writeFilm', job, null);
    const [, second = 0] = pool.pids;
    const ended = assert.rejects(film, failsWith('SM_ASSET_TOO_COMPLEX', /more memory/));
    while (!existsSync(job.intoPath)) await setTimeout(5);
    process.kill(second, 'SIGKILL');
    await ended;
    assert.equal((await pool.run('probePicture', picture, null)).width, 30);
    assert.ok(!pool.pids.includes(second));
  } finally {
    await pool.close();
  }
});

test('a process that dies while it has nothing to do is not missed', async () => {
  const pool = new DecoderPool({ processes: 2 });
  try {
    for (let i = 0; i < 3; i++) {
      await pool.run('probePicture', picture, null);
      for (const pid of pool.pids) process.kill(pid, 'SIGKILL');
    }
  } finally {
    await pool.close();
  }
});

test('while memory is short one process runs at a time, and none is kept that has nothing to do', async () => {
  const pool = new DecoderPool({ processes: 2 });
  try {
    await pool.run('probePicture', picture, null);
    const ended: string[] = [];
    const film = pool.run('writeFilm', slowJob(), null).then(() => ended.push('film'));
    assert.equal(pool.pids.length, 2, 'one is at the film, one waits for another small file');
    pool.setMemoryShort(true);
    assert.equal(pool.pids.length, 1, 'the one that waits is ended, the other goes on');
    const small = pool.run('probePicture', picture, null).then(() => ended.push('picture'));
    assert.equal(pool.pids.length, 1, 'the small file waits for the film');
    await Promise.all([film, small]);
    assert.deepEqual(ended, ['film', 'picture']);
    assert.equal(pool.pids.length, 1);
    pool.setMemoryShort(true);
    assert.deepEqual(pool.pids, [], 'nothing waits for a next job');

    pool.setMemoryShort(false);
    await pool.run('probePicture', picture, null);
    const other = pool.run('writeFilm', slowJob(), null);
    assert.equal(pool.pids.length, 2);
    await other;
  } finally {
    await pool.close();
  }
});

test('the errors of a job come back with their code', async () => {
  const pool = new DecoderPool({ processes: 2 });
  try {
    const path = join(folder, 'broken.png');
    await writeFile(path, 'no picture');
    const job = pool.run('probePicture', { path, mediaType: 'image/png' }, null);
    await assert.rejects(job, failsWith('SM_ASSET_BROKEN', /Save it again/));
    const gone = { path: join(folder, 'nowhere'), mediaType: 'font/ttf', plainPath: '' } as const;
    await assert.rejects(pool.run('checkFont', gone, null), failsWith('SM_ASSET_BROKEN', /ENOENT/));
  } finally {
    await pool.close();
  }
});

test('a job that is cancelled while it waits is not begun', async () => {
  const pool = new DecoderPool({ processes: 2 });
  try {
    const films = [slowJob(), slowJob()].map((job) => pool.run('writeFilm', job, null));
    const ended = Promise.allSettled(films);
    const cancel = new AbortController();
    const waiting = pool.run('writeFilm', slowJob(), cancel.signal);
    cancel.abort(new Error('nobody wants it any more'));
    await assert.rejects(waiting, /nobody wants it/);
    await pool.close();
    await ended;
  } finally {
    await pool.close();
  }
});

test('many small files are decoded by one process, one after the other', async () => {
  const pool = new DecoderPool({ processes: 3 });
  try {
    await pool.run('probePicture', picture, null);
    await Promise.all(Array.from({ length: 10 }, () => pool.run('probePicture', picture, null)));
    assert.ok(pool.pids.length < 3);
  } finally {
    await pool.close();
  }
});

test('closing ends all processes and refuses what comes then', async () => {
  const pool = new DecoderPool({ processes: 3 });
  const jobs = Promise.allSettled(
    Array.from({ length: 4 }, () => pool.run('probePicture', picture, null)),
  );
  const { pids } = pool;
  assert.ok(pids.length > 0);
  await pool.close();
  await pool.close();
  assert.deepEqual(pids.filter(isAlive), []);
  for (const { status } of await jobs) assert.equal(status, 'rejected');
  const late = pool.run('probePicture', picture, null);
  await assert.rejects(late, failsWith('SM_SHUTTING_DOWN', /shutting down/));
});
