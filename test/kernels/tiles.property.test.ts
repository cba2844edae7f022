import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Item } from '../../src/compositor/items/item.js';
import type { Rect } from '../../src/memory/region.js';
import { createTileBench, noise } from './tile-bench.js';
import { BLEND_MODES } from '../../src/scene/blend-modes.js';
import { toItem } from './placed-item.js';

/** The right column of tiles is no multiple of 16 wide, the bottom row no multiple of 16 high. */
const [WIDTH, HEIGHT] = [150, 74];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);
const bench = createTileBench(WIDTH, HEIGHT);

const places = fc.oneof(
  fc.integer({ min: -60, max: 160 }),
  fc.double({ min: -60, max: 160, noNaN: true }),
);

const placings = fc.record({
  seed: fc.nat(1000),
  width: fc.integer({ min: 1, max: 200 }),
  height: fc.integer({ min: 1, max: 120 }),
  isOpaque: fc.boolean(),
  x: places,
  y: places,
  scaleX: fc.oneof(fc.constant(1), fc.double({ min: 0.05, max: 12, noNaN: true })),
  scaleY: fc.oneof(fc.constant(1), fc.double({ min: 0.05, max: 12, noNaN: true })),
  degrees: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.double({ min: -360, max: 360, noNaN: true }) },
  ),
  opacity: fc.constantFrom(1, 1, 1, 0.5, 0.01),
  blend: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(BLEND_MODES.length - 1) },
  ),
  clip: fc.constantFrom(FRAME, FRAME, { x0: 21, y0: 5, x1: 99, y1: 60 }),
});

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

test('a frame has the same bytes however it is cut into tiles', () => {
  fc.assert(
    fc.property(
      fc.array(placings, { minLength: 1, maxLength: 6 }),
      cuts,
      (list, { columns, rows }) => {
        bench.clear();
        const items = list.flatMap((one): Item[] => {
          const angle = (one.degrees * Math.PI) / 180;
          const [cos, sin] = one.degrees === 0 ? [1, 0] : [Math.cos(angle), Math.sin(angle)];
          const matrix = {
            a: cos * one.scaleX,
            b: sin * one.scaleX,
            c: -sin * one.scaleY,
            d: cos * one.scaleY,
            e: one.x,
            f: one.y,
          };
          const bitmap = bench.bitmap(noise(one.seed, one.width, one.height, one.isOpaque));
          const item = toItem('item', bitmap, matrix, one);
          return item === null ? [] : [item];
        });
        const whole = bench.render(items, [9, 99, 199], [FRAME]);
        const cut = bench.render(items, [9, 99, 199], toTiles(columns, rows));
        const at = whole.findIndex((value, i) => value !== cut[i]);
        assert.equal(at, -1, `byte ${at} (luma ${at % WIDTH}, ${Math.floor(at / WIDTH)})`);
      },
    ),
    { numRuns: RUNS },
  );
});
