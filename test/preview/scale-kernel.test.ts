import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory, PREVIEW_SCRATCH_OFFSET } from '../../src/memory/map.js';

const memory = createSharedMemory();
const kernels = instantiateKernels(memory);
const bytes = new Uint8Array(memory.buffer);
const SOURCE = 64 * 1024 * 1024;

type Plane = {
  readonly offset: number;
  readonly width: number;
  readonly height: number;
};

/** Random numbers from a fixed seed (mulberry32), in 0..1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Mean of the area from (i, j) to (i + 1, j + 1) of the scaled plane, in floating point. */
function areaMean(plane: Plane, width: number, height: number, i: number, j: number): number {
  const overlap = (begin: number, ratio: number, k: number): number =>
    Math.min(k + 1, (begin + 1) * ratio) - Math.max(k, begin * ratio);
  const rx = plane.width / width;
  const ry = plane.height / height;
  let sum = 0;
  for (let y = Math.floor(j * ry); y < Math.min(plane.height, (j + 1) * ry); y++) {
    for (let x = Math.floor(i * rx); x < Math.min(plane.width, (i + 1) * rx); x++) {
      const sample = bytes[plane.offset + y * plane.width + x] ?? 0;
      sum += sample * overlap(i, rx, x) * overlap(j, ry, y);
    }
  }
  return sum / (rx * ry);
}

function expectedPixel(
  planes: readonly [Plane, Plane, Plane],
  width: number,
  height: number,
  i: number,
  j: number,
): number[] {
  const [luma, cb, cr] = planes;
  const y = ((areaMean(luma, width, height, i, j) - 16) * 255) / 219;
  const at = (plane: Plane): number =>
    ((areaMean(plane, width / 2, height / 2, i >> 1, j >> 1) - 128) * 255) / 224;
  const [u, v] = [at(cb), at(cr)];
  // Rec. ITU-R BT.709-6, items 3.2 to 3.4, solved for R, G and B.
  return [
    y + 1.5748 * v,
    y - ((0.0722 * 1.8556) / 0.7152) * u - ((0.2126 * 1.5748) / 0.7152) * v,
    y + 1.8556 * u,
    255,
  ].map((value) => Math.min(255, Math.max(0, value)));
}

function planesOf(width: number, height: number): [Plane, Plane, Plane] {
  const luma = width * height;
  const half = { width: width / 2, height: height / 2 };
  return [
    { offset: SOURCE, width, height },
    { offset: SOURCE + luma, ...half },
    { offset: SOURCE + luma * 1.25, ...half },
  ];
}

function scale(width: number, height: number, dstWidth: number, dstHeight: number): Uint8Array {
  const [y, u, v] = planesOf(width, height);
  const dst = PREVIEW_SCRATCH_OFFSET;
  kernels.scaleI420ToRgba(y.offset, u.offset, v.offset, width, height, dst, dstWidth, dstHeight);
  return bytes.subarray(dst, dst + dstWidth * dstHeight * 4);
}

for (const [width, height, dstWidth, dstHeight] of [
  [1920, 1080, 640, 360],
  [1280, 720, 640, 360],
  [1920, 1080, 1280, 720],
  [854, 480, 500, 282],
  [1080, 1920, 202, 360],
  [1920, 1080, 48, 32],
  [4096, 2160, 1366, 720],
  [640, 360, 640, 360],
  [130, 128, 126, 34],
] as const) {
  test(`scales ${width}x${height} to ${dstWidth}x${dstHeight} as floating point does`, () => {
    const random = createRandom(width + dstWidth);
    const end = SOURCE + width * height * 1.5;
    for (let at = SOURCE; at < end; at++) {
      // Noise with many extreme values: the largest steps from pixel to pixel that there can be.
      const choice = random();
      bytes[at] = choice < 0.3 ? 16 : choice < 0.6 ? 235 : Math.floor(random() * 256);
    }
    const planes = planesOf(width, height);
    const picture = scale(width, height, dstWidth, dstHeight);
    // The corners, the edges of the 16-row groups, and a thousand places in between.
    const places = Array.from({ length: 1000 }, (): [number, number] => [
      Math.floor(random() * dstWidth),
      Math.floor(random() * dstHeight),
    ]);
    places.push([0, 0], [dstWidth - 1, 0], [0, dstHeight - 1], [dstWidth - 1, dstHeight - 1]);
    for (const [i, j] of places) {
      const expected = expectedPixel(planes, dstWidth, dstHeight, i, j);
      expected.forEach((value, channel) => {
        const found = picture[(j * dstWidth + i) * 4 + channel] ?? -1;
        assert.ok(
          Math.abs(found - value) <= 2,
          `channel ${channel} of (${i}, ${j}) is ${found}, not ${value}`,
        );
      });
    }
  });
}

test('keeps black black and white white at every ratio', () => {
  for (const [luma, expected] of [
    [16, 0],
    [235, 255],
  ] as const) {
    bytes.fill(luma, SOURCE, SOURCE + 1920 * 1080);
    bytes.fill(128, SOURCE + 1920 * 1080, SOURCE + 1920 * 1080 * 1.5);
    for (const width of [1920, 1366, 960, 640, 500, 202, 64]) {
      const picture = scale(1920, 1080, width, Math.round((width * 9) / 32) * 2);
      const wrong = picture.findIndex((value, at) => value !== (at % 4 === 3 ? 255 : expected));
      assert.equal(wrong, -1, `${width} px wide: byte ${wrong} is ${picture[wrong] ?? -1}`);
    }
  }
});

test('turns a fine checkerboard into even grey instead of moiré', () => {
  for (let y = 0; y < 1080; y++) {
    for (let x = 0; x < 1920; x++) bytes[SOURCE + y * 1920 + x] = (x + y) % 2 === 0 ? 16 : 235;
  }
  bytes.fill(128, SOURCE + 1920 * 1080, SOURCE + 1920 * 1080 * 1.5);
  const picture = scale(1920, 1080, 480, 270);
  assert.ok(picture.every((value, at) => at % 4 === 3 || Math.abs(value - 127.5) <= 1));
});
