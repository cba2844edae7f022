import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from '../../src/compositor/items/item.js';
import type { Matrix } from '../../src/compositor/lower/matrix.js';
import {
  SAMPLE_AFFINE,
  SAMPLE_MOVED,
  SAMPLE_SCALED,
  SAMPLE_WHOLE,
} from '../../src/memory/records.js';
import { sampleAround } from './float-sampling.js';
import { assertWithin } from './pixel-checks.js';
import { createTileBench, noise, type Pixels } from './tile-bench.js';
import { toItem } from './placed-item.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const BACKGROUND = [200, 40, 90];
const bench = createTileBench(WIDTH, HEIGHT);

/** A placed bitmap over a background, in floating point. */
function expectedOver(pixels: Pixels, matrix: Matrix, opacity: number): number[] {
  const { a, b, c, d, e, f } = matrix;
  const determinant = a * d - b * c;
  const steps = {
    ux: d / determinant,
    vx: -b / determinant,
    uy: -c / determinant,
    vy: a / determinant,
  };
  const expected: number[] = [];
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [x + 0.5 - e, y + 0.5 - f];
      const u = (d * dx - c * dy) / determinant;
      const v = (a * dy - b * dx) / determinant;
      const part = (channel: number): number => sampleAround(pixels, [u, v], steps, channel);
      const alpha = (part(3) * opacity) / 255;
      for (let channel = 0; channel < 3; channel++)
        expected.push(part(channel) * opacity + (BACKGROUND[channel] ?? 0) * (1 - alpha));
      expected.push(255);
    }
  return expected;
}

function place(pixels: Pixels, matrix: Matrix, opacity: number): Item {
  const item = toItem('item', bench.bitmap(pixels), matrix, { clip: FRAME, opacity, blend: 0 });
  assert.ok(item !== null);
  return item;
}

function moved(e: number, f: number): Matrix {
  return { a: 1, b: 0, c: 0, d: 1, e, f };
}

function scaled(a: number, d: number, e: number, f: number): Matrix {
  return { a, b: 0, c: 0, d, e, f };
}

function turned(degrees: number, scale: number, e: number, f: number): Matrix {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return { a: cos, b: sin, c: -sin, d: cos, e, f };
}

/** Fractions are cut to 1/256 in both directions, and every step rounds: up to 4 of 255 for noise. */
const MIXED = 4;

const PLACES: readonly (readonly [
  name: string,
  matrix: Matrix,
  sample: number,
  tolerance: number,
])[] = [
  ['on whole pixels', moved(13, 7), SAMPLE_WHOLE, 1.01],
  ['on whole pixels, beyond the top left', moved(-11, -9), SAMPLE_WHOLE, 1.01],
  ['on whole pixels, beyond the bottom right', moved(70, 50), SAMPLE_WHOLE, 1.01],
  ['moved by half a pixel', moved(12.5, 7.5), SAMPLE_MOVED, MIXED],
  ['moved along one side', moved(12.25, 7), SAMPLE_MOVED, MIXED],
  ['moved along the other', moved(12, 7.75), SAMPLE_MOVED, MIXED],
  ['moved beyond the edges', moved(-20.3, 40.9), SAMPLE_MOVED, MIXED],
  ['made larger', scaled(1.7, 1.3, 3.3, 2.2), SAMPLE_SCALED, MIXED],
  ['made much larger', scaled(9, 11, -40, -70), SAMPLE_SCALED, MIXED],
  ['made smaller', scaled(0.8, 0.6, 30.1, 20.7), SAMPLE_SCALED, MIXED],
  ['made half as large', scaled(0.5, 0.5, 30.3, 20.2), SAMPLE_SCALED, MIXED],
  ['made a fifth as large', scaled(0.2, 0.2, 30.3, 20.2), SAMPLE_SCALED, MIXED],
  ['made smaller in one direction', scaled(0.25, 1.1, 30.3, 12.2), SAMPLE_SCALED, MIXED],
  ['stretched beyond the edges', scaled(3.1, 0.9, -25.5, 35.25), SAMPLE_SCALED, MIXED],
  ['turned a little', turned(9, 1, 20, 5), SAMPLE_AFFINE, MIXED],
  ['turned by a right angle', turned(90, 1, 60, 4), SAMPLE_AFFINE, MIXED],
  ['upside down', turned(180, 1, 70.5, 50.25), SAMPLE_AFFINE, MIXED],
  ['turned and made larger', turned(217, 2.3, 55, 60), SAMPLE_AFFINE, MIXED],
  ['turned and made smaller', turned(30, 0.6, 40, 10), SAMPLE_AFFINE, MIXED],
  ['turned and made much smaller', turned(70, 0.25, 50, 20), SAMPLE_AFFINE, MIXED],
  ['turned beyond the edges', turned(-33, 1.5, -10, 40), SAMPLE_AFFINE, MIXED],
  ['mirrored', { a: -1.2, b: 0, c: 0, d: 1.1, e: 80, f: 3 }, SAMPLE_AFFINE, MIXED],
  ['skewed', { a: 1, b: 0.4, c: -0.7, d: 0.9, e: 40, f: 3 }, SAMPLE_AFFINE, MIXED],
];

for (const [name, matrix, expectedSample, tolerance] of PLACES) {
  test(`a bitmap ${name} looks as floating point has it`, () => {
    bench.clear();
    for (const [seed, width, height, isOpaque, opacity] of [
      [1, 40, 30, false, 1],
      [2, 40, 30, true, 1],
      [3, 37, 29, false, 0.4],
      [4, 1, 1, true, 1],
      [5, 3, 50, true, 0.75],
      [6, 50, 2, false, 1],
    ] as const) {
      const pixels = noise(seed, width, height, isOpaque);
      const item = toItem('item', bench.bitmap(pixels), matrix, { clip: FRAME, opacity, blend: 0 });
      if (item === null) continue;
      assert.equal(item.sample, expectedSample);
      const found = bench.renderRgba([item], BACKGROUND, FRAME);
      const steps = Math.round(opacity * 256) / 256;
      const allowed = opacity === 1 ? tolerance : tolerance + 1;
      assertWithin(found, expectedOver(pixels, matrix, steps), allowed, WIDTH);
    }
  });
}

test('opacity goes in 256 steps, and nothing of none is drawn', () => {
  bench.clear();
  const pixels = noise(8, WIDTH, HEIGHT, false);
  for (let opacity = 4; opacity <= 256; opacity += 28) {
    const found = bench.renderRgba([place(pixels, moved(0, 0), opacity / 256)], BACKGROUND, FRAME);
    assertWithin(found, expectedOver(pixels, moved(0, 0), opacity / 256), 1.51, WIDTH);
  }
  assert.equal(
    toItem('item', bench.bitmap(pixels), moved(0, 0), {
      clip: FRAME,
      opacity: 0.001,
      blend: 0,
    }),
    null,
  );
});

test('an item touches nothing outside of its bounds', () => {
  bench.clear();
  for (const [, matrix] of PLACES) {
    const clip = { x0: 17, y0: 11, x1: 61, y1: 47 };
    const item = toItem('item', bench.bitmap(noise(9, 40, 30, true)), matrix, {
      clip,
      opacity: 1,
      blend: 0,
    });
    if (item === null) continue;
    const found = bench.renderRgba([item], BACKGROUND, FRAME);
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        if (x >= clip.x0 && x < clip.x1 && y >= clip.y0 && y < clip.y1) continue;
        assert.equal(found[(y * WIDTH + x) * 4], BACKGROUND[0]);
      }
  }
});
