import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CELL_PX, Region, toTiles, type Rect } from '../../src/memory/region.js';

type Size = { readonly widthPx: number; readonly heightPx: number };

const sizes: fc.Arbitrary<Size> = fc.record({
  widthPx: fc.integer({ min: 1, max: 150 }).map((pair) => pair * 2),
  heightPx: fc.integer({ min: 1, max: 150 }).map((pair) => pair * 2),
});
const coordinates = fc.integer({ min: -100, max: 700 }).map((half) => half / 2);
const extents = fc.integer({ min: 1, max: 500 }).map((half) => half / 2);
const rects: fc.Arbitrary<Rect> = fc
  .tuple(coordinates, coordinates, extents, extents)
  .map(([x0, y0, width, height]) => ({ x0, y0, x1: x0 + width, y1: y0 + height }));

function cellsOf({ widthPx, heightPx }: Size): [column: number, row: number][] {
  const cells: [number, number][] = [];
  for (let row = 0; row * CELL_PX < heightPx; row++)
    for (let column = 0; column * CELL_PX < widthPx; column++) cells.push([column, row]);
  return cells;
}

/** Whether a rectangle touches a cell, by its own definition. */
function touches(rect: Rect, column: number, row: number): boolean {
  const [left, top] = [column * CELL_PX, row * CELL_PX];
  return rect.x0 < left + CELL_PX && rect.x1 > left && rect.y0 < top + CELL_PX && rect.y1 > top;
}

/** How many of the rectangles hold the pixel in a cell's top left corner. */
function cover(list: readonly Rect[], column: number, row: number): number {
  const [x, y] = [column * CELL_PX, row * CELL_PX];
  return list.filter(({ x0, y0, x1, y1 }) => x >= x0 && x < x1 && y >= y0 && y < y1).length;
}

function assertWholeCells(list: readonly Rect[], { widthPx, heightPx }: Size): void {
  for (const { x0, y0, x1, y1 } of list) {
    assert.ok(x0 < x1 && y0 < y1);
    assert.equal(x0 % CELL_PX, 0);
    assert.equal(y0 % CELL_PX, 0);
    assert.ok(x1 % CELL_PX === 0 || x1 === widthPx);
    assert.ok(y1 % CELL_PX === 0 || y1 === heightPx);
    assert.ok(x1 <= widthPx && y1 <= heightPx);
  }
}

function regionOf({ widthPx, heightPx }: Size, list: readonly Rect[]): Region {
  const region = new Region(widthPx, heightPx);
  for (const rect of list) region.addRect(rect);
  return region;
}

test('rectangles of a region hold exactly the cells that were touched, each once', () => {
  fc.assert(
    fc.property(sizes, fc.array(rects, { maxLength: 8 }), (size, list) => {
      const region = regionOf(size, list);
      const found = region.toRects();
      assertWholeCells(found, size);
      let count = 0;
      for (const [column, row] of cellsOf(size)) {
        const isIn = list.some((rect) => touches(rect, column, row));
        if (isIn) count += 1;
        assert.equal(cover(found, column, row), isIn ? 1 : 0, `cell ${column}, ${row}`);
      }
      assert.equal(region.isEmpty, count === 0);
    }),
  );
});

test('tiles hold exactly the same, each pixel once, within their limits', () => {
  const limits = fc.record({
    maxWidthPx: fc.integer({ min: 1, max: 20 }).map((cells) => cells * CELL_PX),
    rows: fc.integer({ min: 1, max: 10 }),
  });
  fc.assert(
    fc.property(
      sizes,
      fc.array(rects, { maxLength: 8 }),
      limits,
      (size, list, { maxWidthPx, rows }) => {
        const maxPx = maxWidthPx * rows * CELL_PX;
        const whole = regionOf(size, list).toRects();
        const tiles = toTiles(whole, maxPx, maxWidthPx);
        assertWholeCells(tiles, size);
        for (const { x0, y0, x1, y1 } of tiles) {
          assert.ok(x1 - x0 <= maxWidthPx);
          const padded = Math.ceil((x1 - x0) / CELL_PX) * CELL_PX;
          assert.ok(padded * (y1 - y0) <= maxPx);
        }
        for (const [column, row] of cellsOf(size))
          assert.equal(cover(tiles, column, row), cover(whole, column, row));
        const area = (of: readonly Rect[]): number =>
          of.reduce((sum, { x0, y0, x1, y1 }) => sum + (x1 - x0) * (y1 - y0), 0);
        assert.equal(area(tiles), area(whole));
      },
    ),
  );
});

test('regions are added and taken away cell by cell', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.array(rects, { maxLength: 5 }),
      fc.array(rects, { maxLength: 5 }),
      (size, a, b) => {
        const [sum, rest, other] = [regionOf(size, a), regionOf(size, a), regionOf(size, b)];
        sum.addRegion(other);
        rest.removeRegion(other);
        const [sumRects, restRects] = [sum.toRects(), rest.toRects()];
        let isRestEmpty = true;
        for (const [column, row] of cellsOf(size)) {
          const [inA, inB] = [a, b].map((list) => list.some((rect) => touches(rect, column, row)));
          assert.equal(cover(sumRects, column, row) === 1, inA === true || inB === true);
          assert.equal(cover(restRects, column, row) === 1, inA === true && inB !== true);
          if (inA === true && inB !== true) isRestEmpty = false;
        }
        assert.equal(rest.isEmpty, isRestEmpty);
        assert.equal(sum.isEmpty, sumRects.length === 0);
      },
    ),
  );
});

test('all of a region is the frame, and nothing of it nothing', () => {
  const region = new Region(1920, 1080);
  assert.ok(region.isEmpty);
  region.addAll();
  assert.deepEqual(region.toRects(), [{ x0: 0, y0: 0, x1: 1920, y1: 1080 }]);
  region.clear();
  assert.deepEqual(region.toRects(), []);
  region.addRect({ x0: 3000, y0: 0, x1: 4000, y1: 100 });
  region.addRect({ x0: 20, y0: 30, x1: 10, y1: 5 });
  assert.ok(region.isEmpty);
});
