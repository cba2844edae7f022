import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Item } from '../../src/compositor/items/item.js';
import type { Rect } from '../../src/memory/region.js';
import { group, key, mask, matrix, perspective, ramp, solid } from './stack-items.js';
import { createTileBench, noise } from './tile-bench.js';
import { BLEND_MODES } from '../../src/scene/blend-modes.js';
import { toItem } from './placed-item.js';

const [WIDTH, HEIGHT] = [150, 74];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const BACKGROUND = [9, 99, 199];
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);
const bench = createTileBench(WIDTH, HEIGHT);

const rects = fc.oneof(
  fc.constant(FRAME),
  fc
    .tuple(
      fc.integer({ min: -20, max: 140 }),
      fc.integer({ min: -20, max: 70 }),
      fc.integer({ min: 1, max: 170 }),
      fc.integer({ min: 1, max: 90 }),
    )
    .map(([x0, y0, width, height]): Rect => ({ x0, y0, x1: x0 + width, y1: y0 + height })),
);
/** What an item may touch is within the frame. */
const bounds = rects.map((rect): Rect => ({
  x0: Math.max(0, rect.x0),
  y0: Math.max(0, rect.y0),
  x1: Math.min(WIDTH, rect.x1),
  y1: Math.min(HEIGHT, rect.y1),
}));
const opacities = fc.constantFrom(256, 256, 200, 1);
const blends = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(BLEND_MODES.length - 1) },
);
const numbers = fc.double({ min: -2, max: 2, noNaN: true });

/** Items are made when the bench is empty: each is a function that makes its own. */
type Maker = () => Item[];

const bitmapsOf = (modes: fc.Arbitrary<number>): fc.Arbitrary<Maker> =>
  fc
    .record({
      seed: fc.nat(1000),
      width: fc.integer({ min: 1, max: 180 }),
      height: fc.integer({ min: 1, max: 90 }),
      isOpaque: fc.boolean(),
      x: fc.oneof(
        fc.integer({ min: -60, max: 140 }),
        fc.double({ min: -60, max: 140, noNaN: true }),
      ),
      y: fc.oneof(fc.integer({ min: -60, max: 70 }), fc.double({ min: -60, max: 70, noNaN: true })),
      scale: fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 5, noNaN: true })),
      skew: fc.constantFrom(0, 0, 0.4),
      clip: bounds,
      opacity: opacities,
      blend: modes,
    })
    .map((one): Maker => {
      const placing = { a: one.scale, b: one.skew, c: 0, d: one.scale, e: one.x, f: one.y };
      return () => {
        const bitmap = bench.bitmap(noise(one.seed, one.width, one.height, one.isOpaque));
        const item = toItem('item', bitmap, placing, {
          ...one,
          opacity: one.opacity / 256,
        });
        return item === null ? [] : [item];
      };
    });

const bitmaps = bitmapsOf(blends);

const colors = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.constantFrom(255, 255, 90))
  .map(([r, g, b, a]) => [Math.min(r, a), Math.min(g, a), Math.min(b, a), a]);
const solids = fc
  .tuple(bounds, colors, opacities, blends)
  .map(([rect, color, opacity, blend]): Maker => {
    return () => [solid(rect, color, opacity, blend)];
  });
const perspectives = fc
  .tuple(bounds, fc.nat(1000), fc.array(numbers, { minLength: 4, maxLength: 4 }))
  .map(([rect, seed, [a = 1, d = 0, g = 0, h = 0]]): Maker => {
    const view = [1 + a / 4, 0.1, -20, d / 8, 1, -10, g / 400, h / 400, 1];
    return () => [perspective(rect, bench.bitmap(noise(seed, 50, 40, false)), view)];
  });
/** Ramps that run from none to all somewhere in the frame. */
const ramps = fc
  .tuple(
    fc.oneof(fc.constant(FRAME), bounds),
    fc.nat(2),
    fc.constantFrom([1, 0], [-1, 1], [3, -0.5], [-8, 5]),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: 1, max: 6 }),
  )
  .map(([rect, variant, weights, p, q]): Maker => {
    const place = variant === 0 ? [p / 300, q / 400] : [p * 20 + 75, q * 10, 60, 25];
    return () => [ramp(rect, variant, [...weights, ...place])];
  });
