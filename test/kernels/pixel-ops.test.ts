import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MASK_ALPHA,
  MASK_LUMA,
  RAMP_ANGLE,
  RAMP_LINEAR,
  RAMP_RADIAL,
} from '../../src/memory/records.js';
import type { Item } from '../../src/compositor/items/item.js';
import type { Rect } from '../../src/memory/region.js';
import { assertWithin } from './pixel-checks.js';
import { group, key, mask, matrix, ramp } from './stack-items.js';
import { createTileBench, noise, type Pixels } from './tile-bench.js';
import { toItem } from './placed-item.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
/** Begins and ends in the middle of the kernels' steps. */
const PART: Rect = { x0: 13, y0: 7, x1: 58, y1: 40 };
const bench = createTileBench(WIDTH, HEIGHT);

type Rgba = readonly [r: number, g: number, b: number, a: number];

function place(pixels: Pixels): Item[] {
  const nowhere = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
  const item = toItem('item', bench.bitmap(pixels), nowhere, {
    clip: FRAME,
    opacity: 1,
    blend: 0,
  });
  return item === null ? [] : [item];
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Premultiplied pixels, channels 0..255, each made anew inside of `part`. */
function mapPixels(
  { rgba }: Pixels,
  part: Rect,
  change: (pixel: Rgba, x: number, y: number) => readonly number[],
): number[] {
  const expected: number[] = [];
  for (let at = 0; at < rgba.length; at += 4) {
    const [x, y] = [(at / 4) % WIDTH, Math.floor(at / 4 / WIDTH)];
    const pixel: Rgba = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0, rgba[at + 3] ?? 0];
    const isInside = x >= part.x0 && x < part.x1 && y >= part.y0 && y < part.y1;
    expected.push(...(isInside ? change(pixel, x, y) : pixel));
  }
  return expected;
}

/** The colour itself, 0..1; none where there is no alpha. */
function straight([r, g, b, a]: Rgba): Rgba {
  return a === 0 ? [0, 0, 0, 0] : [r / a, g / a, b / a, a / 255];
}

function premultiplied([r, g, b, a]: Rgba): number[] {
  return [r * a * 255, g * a * 255, b * a * 255, a * 255];
}

/** What a group's buffer holds after its pixels and what changes them. */
function rendered(pixels: Pixels, changes: readonly Item[]): Uint8Array {
  return bench.renderGroup(group(FRAME, [...place(pixels), ...changes]), FRAME);
}

for (const [name, variant] of [
  ['alpha', MASK_ALPHA],
  ['luma', MASK_LUMA],
] as const) {
  for (const [how, gain, bias] of [
    ['as it is', 1, 0],
    ['inverted', -1, 1],
    ['with gain and bias', 3.5, -0.75],
    ['inverted with gain and bias', -2.25, 1.5],
  ] as const) {
    test(`the ${name} of a mask is used ${how}, and beyond what was drawn of it there is none`, () => {
      bench.clear();
      const pixels = noise(21, WIDTH, HEIGHT, false);
      const shape = noise(22, WIDTH, HEIGHT, false);
      const drawn: Rect = { x0: 30, y0: 3, x1: 90, y1: 33 };
      const found = rendered(pixels, mask(drawn, PART, place(shape), variant, gain, bias));
      const expected = mapPixels(pixels, PART, (pixel, x, y) => {
        const isDrawn = x >= drawn.x0 && x < drawn.x1 && y >= drawn.y0 && y < drawn.y1;
        const at = (y * WIDTH + x) * 4;
        const [r = 0, g = 0, b = 0, a = 0] = shape.rgba.subarray(at, at + 4);
        const v = variant === MASK_ALPHA ? a : 0.2126 * r + 0.7152 * g + 0.0722 * b;
        const m = clamp01(gain * (isDrawn ? v / 255 : 0) + bias);
        return pixel.map((channel) => channel * m);
      });
      assertWithin(found, expected, 1.01, WIDTH);
    });
  }
}

test('a mask of which nothing is in the tile still masks', () => {
  bench.clear();
  const away: Rect = { x0: 200, y0: 0, x1: 300, y1: HEIGHT };
  const pixels = noise(23, WIDTH, HEIGHT, false);
  const none = rendered(pixels, mask(away, FRAME, place(pixels), MASK_ALPHA, 1, 0));
  assert.ok(none.every((value) => value === 0));
  const all = rendered(pixels, mask(away, FRAME, place(pixels), MASK_ALPHA, -1, 1));
  assertWithin(all, [...pixels.rgba], 0, WIDTH);
});

