import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../../src/memory/records.js';
import { createRandom, createTileBench } from './tile-bench.js';

const { kernels, bytes, memory, free } = createTileBench(64, 64);
const [SOURCE, TARGET, OTHER] = [free, free + (16 << 20), free + (32 << 20)];

/** swscale's definition of the 2×2 mean: `area` averages what a smaller picture's pixel covers; the others weigh neighbours. */
const SWSCALE =
  'scale=in_range=full:out_range=limited:out_color_matrix=bt709:flags=area+accurate_rnd+full_chroma_inp+full_chroma_int';

function swscale(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-i', 'pipe:0'];
  const output = ['-vf', SWSCALE, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'];
  return execFileSync('ffmpeg', ['-v', 'error', ...input, ...output], {
    input: rgba,
    maxBuffer: 64 << 20,
    timeout: 20_000,
  });
}

function convert(rgba: Uint8Array, width: number, height: number): Uint8Array {
  bytes.set(rgba, SOURCE);
  kernels.rgbaToI420(SOURCE, width, height, TARGET);
  return bytes.slice(TARGET, TARGET + width * height * 1.5);
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? -1))), 0);
}

/** Noise with many extreme values. */
function noise(seed: number, width: number, height: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    if (i % 4 === 3) return 255;
    const choice = random();
    return choice < 0.2 ? 0 : choice < 0.4 ? 255 : Math.floor(random() * 256);
  });
}

function solid(
  [r = 0, g = 0, b = 0]: readonly number[],
  width: number,
  height: number,
): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => [r, g, b, 255][i % 4] ?? 0);
}

for (const [width, height] of [
  [48, 34],
  [336, 190],
  [1280, 720],
] as const) {
  test(`colours of ${width}x${height} are within 1 of swscale's`, () => {
    const rgba = noise(width, width, height);
    const found = convert(rgba, width, height);
    assert.ok(largestDifference(found, swscale(rgba, width, height)) <= 1);
  });
}

/** ITU-R BT.709-6, items 3.2 to 3.5, with 8 bits. */
function expectedI420(rgba: Uint8Array, width: number, height: number): number[] {
  const at = (x: number, y: number, channel: number): number =>
    rgba[(y * width + x) * 4 + channel] ?? 0;
  const lumaOf = (r: number, g: number, b: number): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const planes: number[][] = [[], [], []];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      planes[0]?.push(16 + (219 / 255) * lumaOf(at(x, y, 0), at(x, y, 1), at(x, y, 2)));
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const mean = (channel: number): number =>
        (at(x, y, channel) +
          at(x + 1, y, channel) +
          at(x, y + 1, channel) +
          at(x + 1, y + 1, channel)) /
        4;
      const [r, g, b] = [mean(0), mean(1), mean(2)];
      planes[1]?.push(128 + ((224 / 255) * (b - lumaOf(r, g, b))) / 1.8556);
      planes[2]?.push(128 + ((224 / 255) * (r - lumaOf(r, g, b))) / 1.5748);
    }
  return planes.flat();
}

test('colours are the nearest there are to those of the standard', () => {
  const rgba = noise(7, 160, 90);
  const found = convert(rgba, 160, 90);
  expectedI420(rgba, 160, 90).forEach((value, i) => {
    assert.ok(
      Math.abs((found[i] ?? -1) - value) <= 0.52,
      `byte ${i} is ${found[i] ?? -1}, not ${value}`,
    );
  });
});

test('every grey has chroma 128, black is 16, white is 235, and greys never fall', () => {
  let before = 15;
  for (let grey = 0; grey < 256; grey++) {
    const found = convert(solid([grey, grey, grey], 16, 2), 16, 2);
    const luma = found[0] ?? -1;
    assert.ok(luma >= before && luma <= before + 1, `grey ${grey} has luma ${luma}`);
    assert.ok(found.subarray(0, 32).every((value) => value === luma));
    assert.ok(
      found.subarray(32).every((value) => value === 128),
      `chroma of grey ${grey}`,
    );
    before = luma;
    if (grey === 0) assert.equal(luma, 16);
    if (grey === 255) assert.equal(luma, 235);
  }
});

test('the corners of the colour cube stay in range', () => {
  for (let corner = 0; corner < 8; corner++) {
    const colour = [corner & 1, corner & 2, corner & 4].map((bit) => (bit === 0 ? 0 : 255));
    const found = convert(solid(colour, 16, 2), 16, 2);
    assert.ok(found.subarray(0, 32).every((value) => value >= 16 && value <= 235));
    assert.ok(found.subarray(32).every((value) => value >= 16 && value <= 240));
  }
});

