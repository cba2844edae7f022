import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { createLogger } from '../../src/core/logger.js';
import { THREAD_FAULTS } from '../../src/core/heartbeat.js';
import { FRAME_POOL_OFFSET, FRAME_SLOTS } from '../../src/memory/map.js';
import { ProgramFrameReader } from '../../src/memory/program-frames.js';
import { createPreview, type RunningPreview } from '../../src/preview/service.js';
import type { PreviewTier } from '../../src/preview/contract.js';
import { BLACK, createFramePool, RED, WHITE, type FramePool } from '../preview/frame-pool.js';
import { eventually } from '../support/until.js';

type Rig = {
  readonly pool: FramePool;
  readonly preview: RunningPreview & { close(): Promise<void> };
  readonly watchers: number[];
  readonly pictures: { readonly tier: PreviewTier; readonly jpeg: Uint8Array }[];
};

async function createRig(): Promise<Rig> {
  const pool = createFramePool(640, 360);
  const watchers: number[] = [];
  const preview = createPreview({
    memory: pool.memory,
    niceness: 0,
    logLevel: 'silent',
    logger: createLogger('silent', 'preview'),
    setWatchers: (count) => watchers.push(count),
  });
  await preview.ready;
  after(async () => preview.close());
  const pictures: Rig['pictures'] = [];
  preview.onPicture((tier, jpeg) => pictures.push({ tier, jpeg }));
  return { pool, preview, watchers, pictures };
}

async function meanRed(jpeg: Uint8Array): Promise<number> {
  const { channels } = await sharp(jpeg).stats();
  return Math.round(channels[0]?.mean ?? -1);
}

/** Blocks this thread, as a mistake in the control plane would. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const TIER: PreviewTier = { widthPx: 320, fps: 50, quality: 75 };
const UNAVAILABLE = { name: 'AppError', code: 'SM_PREVIEW_UNAVAILABLE' };

test('grabs a frame that comes only after the program was woken for it', async () => {
  const { pool, preview, watchers } = await createRig();
  const grab = preview.grab(320, 80);
  assert.deepEqual(watchers, [1]);
  await sleep(50);
  pool.publish(WHITE);
  assert.equal(await meanRed(await grab), 255);
});

test('says that there is no picture when the program shows none', async () => {
  const { preview } = await createRig();
  await assert.rejects(preview.grab(320, 80), UNAVAILABLE);
});

test('sends every tier its pictures as they change, as bytes of their own', async () => {
  const { pool, preview, pictures } = await createRig();
  const tiers = [TIER, { widthPx: 160, fps: 10, quality: 60 }];
  pool.publish(BLACK);
  preview.setTiers(tiers);
  await eventually(() => tiers.every((tier) => pictures.some((picture) => picture.tier === tier)));
  pool.publish(RED);
  await eventually(() =>
    tiers.every((tier) => pictures.filter((picture) => picture.tier === tier).length >= 2),
  );
  for (const tier of tiers) {
    const [first, second] = pictures.filter((picture) => picture.tier === tier);
    assert.ok(first !== undefined && second !== undefined);
    assert.ok((await meanRed(first.jpeg)) <= 3);
    assert.ok((await meanRed(second.jpeg)) >= 252);
    assert.equal(first.jpeg.byteLength, first.jpeg.buffer.byteLength);
    assert.equal((await sharp(first.jpeg).metadata()).width, tier.widthPx);
  }
});

test('piles up no pictures while the main thread is busy', async () => {
  const { pool, preview, pictures } = await createRig();
  pool.publish(BLACK);
  preview.setTiers([TIER]);
  await eventually(() => pictures.length === 1);
  for (let n = 0; n < 20; n++) {
    pool.publish(n % 2 === 0 ? WHITE : BLACK);
    block(25);
  }
  pool.publish(RED);
  const before = pictures.length;
  await sleep(0);
  // Two that waited, and as many that were made while those were taken; without a limit it would be all 20.
  assert.ok(pictures.length - before <= 4, `${pictures.length - before} pictures had piled up`);
  // What had waited is older; the newest frame comes when it has been taken.
  await eventually(async () => {
    const newest = pictures.at(-1);
    return newest !== undefined && (await meanRed(newest.jpeg)) >= 252;
  });
});

test('starts again with its tiers when the thread dies, and leaves the program its memory', async () => {
  const { pool, preview, pictures } = await createRig();
  pool.publish(BLACK);
  preview.setTiers([TIER]);
  await eventually(() => pictures.length > 0);
  // A frame that lies outside of the memory: the kernel traps and the thread dies of it.
  const widthWord = new Int32Array(pool.memory.buffer, FRAME_POOL_OFFSET + 4, 1);
  Atomics.store(widthWord, 0, 1 << 28);
  pool.publishSlot(3);
  const grab = preview.grab(320, 80);
  await assert.rejects(grab, UNAVAILABLE);
  Atomics.store(widthWord, 0, pool.widthPx);
  assert.ok(pool.writer.isIdle(), 'the thread took a hold on a frame with it');
  await assert.rejects(preview.grab(320, 80), UNAVAILABLE);
  const before = pictures.length;
  pool.publish(RED);
  await eventually(() => pictures.length > before);
  assert.ok((await meanRed(pictures.at(-1)?.jpeg ?? new Uint8Array())) >= 252);
  assert.equal(await meanRed(await preview.grab(320, 80)), 255);
});

test('closes at once, twice if need be, and rejects what was asked for', async () => {
  const { preview, watchers } = await createRig();
  preview.setWatchers(3);
  const grab = preview.grab(320, 80);
  const rejected = assert.rejects(grab, UNAVAILABLE);
  await Promise.all([preview.close(), preview.close()]);
  await rejected;
  await preview.close();
  assert.deepEqual(watchers, [3, 4, 0]);
  await assert.rejects(preview.grab(320, 80), UNAVAILABLE);
});

for (const fault of THREAD_FAULTS) {
  test(`a thread that fails (${fault}) while it holds a frame is replaced, and gives its lease back`, async () => {
    const { pool, preview } = await createRig();
    pool.publish(BLACK);
    await preview.grab(320, 80);
    // As it would be left by a thread that ends in the middle of a picture.
    const held = new ProgramFrameReader(pool.memory).acquireNewest();
    assert.ok(held !== null);
    preview.inject(fault);
    await eventually(() => preview.restarts === 1);
    for (let frame = 0; frame < 2 * FRAME_SLOTS; frame++) pool.publish(frame % 2 ? RED : BLACK);
    await eventually(() => preview.isReady);
    pool.publish(WHITE);
    assert.equal(await meanRed(await preview.grab(320, 80)), 255);
    assert.ok(pool.writer.isIdle(), 'nobody holds a frame');
  });
}
