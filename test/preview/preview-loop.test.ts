import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { ProgramFrameReader } from '../../src/memory/program-frames.js';
import { PictureMaker } from '../../src/preview/picture-maker.js';
import { PreviewLoop } from '../../src/preview/preview-loop.js';
import type { PreviewTier } from '../../src/preview/contract.js';
import { BLACK, createFramePool, RED, WHITE, type FramePool } from './frame-pool.js';
import { eventually } from '../support/until.js';

type Sent = { readonly tier: PreviewTier; readonly jpeg: Uint8Array };

function createLoop(): { pool: FramePool; loop: PreviewLoop; sent: Sent[] } {
  const pool = createFramePool(640, 360);
  const sent: Sent[] = [];
  const loop = new PreviewLoop({
    reader: new ProgramFrameReader(pool.memory),
    maker: new PictureMaker(pool.memory, instantiateKernels(pool.memory)),
    onPicture: (tier, jpeg) => {
      sent.push({ tier, jpeg });
      loop.taken(tier);
    },
  });
  after(() => {
    loop.close();
  });
  return { pool, loop, sent };
}

/** Size and mean colour of a JPEG. */
async function look(jpeg: Uint8Array): Promise<{ size: string; rgb: number[] }> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const rgb = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < data.length; at += info.channels) sum += data[at] ?? 0;
    return Math.round(sum / (info.width * info.height));
  });
  return { size: `${info.width}x${info.height}`, rgb };
}

function assertClose(found: readonly number[], expected: readonly number[]): void {
  expected.forEach((value, channel) => {
    assert.ok(
      Math.abs((found[channel] ?? -100) - value) <= 3,
      `${found.join()} ≠ ${expected.join()}`,
    );
  });
}

test('grabs the newest program frame in the wanted size', async () => {
  const { pool, loop } = createLoop();
  pool.publish(BLACK);
  pool.publish(RED);
  const jpeg = await loop.grab(320, 90);
  assert.ok(jpeg !== null);
  const seen = await look(jpeg);
  assert.equal(seen.size, '320x180');
  assertClose(seen.rgb, [255, 0, 0]);
});

test('waits with a grab for the first program frame', async () => {
  const { pool, loop } = createLoop();
  const grab = loop.grab(320, 90);
  await sleep(60);
  pool.publish(WHITE);
  const jpeg = await grab;
  assert.ok(jpeg !== null);
  assertClose((await look(jpeg)).rgb, [255, 255, 255]);
});

test('gives up a grab when no program frame comes', async () => {
  const { loop } = createLoop();
  const startedAtMs = performance.now();
  assert.equal(await loop.grab(320, 90), null);
  assert.ok(performance.now() - startedAtMs >= 1000);
});

test('sends an unchanged picture once, and the newest of many that come between two slots', async () => {
  const { pool, loop, sent } = createLoop();
  const tier = { widthPx: 320, fps: 20, quality: 90 };
  pool.publish(BLACK);
  loop.setTiers([tier]);
  await eventually(() => sent.length === 1);
  await sleep(200);
  assert.equal(sent.length, 1);
  for (const colour of [RED, BLACK, WHITE]) pool.publish(colour);
  await eventually(() => sent.length === 2);
  assertClose((await look(sent[1]?.jpeg ?? new Uint8Array())).rgb, [255, 255, 255]);
});

test('sends an unchanged picture again after a second', async () => {
  const { pool, loop, sent } = createLoop();
  pool.publish(BLACK);
  loop.setTiers([{ widthPx: 320, fps: 30, quality: 75 }]);
  await eventually(() => sent.length === 1);
  const firstAtMs = performance.now();
  await eventually(() => sent.length === 2);
  assert.ok(performance.now() - firstAtMs > 900);
});

test('serves tiers of every size, rate and quality from the same frames', async () => {
  const { pool, loop, sent } = createLoop();
  const tiers = [
    { widthPx: 320, fps: 30, quality: 90 },
    { widthPx: 320, fps: 30, quality: 20 },
    { widthPx: 160, fps: 10, quality: 75 },
    { widthPx: 640, fps: 60, quality: 75 },
  ];
  pool.publish(RED);
  loop.setTiers(tiers);
  await eventually(() => tiers.every((tier) => sent.some((picture) => picture.tier === tier)));
  for (const tier of tiers) {
    const picture = sent.find((candidate) => candidate.tier === tier);
    const seen = await look(picture?.jpeg ?? new Uint8Array());
    assert.equal(seen.size, `${tier.widthPx}x${(tier.widthPx * 9) / 16}`);
    assertClose(seen.rgb, [255, 0, 0]);
  }
});

test('holds no frame when it is not working, so that the program finds its memory free', async () => {
  const { pool, loop, sent } = createLoop();
  loop.setTiers([{ widthPx: 320, fps: 60, quality: 75 }]);
  pool.publish(BLACK);
  await eventually(() => sent.length > 0);
  assert.ok(pool.writer.isIdle());
});

test('sends nothing more to tiers that are gone, and does nothing at all without tiers', async () => {
  const { pool, loop, sent } = createLoop();
  const countTimers = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const idle = countTimers();
  pool.publish(BLACK);
  loop.setTiers([{ widthPx: 320, fps: 60, quality: 75 }]);
  assert.equal(countTimers(), idle + 1);
  await eventually(() => sent.length === 1);
  loop.setTiers([]);
  pool.publish(WHITE);
  assert.equal(countTimers(), idle);
  await sleep(60);
  assert.equal(sent.length, 1);
});

test('shows fine detail as even grey at half the size', async () => {
  const { pool, loop } = createLoop();
  const [offset] = pool.frameOffsets;
  const bytes = new Uint8Array(pool.memory.buffer, offset, 640 * 360 * 1.5).fill(128);
  for (let at = 0; at < 640 * 360; at++)
    bytes[at] = (at + Math.floor(at / 640)) % 2 === 0 ? 16 : 235;
  pool.publishSlot(0);
  const jpeg = await loop.grab(320, 95);
  const { data } = await sharp(jpeg ?? undefined)
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.ok(data.every((value) => Math.abs(value - 127) <= 4));
});
