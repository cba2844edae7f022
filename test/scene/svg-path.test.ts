import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Path2D } from '@napi-rs/canvas';
import { createCanvas, type Context2D } from '../../src/render/canvas.js';
import type { Outline } from '../../src/render/outline.js';
import { traceOutline } from '../../src/render/paint/trace.js';
import { hullOf } from '../../src/scene/figures/path-segment.js';
import { checkSvgPath, parseSvgPath } from '../../src/scene/figures/svg-path.js';
import { RandomNumbers } from '../support/random-numbers.js';

const SIZE_PX = 100;
const BOX = { x: 0, y: 0, width: SIZE_PX, height: SIZE_PX };

/** How opaque each pixel is that a path fills. */
function coverage(fill: (context: Context2D) => void): Uint8Array {
  const canvas = createCanvas(SIZE_PX, SIZE_PX);
  fill(canvas.getContext('2d'));
  return Uint8Array.from(canvas.data().filter((_, i) => i % 4 === 3));
}

/** Skia flattens curves of different orders to a quarter of a pixel each: edges differ by that, areas do not. */
const EDGE_TOLERANCE = 128;
const AREA_TOLERANCE = 0.01;

const PATHS = [
  'M10 10 L90 10 90 90 10 90Z',
  'm10,10 80,0 0,80 -80,0z',
  'M10 10H90V90h-80z m20 20 h40 v40 h-40z',
  'M10 50C10 10 90 10 90 50S10 90 10 50',
  'M10 50c0-40 80-40 80 0s-80 40-80 0',
  'M10 50Q50 0 90 50T10 80',
  'M10 50q40-50 80 0t-80 30z',
  'M20 50A30 30 0 1 1 80 50A30 30 0 0 1 20 50',
  'M20 20a40 20 30 0 1 50 40z',
  'M20 20a40 20 30 1 0 50 40z',
  'M20 20a40 20 30 1150 40z',
  'M20 20a2 1 30 0050 40z',
  'M50 50a25 25 0 1 0 25 25z L80 20 L20 20z',
  'M.5.5 50-1e-1 5e1 5E+1',
  '\n M 10 10 \t L 90 , 50 \f 10 90 \r z ',
  'M12 21s-9-5.6-9-12a5 5 0 0 1 9-3 5 5 0 0 1 9 3c0 6.4-9 12-9 12z',
  'M10 10zL50 10 50 50zl30 0',
];

for (const data of PATHS) {
  test(`${JSON.stringify(data)} is the figure that Skia reads from it`, () => {
    const outline: Outline = { type: 'path', data, viewBox: null };
    const own = coverage((context) => {
      traceOutline(context, outline, BOX, 0);
      context.fill();
    });
    const expected = coverage((context) => {
      context.fill(new Path2D(data));
    });
    const differences = own.map((value, i) => Math.abs(value - (expected[i] ?? 0)));
    const area = (pixels: Uint8Array): number =>
      pixels.reduce((sum, value) => sum + value, 0) / 255;
    assert.ok(area(expected) > 50);
    assert.ok(
      Math.abs(area(own) - area(expected)) <= AREA_TOLERANCE * area(expected),
      `${area(own)} pixels`,
    );
    assert.ok(Math.max(...differences) <= EDGE_TOLERANCE, `${Math.max(...differences)}`);
  });
}

const WRONG: readonly (readonly [data: string, message: RegExp])[] = [
  ['', /nothing in it/],
  ['   ', /nothing in it/],
  ['L10 10', /begins with L, not with M/],
  ['M', /a number should be at position 1, there is the end/],
  ['M10', /a number should be at position 3, there is the end/],
  ['M10 10 L20', /a number should be at position 10, there is the end/],
  ['M10 10 garbage', /no command g/],
  ['M10 10 X20 20', /no command X/],
  ['M10 10 L20 20,', /a command should be at position 13, there is “,”/],
  ['M,10 10', /a number should be at position 1, there is “,10 10”/],
  ['M10,,10', /a number should be/],
  ['M10 10 L NaN 4', /a number should be/],
  ['M10 10 A5 5 0 2 1 20 20', /a flag, 0 or 1, should be at position 14/],
  ['M10 10 z 5', /a command should be at position 9, there is “5”/],
  ['M10 10 L1e9 0', /numbers go up to/],
  ['M10 10; L 20 20', /a command should be at position 6/],
];

for (const [data, message] of WRONG) {
  test(`${JSON.stringify(data)} is refused, with the place`, () => {
    assert.throws(() => parseSvgPath(data), { name: 'PathSyntaxError', message });
    assert.throws(
      () => {
        checkSvgPath(data);
      },
      { name: 'PathSyntaxError', message },
    );
  });
}

test('every point of a path is in its hull', () => {
  const hull = hullOf(parseSvgPath('M10 50C10 10 90 10 90 50 A5 5 0 0 1 100 50z'));
  assert.deepEqual(hull.slice(0, 4), [
    { x: 10, y: 50 },
    { x: 10, y: 10 },
    { x: 90, y: 10 },
    { x: 90, y: 50 },
  ]);
  assert.ok(
    hull.some(({ y }) => y < 45.1),
    'the top of the arc',
  );
});

test('two half circles have the area of a circle', () => {
  const data = 'M20 50A30 30 0 1 1 80 50A30 30 0 0 1 20 50';
  const pixels = coverage((context) => {
    traceOutline(context, { type: 'path', data, viewBox: null }, BOX, 0);
    context.fill();
  });
  const area = pixels.reduce((sum, value) => sum + value, 0) / 255;
  assert.ok(Math.abs(area - Math.PI * 30 ** 2) < 5, `${area} pixels`);
});

/** What a function throws; null when it does not. */
function complaintOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('checking path data complains of the same as reading it', () => {
  const parts = 'M L h v C s Q t A a z Z 0 1 11 -.5 .5. 3e1 1e9 1000000 1000001 , ,, - + e X'.split(
    ' ',
  );
  const random = new RandomNumbers(11);
  let wrong = 0;
  for (let i = 0; i < 20_000; i++) {
    const data = `M0 0${Array.from({ length: 8 }, () => random.pick(parts)).join(i % 2 === 0 ? ' ' : '')}`;
    const read = complaintOf(() => parseSvgPath(data));
    assert.equal(
      complaintOf(() => {
        checkSvgPath(data);
      }),
      read,
      data,
    );
    if (read !== null) wrong++;
  }
  assert.ok(wrong > 1000 && wrong < 20_000, `${wrong} wrong ones`);
});
