import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_PERSPECTIVE } from '../../src/memory/records.js';
import type { Rect } from '../../src/memory/region.js';
import { sampleAround, type Steps } from './float-sampling.js';
import { assertWithin } from './pixel-checks.js';
import { perspective } from './stack-items.js';
import { createTileBench, noise, type Pixels } from './tile-bench.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const BACKGROUND = [200, 40, 90];
const bench = createTileBench(WIDTH, HEIGHT);

/** From program to bitmap, whole pixels at integers: the rows of the matrix. */
type Homography = readonly number[];

/** Pixels for which the kernels decide at once how they sample. */
const SEGMENT = 16;

/** Steps in the bitmap at a program pixel; null: it is behind the eye. */
function stepsIn(m: Homography, x: number, y: number): Steps | null {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  const w = g * x + h * y + i;
  if (w <= 0) return null;
  const [u, v] = [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
  return { ux: (a - g * u) / w, vx: (d - g * v) / w, uy: (b - h * u) / w, vy: (e - h * v) / w };
}

function expectedOver(pixels: Pixels, m: Homography): number[] {
  const expected: number[] = [];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const w = g * x + h * y + i;
      const [u, v] = [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
      const steps = stepsIn(m, x - (x % SEGMENT) + SEGMENT / 2, y);
      // Where even the middle of its segment is behind the eye, nothing is averaged.
      const own = steps ?? { ux: 1, vx: 0, uy: 0, vy: 1 };
      const part = (channel: number): number =>
        w > 0 ? sampleAround(pixels, [u + 0.5, v + 0.5], own, channel) : 0;
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
