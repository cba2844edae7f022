import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  WORKER_SCRATCH_BYTES,
  MASK_ALPHA,
  MAX_DEPTH,
  RAMP_LINEAR,
  TILE_MAX_PX,
  TILE_MAX_WIDTH_PX,
} from '../../src/memory/records.js';
import type { Item } from '../../src/compositor/items/item.js';
import { toTiles, type Rect } from '../../src/memory/region.js';
import { assertWithin } from './pixel-checks.js';
import { group, key, mask, matrix, ramp, solid } from './stack-items.js';
import { createTileBench, noise } from './tile-bench.js';
import { toItem } from './placed-item.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME: Rect = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const BACKGROUND = [200, 40, 90];
const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const bench = createTileBench(WIDTH, HEIGHT);

function place(seed: number, isOpaque: boolean, x: number, y: number, degrees = 0): Item[] {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const bitmap = bench.bitmap(noise(seed, 40, 30, isOpaque));
  const matrix = { a: cos, b: sin, c: -sin, d: cos, e: x, f: y };
  const item = toItem('item', bitmap, matrix, { clip: FRAME, opacity: 1, blend: 0 });
  return item === null ? [] : [item];
}

function rendered(items: readonly Item[]): Uint8Array {
  return bench.renderRgba(items, BACKGROUND, FRAME);
}

function colorAt(rgba: Uint8Array, x: number, y: number): number[] {
  return [...rgba.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)];
}

/** Groups in groups, each with a bitmap of its own beside the next one; the innermost holds `content`. */
function nested(depth: number, content: readonly Item[]): Item[] {
  let items = [...content];
  for (let i = 0; i < depth; i++) {
    const bounds = { x0: i, y0: i, x1: WIDTH - i, y1: HEIGHT - i };
    items = group(bounds, [...place(100 + i, false, 3 * i, i, i * 7), ...items], 250);
  }
  return items;
}

test('one bitmap in a group that changes nothing is the bitmap itself, byte for byte', () => {
  bench.clear();
  for (const [x, y, degrees] of [
    [3, 5, 0],
    [-7.5, 40.25, 0],
    [50, 10, 33],
  ] as const) {
    const items = place(1, false, x, y, degrees);
    assertWithin(rendered(group(FRAME, items)), [...rendered(items)], 0, WIDTH);
  }
});

test('several bitmaps in a group that changes nothing differ from the bitmaps by rounding alone', () => {
  bench.clear();
  const items = [
    ...place(2, false, 3, 5),
    ...place(3, true, 20.5, 9.25),
    ...place(4, false, 30, 10, 33),
  ];
  assertWithin(rendered(group(FRAME, items)), [...rendered(items)], 2, WIDTH);
});

test('what stands in a group is cut to its bounds', () => {
  bench.clear();
  const bounds = { x0: 10, y0: 6, x1: 33, y1: 17 };
  const found = rendered(group(bounds, group(FRAME, [solid(FRAME, RED)])));
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const isInside = x >= 10 && x < 33 && y >= 6 && y < 17;
      assert.deepEqual(colorAt(found, x, y), isInside ? RED : [...BACKGROUND, 255]);
    }
});

test('what hides all below it in a group hides nothing outside of the group', () => {
  bench.clear();
  const items = [
    solid(FRAME, BLUE),
    ...group(FRAME, [...place(5, false, 0, 0), solid(FRAME, RED)], 128),
  ];
  assert.deepEqual(colorAt(rendered(items), 50, 50), [128, 0, 127, 255]);
});

test('what stands below in a group does not come back through what hides it', () => {
  bench.clear();
  const below = place(5, false, 0, 0);
  const faded = (items: readonly Item[]): Uint8Array => rendered(group(FRAME, items, 100));
  const top = place(6, true, 0, 0);
  const clipped = { x0: 0, y0: 0, x1: 40, y1: 30 };
  const half = [ramp(FRAME, RAMP_LINEAR, [0, 0.5, 1, 0])];
  assertWithin(faded([...below, ...top]), [...faded([...below, ...top])], 0, WIDTH);
  const [both, one] = [
    rendered(group(clipped, [...below, ...top, ...half])),
    rendered(group(clipped, [...top, ...half])),
  ];
  assertWithin(both, [...one], 0, WIDTH);
});

test('a masked layer is masked alone, and the mask itself is not seen', () => {
  bench.clear();
  const window = { x0: 20, y0: 10, x1: 60, y1: 40 };
  const items = [
    solid(FRAME, BLUE),
    ...group(FRAME, [
      solid(FRAME, RED),
      ...mask(FRAME, FRAME, [solid(window, [0, 255, 0, 255])], MASK_ALPHA, 1, 0),
    ]),
  ];
  const found = rendered(items);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const isInside = x >= 20 && x < 60 && y >= 10 && y < 40;
      assert.deepEqual(colorAt(found, x, y), isInside ? RED : BLUE);
    }
});

test('the lowest buffer stays opaque: what would change it does nothing', () => {
  bench.clear();
  const below = place(7, false, 10, 10);
  const invert = [-1, 0, 0, 0, 1, 0, -1, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0];
  const changes = [
    ramp(FRAME, RAMP_LINEAR, [0, 0.5, 1, 0]),
    matrix(FRAME, invert),
    key(FRAME, [0, 1, 0, 0.5, 0.1, 0]),
    ...mask(FRAME, FRAME, place(8, false, 0, 0), MASK_ALPHA, 1, 0),
  ];
  assertWithin(rendered([...below, ...changes]), [...rendered(below)], 0, WIDTH);
});

