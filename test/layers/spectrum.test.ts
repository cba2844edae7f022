import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bendsOf, smoothAt } from '../../src/layers/spectrum/line.js';
import { SpectrumLayerSchema } from '../../src/layers/spectrum/schema.js';
import { SPECTRUM_VIEW } from '../../src/layers/spectrum/view.js';
import type { Piece } from '../../src/render/piece.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { SILENCE, STATED, type Heard } from '../../src/scene/sound/heard.js';
import { contextWith, hearing } from './sound-context.js';

const BASE = { id: 'a', type: 'spectrum', bands: 4, width: 400, height: 100, gap: 4 };
/** In dBFS, from low to high. */
const BANDS = [0, -15, -30, -60];

function spectrum(fields: object): (heard: Heard) => readonly Piece[] {
  const layer = SpectrumLayerSchema.parse({ ...BASE, ...fields });
  const view = SPECTRUM_VIEW.create();
  const appearance = {};
  return (heard) => view(layer, contextWith(heard, appearance), compileAtRest(layer)).pieces;
}

const heights = (pieces: readonly Piece[]): (number | undefined)[] =>
  pieces.map(({ part }) => part?.height);

test('bars are as high as their bands are loud, equally wide and equally far from each other', () => {
  const pieces = spectrum({})(hearing(0, 0, BANDS));
  assert.deepEqual(
    pieces.map(({ part }) => [part?.x, part?.y, part?.width, part?.height]),
    [
      [0, 0, 97, 100],
      [101, 25, 97, 75],
      [202, 50, 97, 50],
      [303, 98, 97, 2],
    ],
  );
});

test('they grow from any edge, and in any order', () => {
  const heard = hearing(0, 0, BANDS);
  assert.deepEqual(heights(spectrum({ order: 'falling' })(heard)), [2, 50, 75, 100]);
  assert.deepEqual(
    heights(spectrum({ order: 'symmetric' })(heard)),
    [2, 50, 75, 100, 100, 75, 50, 2],
  );
  const tops = (origin: string): (number | undefined)[] =>
    spectrum({ origin })(heard).map(({ part }) => part?.y);
  assert.deepEqual(tops('top'), [0, 0, 0, 0]);
  assert.deepEqual(tops('middle'), [0, 12, 25, 49]);
});

test('a bar with round ends is put together from two halves of one bitmap that is painted once', () => {
  const pieces = spectrum({ cornerRadius: 8 })(hearing(0, 0, BANDS));
  assert.equal(new Set(pieces.map(({ content }) => content.key)).size, 1);
  assert.equal(pieces.length, 8);
  const [upper, lower] = pieces.slice(2);
  assert.deepEqual([upper?.part?.y, lower?.part?.y], [25, 63]);
  assert.equal((lower?.part?.y ?? NaN) + (lower?.part?.height ?? NaN), 100);
});

test('where nothing is measured every band rests', () => {
  assert.deepEqual(heights(spectrum({})(SILENCE)), [2, 2, 2, 2]);
  assert.deepEqual(spectrum({ restLength: 0 })(SILENCE), []);
  assert.deepEqual(heights(spectrum({})(hearing(0, 0, [NaN, NaN, NaN, NaN]))), [2, 2, 2, 2]);
});

test('a line goes through its bands, and never beyond two that are next to each other', () => {
  const values = [0.2, 0.9, 0.4, 0.4, 1];
  values.forEach((value, i) => {
    assert.ok(Math.abs(smoothAt(values, i) - value) < 1e-12);
  });
  for (let place = 0; place <= 4; place += 0.01) {
    const [a = 0, b = a] = values.slice(Math.floor(place), Math.floor(place) + 2);
    const value = smoothAt(values, place);
    assert.ok(value >= Math.min(a, b) - 1e-12 && value <= Math.max(a, b) + 1e-12, `${place}`);
  }
});

test('a line has one bitmap for each steepness: after a while there is nothing to paint', () => {
  const layer = SpectrumLayerSchema.parse({ ...BASE, style: 'line', bands: 16, width: 960 });
  const bends = bendsOf(layer, Array<number>(16).fill(0.5), 1);
  assert.equal(bends.length, 97);
  assert.ok(bends.every(({ xPx, yPx }) => Number.isInteger(xPx) && Number.isInteger(yPx)));
  const view = spectrum({ style: 'line', bands: 16, width: 960 });
  const keys = new Set<string>();
  let last = 0;
  for (let n = 0; n < 400; n++) {
    const levels = Array.from({ length: 16 }, (_, i) => -30 + 30 * Math.sin(n * 0.7 + i * i));
    const before = keys.size;
    for (const { content } of view(hearing(0, 0, levels))) keys.add(content.key);
    last = keys.size - before;
  }
  assert.ok(last <= 3 && keys.size < 200, `${keys.size} bitmaps, ${last} of them new`);
});

test('a ring has few bitmaps for each of its bars', () => {
  const view = spectrum({ style: 'ring', bands: 12, width: 300, height: 300 });
  const keys = new Set<string>();
  for (let db = -60; db <= 0; db += 0.1)
    for (const { content } of view(hearing(0, 0, Array<number>(12).fill(db))))
      keys.add(content.key);
  assert.ok(keys.size <= 12 * 41, `${keys.size}`);
});

test('what is stated where there is no sound is always the same, and not silent', () => {
  const view = spectrum({ bands: 32 });
  assert.deepEqual(view(STATED), view(STATED));
  assert.ok(heights(view(STATED)).every((height) => (height ?? 0) > 2));
});