const RAMPS: readonly (readonly [
  name: string,
  variant: number,
  params: readonly number[],
  distance: (x: number, y: number) => number,
])[] = [
  ['to the right', RAMP_LINEAR, [1 / 20, -1, 1, 0], (x) => x],
  ['downwards, hard', RAMP_LINEAR, [1, -20.25, 0, 1], (_, y) => y],
  ['across a corner', RAMP_LINEAR, [-2, 1.5, 1 / 96, 1 / 64], (x, y) => x / 96 + y / 64],
  [
    'as an iris',
    RAMP_RADIAL,
    [-4, 4, 40.5, 22.25, 30, 15],
    (x, y) => Math.hypot((x - 40.5) / 30, (y - 22.25) / 15),
  ],
  [
    'as a hole',
    RAMP_RADIAL,
    [0.5, -0.1, 30.5, 20.5, 12, 12],
    (x, y) => Math.hypot((x - 30.5) / 12, (y - 20.5) / 12),
  ],
  [
    'as a clock',
    RAMP_ANGLE,
    [1, 0, 33.5, 21.5],
    (x, y) => (Math.atan2(x - 33.5, 21.5 - y) / (2 * Math.PI) + 1) % 1,
  ],
  [
    'as a clock that is nearly round',
    RAMP_ANGLE,
    [-40, 38, 33, 21],
    (x, y) => (Math.atan2(x - 33, 21 - y) / (2 * Math.PI) + 1) % 1,
  ],
];

for (const [name, variant, params, distance] of RAMPS) {
  test(`a ramp ${name} is where it should be`, () => {
    bench.clear();
    for (const [seed, isOpaque] of [
      [31, true],
      [32, false],
    ] as const) {
      const pixels = noise(seed, WIDTH, HEIGHT, isOpaque);
      const found = rendered(pixels, [ramp(PART, variant, params)]);
      const [gain = 0, bias = 0] = params;
      const expected = mapPixels(pixels, PART, (pixel, x, y) =>
        pixel.map((channel) => channel * clamp01(gain * distance(x + 0.5, y + 0.5) + bias)),
      );
      assertWithin(found, expected, 1.02, WIDTH);
    }
  });
}

/** https://www.w3.org/TR/filter-effects-1/#grayscaleEquivalent and its like, and some that are of no use. */
const MATRICES: Readonly<Record<string, readonly number[]>> = {
  'leaves all as it is': [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0],
  'takes the colour': [
    ...[0.2126, 0.7152, 0.0722, 0, 0],
    ...[0.2126, 0.7152, 0.0722, 0, 0],
    ...[0.2126, 0.7152, 0.0722, 0, 0],
    ...[0, 0, 0, 1, 0],
  ],
  inverts: [-1, 0, 0, 0, 1, 0, -1, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0],
  'gives contrast': [7.9, 0, 0, 0, -3.45, 0, 7.9, 0, 0, -3.45, 0, 0, 7.9, 0, -3.45, 0, 0, 0, 1, 0],
  'is strong': [40, -39, 0, 0, 0.5, -39, 40, 0, 0, -0.5, 0, -60, 60, 0, 0.25, 0, 0, 0, 1, 0],
  'takes alpha into colours': [
    0.5, 0, 0, 0.5, 0, 0, 1, 0, -0.25, 0, 0, 0, 1, 0.1, 0, 0, 0, 0, 1, 0,
  ],
  'makes alpha of colours': [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, -1, 0.5, 0, 1, 0.3],
};

for (const [name, params] of Object.entries(MATRICES)) {
  test(`a colour matrix that ${name} is what SVG says`, () => {
    bench.clear();
    for (const [seed, isOpaque] of [
      [41, true],
      [42, false],
    ] as const) {
      const pixels = noise(seed, WIDTH, HEIGHT, isOpaque);
      const found = rendered(pixels, [matrix(PART, params)]);
      const expected = mapPixels(pixels, PART, (pixel) => {
        const color = [...straight(pixel), 1];
        const channel = (row: number): number =>
          clamp01(color.reduce((sum, v, i) => sum + v * Math.fround(params[row * 5 + i] ?? 0), 0));
        return premultiplied([channel(0), channel(1), channel(2), channel(3)]);
      });
      assertWithin(found, expected, 1.01, WIDTH);
    }
  });
}

test('a colour matrix that changes nothing changes nothing', () => {
  bench.clear();
  const pixels = noise(43, WIDTH, HEIGHT, false);
  const found = rendered(pixels, [matrix(FRAME, MATRICES['leaves all as it is'] ?? [])]);
  assertWithin(found, [...pixels.rgba], 0, WIDTH);
});

function chroma(r: number, g: number, b: number): readonly [y: number, cb: number, cr: number] {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [y, (b - y) / 1.8556, (r - y) / 1.5748];
}

