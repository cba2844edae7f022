import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { PreviewCompositor } from '../../src/preview-compositor/preview-compositor.js';
import { createLogger } from '../../src/core/logger.js';
import type { PreviewTier } from '../../src/preview/contract.js';
import type { SceneSnapshot } from '../../src/compositor/contract.js';
import type { ProgramConfig } from '../../src/stitcher/contract.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';
import { eventually } from '../support/until.js';

registerShippedFonts();

const CONFIG: ProgramConfig = {
  width: 640,
  height: 360,
  frameRate: { num: 60, den: 1 },
  bitrateBps: 1_000_000,
  sound: { bitrateBps: 160_000, channels: 2 },
  preset: 'auto',
};
const TIER: PreviewTier = { widthPx: 320, fps: 20, quality: 80 };
const LONG_MS = 20_000;

function plain(background: string, revision: number): SceneSnapshot {
  return snapshotOf(sceneFrom({ id: 'plain', background }), { revision });
}

/** A surface that is there from an hour after the scene was loaded. */
function appearing(takenAtMs: number, revision: number): SceneSnapshot {
  const scene = sceneFrom({
    id: 'appearing',
    layers: [
      {
        id: 'bar',
        type: 'shape',
        shape: 'rectangle',
        width: 1920,
        height: 1080,
        fill: '#fff',
        animations: [
          {
            property: 'width',
            keyframes: [
              { atMs: 0, value: 0, easing: 'hold' },
              { atMs: 3_600_000, value: 1920 },
            ],
          },
        ],
      },
    ],
  });
  return snapshotOf(scene, { takenAtMs, revision });
}

function openPreview(snapshot: SceneSnapshot, lingerMs: number): PreviewCompositor {
  const preview = new PreviewCompositor({
    bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
    logLevel: 'silent',
    logger: createLogger('silent', 'test'),
    config: CONFIG,
    snapshot,
    lingerMs,
    onPictureFailed: () => undefined,
    onVideos: () => undefined,
  });
  after(() => preview.close());
  return preview;
}

async function meanRgb(jpeg: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(jpeg).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

function isNear(found: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((value, i) => Math.abs(value - (found[i] ?? -99)) <= 4);
}

function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

test('has no threads until somebody looks, and none a while after the last', async () => {
  const before = threadCount();
  const preview = openPreview(plain('#c02040', 1), 100);
  preview.show(plain('#20c040', 2));
  preview.configure(CONFIG);
  assert.equal(threadCount(), before);
  preview.setTiers([TIER]);
  preview.setWatchers(1);
  await eventually(() => threadCount() > before, LONG_MS);
  preview.setTiers([]);
  preview.setWatchers(0);
  await eventually(() => threadCount() <= before, LONG_MS);
  // The next one starts it again.
  assert.ok(isNear(await meanRgb(await preview.grab(320, 80)), [32, 192, 64]));
});

test('shows a scene as it is now to who asks for one picture, also right after it has changed', async () => {
  const preview = openPreview(plain('#c02040', 7), LONG_MS);
  assert.ok(isNear(await meanRgb(await preview.grab(320, 80)), [192, 32, 64]));
  for (const [i, background] of ['#20c040', '#2040c0', '#c0c020'].entries()) {
    preview.show(plain(background, 8 + i));
    const wanted = [...Buffer.from(background.slice(1), 'hex')];
    const found = await meanRgb(await preview.grab(320, 80));
    assert.ok(isNear(found, wanted), `${background}: ${found.join()}`);
  }
  preview.show({ ...plain('#000', 20), scene: null });
  assert.ok(isNear(await meanRgb(await preview.grab(320, 80)), [0, 0, 0]));
});

test('streams pictures of the scene to viewers, and keeps to the size of the program', async () => {
  const preview = openPreview(plain('#c02040', 1), LONG_MS);
  const pictures: Uint8Array[] = [];
  preview.onPicture((tier, jpeg) => {
    assert.deepEqual(tier, TIER);
    pictures.push(jpeg);
  });
  preview.setTiers([TIER]);
  preview.setWatchers(1);
  await eventually(() => pictures.length > 0, LONG_MS);
  assert.equal((await sharp(pictures[0]).metadata()).height, 180);
  preview.configure({ ...CONFIG, width: 360, height: 640 });
  await eventually(() => pictures.length > 1, LONG_MS);
  for (let i = 0; (await sharp(pictures.at(-1)).metadata()).height !== 568; i++) {
    assert.ok(i < 400, 'the shape of the program has not come through');
    await sleep(25);
  }
});

test('lets animations run from the moment at which the scene was loaded', async () => {
  const hour = 3_600_000;
  const preview = openPreview(appearing(Date.now(), 1), LONG_MS);
  assert.ok(isNear(await meanRgb(await preview.grab(320, 80)), [0, 0, 0]));
  preview.show(appearing(Date.now() - 2 * hour, 2));
  assert.deepEqual(await meanRgb(await preview.grab(320, 80)), [255, 255, 255]);
});

test('closes while it is starting, and answers nobody after that', async () => {
  const preview = openPreview(plain('#c02040', 1), LONG_MS);
  const grab = preview.grab(320, 80);
  const refused = assert.rejects(grab, { code: 'SM_PREVIEW_UNAVAILABLE' });
  await Promise.all([preview.close(), preview.close()]);
  await refused;
  await assert.rejects(preview.grab(320, 80), { code: 'SM_PREVIEW_UNAVAILABLE' });
});
