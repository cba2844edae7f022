import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { startProcess } from '../support/process.js';
import { isAlive } from '../support/service.js';

const OWNER = fileURLToPath(new URL('../support/decoder-owner.js', import.meta.url));
const BUSY_OWNER = fileURLToPath(new URL('../support/busy-decoder-owner.js', import.meta.url));
/** Longer than a decoder is at work on a busy machine. */
const PATIENCE_MS = 20_000;

let folder: string;
let path: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-orphans-'));
  path = join(folder, 'picture.png');
  // Large enough for a second process to be started while one is at it.
  const create = { width: 5000, height: 5000, channels: 3, background: '#147' } as const;
  await sharp({ create }).png().toFile(path);
});
after(() => rm(folder, { recursive: true, force: true }));

test('when their owner is killed no decoder process stays behind, and none of its files', async () => {
  const owner = await startProcess(process.execPath, [OWNER, path]);
  try {
    const [line] = await owner.waitForOutput(/^\S+ \d+ \d+$/m, 30_000);
    const [file = '', ...pids] = line.split(' ');
    const decoders = pids.map(Number);
    assert.ok(decoders.every(isAlive));
    owner.kill('SIGKILL');
    await owner.ended;
    const endMs = performance.now() + PATIENCE_MS;
    const isThere = (): boolean => decoders.some(isAlive) || existsSync(dirname(file));
    while (isThere() && performance.now() < endMs) await setTimeout(20);
    assert.deepEqual(decoders.filter(isAlive), []);
    assert.ok(!existsSync(dirname(file)), `${dirname(file)} is still there`);
  } finally {
    await owner.stop();
  }
});

test('a decoder that is at work when its owner is killed removes its files when it is done', async () => {
  const pixels = await mkdtemp(join(tmpdir(), 'sm-orphan-'));
  await writeFile(join(pixels, 'pixels'), 'half a picture');
  const owner = await startProcess(process.execPath, [BUSY_OWNER, pixels]);
  try {
    const [line] = await owner.waitForOutput(/^busy \d+$/m, 30_000);
    const decoder = Number(line.split(' ')[1]);
    owner.kill('SIGKILL');
    await owner.ended;
    const endMs = performance.now() + PATIENCE_MS;
    while (isAlive(decoder) && performance.now() < endMs) await setTimeout(20);
    assert.ok(!isAlive(decoder));
    assert.ok(!existsSync(pixels), `${pixels} is still there`);
  } finally {
    await owner.stop();
    await rm(pixels, { recursive: true, force: true });
  }
});