for (const [name, params] of [
  ['green', [0, 1, 0, 0.2, 0.1, 0.2]],
  ['a screen that is not quite green', [0.1, 0.7, 0.25, 0.12, 0.3, 0]],
  ['blue, all at once', [0, 0, 1, 0.3, 0, 0.1]],
  ['grey', [0.5, 0.5, 0.5, 0, 0.05, 0]],
] as const) {
  test(`a key takes ${name} out as its formula says`, () => {
    bench.clear();
    const [keyR, keyG, keyB, similarity, smoothness, spill] = params.map(Math.fround);
    for (const [seed, isOpaque] of [
      [51, true],
      [52, false],
    ] as const) {
      const pixels = noise(seed, WIDTH, HEIGHT, isOpaque);
      const found = rendered(pixels, [key(PART, params)]);
      const [, keyCb, keyCr] = chroma(keyR ?? 0, keyG ?? 0, keyB ?? 0);
      const expected = mapPixels(pixels, PART, (pixel) => {
        const [r, g, b, a] = straight(pixel);
        const [y, cb, cr] = chroma(r, g, b);
        const beyond = Math.hypot(cb - keyCb, cr - keyCr) / 1.1914 - (similarity ?? 0);
        const t = clamp01(beyond / Math.max(1e-6, smoothness ?? 0));
        const saturation = clamp01(beyond / Math.max(1e-6, spill ?? 0));
        const toned = (value: number): number => clamp01(y + (value - y) * saturation);
        return premultiplied([toned(r), toned(g), toned(b), a * t * t * (3 - 2 * t)]);
      });
      assertWithin(found, expected, 1.01, WIDTH);
    }
  });
}

test('a key takes the colour itself and leaves what is opposite', () => {
  bench.clear();
  const rgba = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => {
    const isKey = Math.floor(i / 4) % 2 === 0;
    return (isKey ? [0, 255, 0, 255] : [255, 0, 255, 255])[i % 4] ?? 0;
  });
  const found = rendered({ width: WIDTH, height: HEIGHT, rgba }, [
    key(FRAME, [0, 1, 0, 0.01, 0.01, 0.2]),
  ]);
  assert.deepEqual([...found.subarray(0, 8)], [0, 0, 0, 0, 255, 0, 255, 255]);
});

for (const [name, params] of [
  ['matrixPixels', MATRICES['makes alpha of colours'] ?? []],
  ['matrixPixels', MATRICES['gives contrast'] ?? []],
  ['keyPixels', [0, 1, 0, 0.2, 0.3, 0.2]],
] as const) {
  test(`${name} does to a bitmap what the item does in a group, up to its last pixel`, () => {
    bench.clear();
    for (const count of [1, 2, 3, 4, 7, 96 * 5 + 2]) {
      const pixels = noise(61, WIDTH, HEIGHT, false);
      const item = name === 'keyPixels' ? key(FRAME, params) : matrix(FRAME, params);
      const found = rendered(pixels, [item]);
      bench.bytes.set(pixels.rgba, bench.free);
      const floats = new Float32Array(bench.memory.buffer, bench.free + pixels.rgba.length, 20);
      floats.set(params);
      bench.kernels[name](bench.free, count, bench.free + pixels.rgba.length);
      const baked = bench.bytes.slice(bench.free, bench.free + pixels.rgba.length);
      const expected = [...found.subarray(0, count * 4), ...pixels.rgba.subarray(count * 4)];
      assertWithin(baked, expected, 0, WIDTH);
    }
  });
}

test('what becomes of a pixel depends on itself alone, not on its neighbours', () => {
  const strange = [0.31, 0.47, -0.2, 0, 0.113, 0.21, 0.3, 0.4, 0, 0.017, -0.3, 0.9, 0.7, 0, 0.001];
  for (const [name, params] of [
    ['matrixPixels', [...strange, 0, 0, 0, 1, 0]],
    ['keyPixels', [0.1, 0.9, 0.2, 0.1, 0.7, 0.4]],
  ] as const) {
    const pixels = noise(62, WIDTH, HEIGHT, true).rgba;
    const others = noise(63, WIDTH, HEIGHT, false).rgba;
    const changed = (rgba: Uint8Array): Uint8Array => {
      bench.bytes.set(rgba, bench.free);
      new Float32Array(bench.memory.buffer, bench.free + rgba.length, 20).set(params);
      bench.kernels[name](bench.free, rgba.length / 4, bench.free + rgba.length);
      return bench.bytes.slice(bench.free, bench.free + rgba.length);
    };
    const alone = changed(pixels);
    for (let place = 0; place < 4; place++) {
      const isKept = (at: number): boolean => Math.floor(at / 4) % 4 === place;
      const mixed = changed(pixels.map((value, at) => (isKept(at) ? value : (others[at] ?? 0))));
      const at = alone.findIndex((value, i) => isKept(i) && value !== mixed[i]);
      assert.equal(at, -1, `${name} at place ${place}`);
    }
  }
});
