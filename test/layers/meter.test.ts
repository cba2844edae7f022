import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeterLayerSchema } from '../../src/layers/meter/schema.js';
import { METER_VIEW } from '../../src/layers/meter/view.js';
import type { Piece } from '../../src/render/piece.js';
import { SILENCE, type Heard } from '../../src/scene/sound/heard.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { contextWith, hearing } from './sound-context.js';

/** Views of one layer at several moments. */
function meter(fields: object): (heard: Heard) => readonly Piece[] {
  const layer = MeterLayerSchema.parse({
    id: 'a',
    type: 'meter',
    width: 600,
    height: 20,
    ...fields,
  });
  const view = METER_VIEW.create();
  const appearance = {};
  return (heard) => view(layer, contextWith(heard, appearance), compileAtRest(layer)).pieces;
}

function pieceOf(pieces: readonly Piece[], name: string): Piece | undefined {
  return pieces.find((piece) => piece.name === name);
}

test('a bar is as long as the level in dB is on its way from the floor to full scale', () => {
  const view = meter({ peakHold: false });
  for (const [db, lengthPx] of [
    [0, 600],
    [-6, 540],
    [-30, 300],
    [-59.9, 1],
  ] as const)
    assert.equal(pieceOf(view(hearing(db)), 'level0')?.part?.width, lengthPx, `${db} dB`);
  for (const heard of [SILENCE, hearing(-60), hearing(-90)])
    assert.deepEqual(
      view(heard).map(({ name }) => name),
      ['track'],
    );
  assert.equal(pieceOf(view(hearing(20)), 'level0')?.part?.width, 600);
  assert.equal(pieceOf(view(hearing(NaN)), 'level0'), undefined);
});

test('it grows where it is said to, from the edge of its box', () => {
  const upright = { width: 20, height: 300, peakHold: false };
  const partOf = (fields: object): unknown => pieceOf(meter(fields)(hearing(-30)), 'level0')?.part;
  assert.deepEqual(partOf({ direction: 'left', peakHold: false }), {
    x: 300,
    y: 0,
    width: 300,
    height: 20,
  });
  assert.deepEqual(partOf({ ...upright, direction: 'up' }), {
    x: 0,
    y: 150,
    width: 20,
    height: 150,
  });
  assert.deepEqual(partOf({ ...upright, direction: 'down' }), {
    x: 0,
    y: 0,
    width: 20,
    height: 150,
  });
});

test('the mark stands where the peak was', () => {
  const pieces = meter({})(hearing(-30, -12));
  const mark = pieceOf(pieces, 'mark0');
  assert.deepEqual([mark?.x, mark?.width], [477, 3]);
  assert.equal(pieceOf(meter({ peakHold: false })(hearing(-30, -12)), 'mark0'), undefined);
});

test('two channels have a bar each, the right one as loud as it is itself', () => {
  const pieces = meter({ channels: 'stereo', height: 43, peakHold: false })(hearing(-6));
  const [left, right] = ['level0', 'level1'].map((name) => pieceOf(pieces, name)?.part);
  assert.deepEqual(left, { x: 0, y: 0, width: 540, height: 20 });
  assert.deepEqual(right, { x: 0, y: 23, width: 480, height: 20 });
});

test('lights go on one by one, whole, with even gaps', () => {
  const view = meter({ style: 'segments', segments: 10, gap: 3, peakHold: false });
  const ends = Array.from({ length: 61 }, (_, i) => -i).map(
    (db) => pieceOf(view(hearing(db)), 'level0')?.part?.width ?? 0,
  );
  const lit = [...new Set(ends)].sort((a, b) => a - b);
  assert.equal(lit.length, 11);
  assert.ok(lit.every((end) => Number.isInteger(end)));
  const held = meter({ style: 'segments', segments: 10, gap: 0 })(hearing(-60, -6));
  assert.deepEqual(pieceOf(held, 'mark0')?.part, { x: 480, y: 0, width: 60, height: 20 });
});

test('a ring has a light for each step, and shows the louder channel', () => {
  const view = meter({ style: 'ring', width: 200, height: 200, segments: 40, channels: 'stereo' });
  const lights = (heard: Heard): number =>
    view(heard).filter(({ name }) => name.startsWith('light')).length;
  assert.deepEqual(
    [0, -30, -60].map((db) => lights(hearing(db))),
    [40, 20, 0],
  );
  assert.equal(lights(hearing(-30, -6)), 21);
  assert.ok(
    view(hearing(0)).every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y)),
    'lights are on whole pixels',
  );
});

test('a change of the level paints nothing that has not been painted before', () => {
  for (const fields of [
    {},
    { cornerRadius: 10, channels: 'stereo' },
    { style: 'segments', channels: 'stereo' },
    { style: 'ring', width: 200, height: 200 },
  ]) {
    const view = meter(fields);
    const keys = new Set<string>();
    for (let db = -60; db <= 0; db += 0.25)
      for (const { content } of view(hearing(db, -3))) keys.add(content.key);
    const most = fields.style === 'ring' ? 25 : 3;
    assert.ok(keys.size <= most, `${JSON.stringify(fields)}: ${keys.size} bitmaps`);
  }
});

test('the same level is the same picture', () => {
  const view = meter({ style: 'segments' });
  assert.deepEqual(view(hearing(-20.1)), view(hearing(-20.2)));
});