test('groups are drawn down to the greatest depth, and no deeper', () => {
  bench.clear();
  const red = [solid(FRAME, RED)];
  const deepest = rendered(nested(MAX_DEPTH, red));
  assert.ok((colorAt(deepest, 48, 32)[0] ?? 0) > 200);
  assert.ok((colorAt(deepest, 48, 32)[1] ?? 255) < 40);
  let tooDeep: readonly Item[] = red;
  for (let i = 0; i <= MAX_DEPTH; i++) tooDeep = group(FRAME, tooDeep);
  assert.deepEqual(colorAt(rendered(tooDeep), 48, 32), [...BACKGROUND, 255]);
  const beside = rendered([...tooDeep, solid({ x0: 0, y0: 0, x1: 10, y1: 10 }, BLUE)]);
  assert.deepEqual(colorAt(beside, 5, 5), BLUE);
});

test('a group whose end was cut off is left out, with all that is in it', () => {
  bench.clear();
  const below = place(9, false, 5, 5);
  const cut = group(FRAME, [solid(FRAME, RED), ...group(FRAME, [solid(FRAME, BLUE)])]);
  assertWithin(rendered([...below, ...cut.slice(0, -1)]), [...rendered(below)], 0, WIDTH);
  assertWithin(rendered([...below, ...cut.slice(0, 4)]), [...rendered(below)], 0, WIDTH);
});

test('groups that a tile does not touch are passed over', () => {
  bench.clear();
  const right = { x0: 64, y0: 0, x1: 96, y1: HEIGHT };
  const left = { x0: 0, y0: 0, x1: 64, y1: HEIGHT };
  const inner = mask(right, right, place(10, false, 60, 20), MASK_ALPHA, 1, 0);
  const items = [
    solid(left, BLUE),
    ...group(right, [solid(FRAME, RED), ...inner]),
    ...place(11, false, 20, 20),
  ];
  const whole = rendered(items);
  const part = bench.renderRgba(items, BACKGROUND, left);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < 64; x++) {
      const at = (y * 64 + x) * 4;
      assert.deepEqual([...part.subarray(at, at + 4)], colorAt(whole, x, y));
    }
});

test('tiles with many open buffers keep to the scratch of their lane', () => {
  bench.clear();
  const size = TILE_MAX_WIDTH_PX;
  const wide: Rect = { x0: 0, y0: 0, x1: size, y1: TILE_MAX_PX / size };
  const large = createTileBench(size, TILE_MAX_PX / size);
  const pixels = noise(12, size, TILE_MAX_PX / size, false);
  const placing = { a: 1, b: 0, c: 0, d: 1, e: 0.5, f: 0.5 };
  const onto = { clip: wide, opacity: 1, blend: 0 };
  const item = toItem('item', large.bitmap(pixels), placing, onto);
  assert.ok(item !== null);
  const behind = large.scratch + WORKER_SCRATCH_BYTES;
  for (const depth of [0, 1, 2, 5, 10, MAX_DEPTH]) {
    let items: readonly Item[] = [item];
    for (let i = 0; i < depth; i++) {
      const left = i * 9;
      const bounds = { x0: left, y0: i, x1: size - i, y1: wide.y1 - 2 * i };
      items = group(bounds, [solid(bounds, [40, 20, 0, 60]), ...items], 240, i % 3);
    }
    large.bytes.fill(0xa5, behind, behind + WORKER_SCRATCH_BYTES);
    const whole = large.render(items, BACKGROUND, [wide]);
    const touched = large.bytes
      .subarray(behind, behind + WORKER_SCRATCH_BYTES)
      .findIndex((value) => value !== 0xa5);
    assert.equal(touched, -1, `depth ${depth}`);
    // Small tiles need no bands.
    const cut = large.render(items, BACKGROUND, toTiles([wide], 4096, 128));
    assert.equal(
      whole.findIndex((value, i) => value !== cut[i]),
      -1,
      `depth ${depth}`,
    );
  }
});

test('a bitmap that items are drawn into holds what the buffer of a group would, wherever it lies', () => {
  const [width, height] = [2048, 40];
  const wide: Rect = { x0: 0, y0: 0, x1: width, y1: height };
  const large = createTileBench(width, height);
  const pixels = noise(13, 1500, 30, false);
  const placing = { a: 1.2, b: 0.01, c: 0, d: 1, e: 20, f: 4 };
  const item = toItem('item', large.bitmap(pixels), placing, {
    clip: wide,
    opacity: 1,
    blend: 0,
  });
  assert.ok(item !== null);
  const items = [
    solid({ x0: 900, y0: 10, x1: 1100, y1: 30 }, [50, 20, 10, 90]),
    ...group(wide, [item, ramp(wide, RAMP_LINEAR, [1, 0, 1 / 2048, 0])], 200),
  ];
  const at = { x: 37, y: 5, width: 1800, height: 33 };
  large.kernels.composeBitmap(
    ...([large.record(items), items.length, at.x, at.y, at.width, at.height] as const),
    ...([large.free, large.scratch] as const),
  );
  const found = Buffer.from(large.bytes.slice(large.free, large.free + at.width * at.height * 4));
  // The group's buffer is read in two tiles, as wide as they may be.
  const half = { ...wide, x1: 1024 };
  const halves = [half, { ...half, x0: 1024, x1: 2048 }].map((tile) =>
    Buffer.from(large.renderGroup(group(wide, items), tile)),
  );
  for (let y = 0; y < at.height; y++)
    for (let x = 0; x < at.width; x++) {
      const [programX, programY] = [x + at.x, y + at.y];
      const from = (programY * 1024 + (programX % 1024)) * 4;
      const expected = halves[programX < 1024 ? 0 : 1]?.readUInt32LE(from);
      assert.equal(found.readUInt32LE((y * at.width + x) * 4), expected);
    }
});