test('a frame as RGBA is what the standard says, and greys come back', () => {
  const [width, height] = [64, 32];
  const random = createRandom(3);
  for (let i = 0; i < width * height * 1.5; i++) bytes[SOURCE + i] = Math.floor(random() * 256);
  kernels.i420ToRgba(SOURCE, width, height, TARGET);
  const byteOf = (value: number): number => Math.min(255, Math.max(0, value));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const chroma = width * height + (y >> 1) * (width / 2) + (x >> 1);
      const luma = ((bytes[SOURCE + y * width + x] ?? 0) - 16) * (255 / 219);
      const u = ((bytes[SOURCE + chroma] ?? 0) - 128) * (255 / 224);
      const v = ((bytes[SOURCE + chroma + (width * height) / 4] ?? 0) - 128) * (255 / 224);
      const expected = [
        byteOf(luma + 1.5748 * v),
        byteOf(luma - ((0.0722 * 1.8556) / 0.7152) * u - ((0.2126 * 1.5748) / 0.7152) * v),
        byteOf(luma + 1.8556 * u),
        255,
      ];
      expected.forEach((value, channel) => {
        const found = bytes[TARGET + (y * width + x) * 4 + channel] ?? -1;
        assert.ok(
          Math.abs(found - value) <= 0.6,
          `channel ${channel} of (${x}, ${y}): ${found}, not ${value}`,
        );
      });
    }
  for (const grey of [0, 1, 77, 128, 254, 255]) {
    convert(solid([grey, grey, grey], 16, 2), 16, 2);
    kernels.i420ToRgba(TARGET, 16, 2, OTHER);
    for (let channel = 0; channel < 3; channel++)
      assert.ok(Math.abs((bytes[OTHER + channel] ?? -9) - grey) <= 1);
  }
});

test('whether all pixels are opaque is seen wherever the one is that is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(70), fc.nat(254), (count, place, alpha) => {
      bytes.fill(255, TARGET, TARGET + (count + 4) * 4);
      assert.equal(kernels.measureRows(TARGET, count, 1), 1);
      bytes[TARGET + place * 4 + 3] = alpha;
      assert.equal(kernels.measureRows(TARGET, count, 1), place < count ? 0 : 1);
    }),
  );
});

const evens = (max: number): fc.Arbitrary<number> => fc.nat(max / 2).map((half) => half * 2);
const parts = fc.tuple(evens(60), evens(40), evens(60), evens(40)).map(([x, y, width, height]) => ({
  x: Math.min(x, 60),
  y: Math.min(y, 40),
  width: Math.min(width, 60 - x) + 2,
  height: Math.min(height, 40 - y) + 2,
}));
const [WIDTH, HEIGHT] = [62, 42];
const FRAME_BYTES = WIDTH * HEIGHT * 1.5;

/** The planes of a frame as the test sees them: width, height, offset. */
const PLANES = [
  { scale: 1, offset: 0 },
  { scale: 2, offset: WIDTH * HEIGHT },
  { scale: 2, offset: WIDTH * HEIGHT * 1.25 },
] as const;

test('a part that is copied between frames is all that changes', () => {
  fc.assert(
    fc.property(parts, ({ x, y, width, height }) => {
      const [source, target] = [new Uint8Array(FRAME_BYTES), new Uint8Array(FRAME_BYTES)];
      const random = createRandom(x + y * 61 + width);
      source.forEach((_, i) => (source[i] = Math.floor(random() * 256)));
      target.forEach((_, i) => (target[i] = Math.floor(random() * 256)));
      bytes.set(source, SOURCE);
      bytes.set(target, TARGET);
      kernels.copyRect(TARGET, SOURCE, WIDTH, HEIGHT, x, y, width, height);
      for (const { scale, offset } of PLANES)
        for (let row = y / scale; row < (y + height) / scale; row++) {
          const at = offset + row * (WIDTH / scale) + x / scale;
          target.set(source.subarray(at, at + width / scale), at);
        }
      assert.deepEqual(bytes.slice(TARGET, TARGET + FRAME_BYTES), target);
    }),
  );
});

test('a patch goes where its tile says, without the padding of its rows', () => {
  const view = new DataView(memory.buffer);
  fc.assert(
    fc.property(parts, ({ x, y, width, height }) => {
      const padded = Math.ceil(width / 16) * 16;
      const random = createRandom(x * 7 + y + width);
      const patch = Uint8Array.from({ length: padded * height * 1.5 }, () =>
        Math.floor(random() * 256),
      );
      const target = new Uint8Array(FRAME_BYTES).fill(9);
      bytes.set(patch, SOURCE);
      bytes.set(target, TARGET);
      for (const [field, value] of [
        [TILE_X, x],
        [TILE_Y, y],
        [TILE_WIDTH, width],
        [TILE_HEIGHT, height],
        [TILE_PATCH, SOURCE],
      ] as const)
        view.setInt32(OTHER + field, value, true);
      bytes.fill(0, OTHER + TILE_BYTES, OTHER + TILE_BYTES + 4);
      kernels.applyPatch(OTHER, TARGET, WIDTH, HEIGHT);
      const patchPlanes = [0, padded * height, padded * height * 1.25];
      PLANES.forEach(({ scale, offset }, plane) => {
        for (let row = 0; row < height / scale; row++) {
          const from = (patchPlanes[plane] ?? 0) + row * (padded / scale);
          const to = offset + (row + y / scale) * (WIDTH / scale) + x / scale;
          target.set(patch.subarray(from, from + width / scale), to);
        }
      });
      assert.deepEqual(bytes.slice(TARGET, TARGET + FRAME_BYTES), target);
    }),
  );
});