const matrices = fc
  .tuple(bounds, fc.array(numbers, { minLength: 20, maxLength: 20 }), fc.boolean())
  .map(([rect, all, keepsAlpha]): Maker => {
    const params = keepsAlpha ? [...all.slice(0, 15), 0, 0, 0, 1, 0] : all;
    return () => [matrix(rect, params)];
  });
const keys = fc
  .tuple(
    bounds,
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  )
  .map(([rect, params]): Maker => {
    return () => [key(rect, params)];
  });

const { content } = fc.letrec<{ content: Maker; node: Maker; groups: Maker; masks: Maker }>(
  (tie) => ({
    content: fc
      .array(tie('node'), { minLength: 1, maxLength: 5, size: 'max' })
      .map((makers): Maker => {
        return () => makers.flatMap((maker) => maker());
      }),
    node: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'stack' },
      { weight: 3, arbitrary: bitmaps },
      { weight: 1, arbitrary: solids },
      { weight: 2, arbitrary: perspectives },
      { weight: 4, arbitrary: tie('groups') },
    ),
    // What changes a buffer is behind what is drawn in it: before, there would be nothing to change.
    groups: fc
      .tuple(
        bounds,
        tie('content'),
        fc.array(fc.oneof(ramps, matrices, keys, tie('masks')), { maxLength: 2 }),
        opacities,
        blends,
      )
      .map(([rect, inner, changes, opacity, blend]): Maker => {
        return () =>
          group(rect, [...inner(), ...changes.flatMap((change) => change())], opacity, blend);
      }),
    masks: fc
      .tuple(bounds, bounds, tie('content'), fc.nat(1), numbers, numbers)
      .map(([drawn, rect, inner, variant, gain, bias]): Maker => {
        return () => mask(drawn, rect, inner(), variant, gain, bias);
      }),
  }),
);

/** Ends of columns and rows: every cut is a whole step of the kernels, or even. */
const cuts = fc.record({
  columns: fc.uniqueArray(fc.integer({ min: 1, max: 9 }).map((cell) => cell * 16)),
  rows: fc.uniqueArray(fc.integer({ min: 1, max: 36 }).map((pair) => pair * 2)),
});

function toTiles(columns: readonly number[], rows: readonly number[]): Rect[] {
  const spans = (ends: readonly number[], last: number): [number, number][] =>
    [0, ...[...ends].sort((a, b) => a - b)].map((start, i, starts) => [
      start,
      starts[i + 1] ?? last,
    ]);
  return spans(rows, HEIGHT).flatMap(([y0, y1]) =>
    spans(columns, WIDTH).map(([x0, x1]) => ({ x0, y0, x1, y1 })),
  );
}

test('groups, masks and all that changes them have the same bytes however the frame is cut', () => {
  fc.assert(
    fc.property(content, cuts, (make, { columns, rows }) => {
      bench.clear();
      const items = make();
      const whole = bench.render(items, BACKGROUND, [FRAME]);
      const cut = bench.render(items, BACKGROUND, toTiles(columns, rows));
      const at = whole.findIndex((value, i) => value !== cut[i]);
      assert.equal(at, -1, `byte ${at} (luma ${at % WIDTH}, ${Math.floor(at / WIDTH)})`);
    }),
    { numRuns: RUNS },
  );
});

test('the lowest buffer is opaque whatever is drawn', () => {
  const even: Rect = { x0: 0, y0: 0, x1: 144, y1: HEIGHT };
  fc.assert(
    fc.property(content, (make) => {
      bench.clear();
      const found = bench.renderRgba(make(), BACKGROUND, even);
      assert.ok(found.every((value, i) => i % 4 !== 3 || value === 255));
    }),
    { numRuns: RUNS },
  );
});

test('a group that changes nothing, around any one bitmap, is the bitmap', () => {
  fc.assert(
    fc.property(bitmapsOf(fc.constant(0)), content, (make, below) => {
      bench.clear();
      const [under, items] = [below(), make()];
      const direct = bench.render([...under, ...items], BACKGROUND, [FRAME]);
      const grouped = bench.render([...under, ...group(FRAME, items)], BACKGROUND, [FRAME]);
      assert.ok(Buffer.from(direct).equals(grouped));
    }),
    { numRuns: RUNS },
  );
});
