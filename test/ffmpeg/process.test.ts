import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createLogger } from '../../src/core/logger.js';
import { FfmpegProcess } from '../../src/ffmpeg/process.js';

const logger = createLogger('silent', 'test');

/** A program in the place of FFmpeg that writes to its standard output. */
function start(script: string, onOutput: (bytes: Buffer) => void): FfmpegProcess {
  const args = ['-c', script];
  const options = { path: 'sh', args, logger, secrets: [], privateFiles: [] };
  return new FfmpegProcess({ ...options, onOutput });
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

test('what a program writes comes whole, with its end after the last of it, however often it is made to wait', async () => {
  let text = '';
  const child = start('seq 1 100000', (bytes) => {
    text += bytes.toString('latin1');
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 1);
  });
  assert.deepEqual(await child.ended, { code: 0, signal: null });
  assert.equal(text, Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join(''));
});

test('nothing comes while it is paused, and the program waits', async () => {
  let bytesRead = 0;
  let isWanted = true;
  const child = start('exec cat /dev/zero', (bytes) => {
    bytesRead += bytes.length;
    if (isWanted) child.stdout.pause();
  });
  await sleep(200);
  const before = bytesRead;
  await sleep(200);
  assert.ok(before > 0);
  assert.equal(bytesRead, before);
  isWanted = false;
  child.kill();
  child.stdout.resume();
  assert.equal((await child.ended).signal, 'SIGKILL');
});

test('no descriptor stays, of programs that end, are killed or cannot be started', async () => {
  const run = async (): Promise<void> => {
    const ended = start('echo x', () => undefined);
    const killed = start('exec sleep 60', () => undefined);
    const args: string[] = [];
    const options = { path: '/no/such/program', args, logger, secrets: [], privateFiles: [] };
    const missing = new FfmpegProcess({ ...options, onOutput: () => undefined });
    await ended.ended;
    killed.kill();
    await killed.ended;
    assert.deepEqual(await missing.ended, { code: null, signal: null });
  };
  await run();
  const before = descriptors();
  for (let i = 0; i < 20; i++) await run();
  await sleep(50);
  assert.ok(descriptors() <= before, `${before} before, ${descriptors()} after`);
});

test('a thread that runs programs is warned of nothing', async () => {
  const module = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const worker = new Worker(
    `(async () => {
      const { parentPort } = require('node:worker_threads');
      const warnings = [];
      process.on('warning', ({ message }) => warnings.push(message));
      const { FfmpegProcess } = await import(${module('../../src/ffmpeg/process.js')});
      const { createLogger } = await import(${module('../../src/core/logger.js')});
      const options = { path: 'sh', args: ['-c', 'echo x'], secrets: [], privateFiles: ['secret'] };
      const logger = createLogger('silent', 'test');
      await new FfmpegProcess({ ...options, logger, onOutput: () => undefined }).ended;
      await new Promise((resolve) => setTimeout(resolve, 20));
      parentPort.postMessage(warnings);
    })()`,
    { eval: true },
  );
  const told: unknown[] = await once(worker, 'message');
  assert.deepEqual(told, [[]]);
  await worker.terminate();
});
