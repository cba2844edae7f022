import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_PERSPECTIVE } from '../../src/memory/records.js';
import type { Rect } from '../../src/scene/region.js';
import { assertWithin } from './pixel-checks.js';
import { perspective } from './stack-items.js';
import { createTileBench, noise, type Pixels } from './tile-bench.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const BACKGROUND = [200, 40, 90];
const bench = createTileBench(WIDTH, HEIGHT);

/** From program to bitmap, whole pixels at integers: the rows of the matrix. */
type Homography = readonly number[];

function channelAt({ width, height, rgba }: Pixels, x: number, y: number, channel: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  return rgba[(y * width + x) * 4 + channel] ?? 0;
}

function sample(pixels: Pixels, u: number, v: number, channel: number): number {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const row = (at: number): number =>
    channelAt(pixels, x, at, channel) * (1 - u + x) +
    channelAt(pixels, x + 1, at, channel) * (u - x);
  return row(y) * (1 - v + y) + row(y + 1) * (v - y);
}

function expectedOver(pixels: Pixels, m: Homography): number[] {
  const expected: number[] = [];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const w = g * x + h * y + i;
      const [u, v] = [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
      const part = (channel: number): number => (w > 0 ? sample(pixels, u, v, channel) : 0);
      for (const channel of [0, 1, 2])
        expected.push(part(channel) + (BACKGROUND[channel] ?? 0) * (1 - part(3) / 255));
      expected.push(255);
    }
  return expected;
}

const VIEWS: Readonly<Record<string, Homography>> = {
  'that is none': [1, 0, -10, 0, 1, -5, 0, 0, 1],
  'from the side': [0.8, 0, -8, 0.1, 0.7, -4, 0.004, 0, 0.8],
  'from above, turned': [0.6, 0.3, -20, -0.2, 0.9, -6, 0.001, 0.006, 0.7],
  'that runs into the horizon': [0.9, 0.1, -12, 0, 0.8, -9, -0.02, 0.001, 1],
  'far away': [9, 0, -300, 0, 9, -200, 0.01, 0.02, 1],
};

for (const [name, view] of Object.entries(VIEWS)) {
  test(`a bitmap in a perspective ${name} looks as floating point has it`, () => {
    bench.clear();
    for (const [seed, width, height, isOpaque] of [
      [1, 60, 40, false],
      [2, 60, 40, true],
      [3, 1, 1, true],
      [4, 37, 50, false],
    ] as const) {
      const pixels = noise(seed, width, height, isOpaque);
      const item = perspective(FRAME, bench.bitmap(pixels), view);
      assert.equal(item.sample, SAMPLE_PERSPECTIVE);
      const found = bench.renderRgba([item], BACKGROUND, FRAME);
      // Fractions are cut to 1/256 in both directions, and every step rounds.
      assertWithin(found, expectedOver(pixels, view), 4, WIDTH);
    }
  });
}
