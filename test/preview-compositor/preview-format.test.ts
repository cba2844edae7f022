import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPreviewFormat } from '../../src/preview-compositor/preview-format.js';
import type { ProgramConfig } from '../../src/stitcher/contract.js';

function formatOf(width: number, height: number, num: number, den: number): string {
  const program: ProgramConfig = {
    width,
    height,
    frameRate: { num, den },
    bitrateBps: 1_000_000,
    sound: { bitrateBps: 160_000, channels: 2 },
    preset: 'auto',
  };
  const { widthPx, heightPx, frameRate } = toPreviewFormat(program);
  return `${widthPx}x${heightPx} at ${frameRate.num}/${frameRate.den}`;
}

test('the preview compositor is the program in small, and no faster than 30 frames per second', () => {
  assert.equal(formatOf(1920, 1080, 60, 1), '960x540 at 60/2');
  assert.equal(formatOf(1080, 1920, 60_000, 1001), '540x960 at 60000/2002');
  assert.equal(formatOf(640, 360, 25, 1), '640x360 at 25/1');
  assert.equal(formatOf(4096, 128, 120, 1), '960x30 at 120/4');
  assert.equal(formatOf(1280, 720, 50, 1), '960x540 at 50/2');
});
