import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { startProcess } from '../support/process.js';
import { isAlive } from '../support/service.js';

const OWNER = fileURLToPath(new URL('../support/decoder-owner.js', import.meta.url));

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
    const endMs = performance.now() + 20_000;
    const isThere = (): boolean => decoders.some(isAlive) || existsSync(dirname(file));
    while (isThere() && performance.now() < endMs) await setTimeout(20);
    assert.deepEqual(decoders.filter(isAlive), []);
    assert.ok(!existsSync(dirname(file)), `${dirname(file)} is still there`);
  } finally {
    await owner.stop();
  }
});
