import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PREVIEW_SCRATCH_BYTES } from '../../src/memory/map.js';
import { previewSize, SCALE_SCRATCH_BYTES } from '../../src/preview/picture-size.js';

test('keeps the shape of the program', () => {
  const program = { widthPx: 1920, heightPx: 1080 };
  assert.deepEqual(previewSize(program, 640), { widthPx: 640, heightPx: 360 });
  assert.deepEqual(previewSize(program, 500), { widthPx: 500, heightPx: 282 });
  assert.deepEqual(previewSize({ widthPx: 1080, heightPx: 1920 }, 540), {
    widthPx: 540,
    heightPx: 960,
  });
});

test('gives the whole program frame when that is wanted', () => {
  const program = { widthPx: 1920, heightPx: 1080 };
  assert.deepEqual(previewSize(program, 1920), program);
});

test('never enlarges', () => {
  const program = { widthPx: 1280, heightPx: 720 };
  assert.deepEqual(previewSize(program, 1920), program);
});

test('is even, at most the program and never too large for its memory, whatever is asked for', () => {
  const even = (min: number): fc.Arbitrary<number> =>
    fc.integer({ min, max: 2048 }).map((half) => half * 2);
  fc.assert(
    fc.property(even(64), even(64), fc.integer({ min: 1, max: 10_000 }), (w, h, wanted) => {
      const { widthPx, heightPx } = previewSize({ widthPx: w, heightPx: h }, wanted);
      assert.ok(widthPx % 2 === 0 && heightPx % 2 === 0);
      assert.ok(widthPx >= 32 && heightPx >= 32);
      assert.ok(widthPx <= Math.min(w, 2048) && heightPx <= h);
      assert.ok(widthPx * heightPx * 4 + SCALE_SCRATCH_BYTES <= PREVIEW_SCRATCH_BYTES);
    }),
    { numRuns: 2000 },
  );
});
