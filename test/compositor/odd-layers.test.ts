import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { renderStill, sceneFrom, type Still } from '../support/engine.js';

const SIZE = { width: 320, height: 180 };
const memory = createSharedMemory();

function still(layers: LayerInput[], timeMs = 0): Promise<Still> {
  return renderStill(sceneFrom({ id: 's', ...SIZE, layers }), { ...SIZE, timeMs, memory });
}

/** Pixels that are not black. */
function litPixels({ i420 }: Still): number {
  return i420.subarray(0, SIZE.width * SIZE.height).reduce((sum, y) => sum + (y > 40 ? 1 : 0), 0);
}

const MARK: LayerInput = {
  id: 'mark',
  type: 'shape',
  shape: 'rectangle',
  x: 8,
  y: 8,
  width: 8,
  height: 8,
};

function moving(property: string, from: number, to: number): LayerInput['animations'] {
  const keyframes = [
    { atMs: 0, value: from },
    { atMs: 1000, value: to },
  ];
  return [{ property, keyframes }];
}

const FLAT_LINE = {
  id: 'line',
  type: 'shape',
  shape: 'line',
  x: 60,
  y: 90,
  width: 200,
  height: 0,
  lineWidth: 6,
} as const;

test('draws a flat line at rest', async () => {
  assert.equal(litPixels(await still([FLAT_LINE])), 200 * 6);
});

test('draws a flat line that is turned', async () => {
  const lit = litPixels(await still([{ ...FLAT_LINE, rotation: 30 }]));
  assert.ok(Math.abs(lit - 1200) < 240, `${lit} pixels are lit`);
});

test('draws a flat and an upright line that move', async () => {
  assert.ok(litPixels(await still([{ ...FLAT_LINE, animations: moving('x', 0, 60) }])) >= 1200);
  const upright = { ...FLAT_LINE, y: 20, width: 0, height: 100 };
  assert.ok(litPixels(await still([{ ...upright, animations: moving('x', 30, 60) }])) >= 600);
});

/** All of them fit the schema; none may cost the others the frame. */
const ODD_LAYERS: Readonly<Record<string, LayerInput>> = {
  'a rectangle without width that moves': {
    id: 'odd',
    type: 'shape',
    shape: 'rectangle',
    width: 0,
    height: 50,
    animations: moving('x', 0, 60),
  },
  'a picture that moves by more than a number can hold': {
    id: 'odd',
    type: 'shape',
    shape: 'ellipse',
    width: 10,
    height: 10,
    animations: moving('x', -1e308, 1e308),
  },
  'a ticker of signs without width that moves': {
    id: 'odd',
    type: 'ticker',
    text: '\u200b',
    width: 100,
    height: 20,
    animations: moving('y', 0, 60),
  },
  'a text whose lines have no height and that moves': {
    id: 'odd',
    type: 'text',
    text: 'text',
    animations: [...(moving('lineHeight', 0, 0) ?? []), ...(moving('x', 0, 9) ?? [])],
  },
  'a text whose lines are upside down': {
    id: 'odd',
    type: 'text',
    text: 'two\nlines',
    animations: moving('lineHeight', -2, -2),
  },
  'a line that is thicker than anything': {
    id: 'odd',
    type: 'shape',
    shape: 'line',
    width: 10,
    height: 10,
    animations: moving('lineWidth', 1e5, 1e5),
  },
  'a shadow that falls out of the world': {
    id: 'odd',
    type: 'shape',
    shape: 'rectangle',
    width: 10,
    height: 10,
    shadow: {},
    animations: moving('shadow.x', 1e308, -1e308),
  },
  'an anchor far away': {
    id: 'odd',
    type: 'shape',
    shape: 'rectangle',
    width: 10,
    height: 10,
    rotation: 7,
    animations: moving('anchor.x', -1e300, 1e300),
  },
  'signs that are further apart than the frame is wide': {
    id: 'odd',
    type: 'text',
    text: 'far apart',
    animations: moving('letterSpacing', -1e6, 1e6),
  },
  'a layer that is smaller than a pixel': {
    id: 'odd',
    type: 'shape',
    shape: 'rectangle',
    width: 10,
    height: 10,
    scale: 1e-5,
    rotation: 20,
  },
  'a ticker that is faster than anything': {
    id: 'odd',
    type: 'ticker',
    text: 'fast',
    width: 100,
    height: 20,
    animations: moving('speed', 1e308, 1e308),
  },
  'a text of nothing': { id: 'odd', type: 'text', text: '' },
  'a clock of nothing': { id: 'odd', type: 'clock', format: '' },
  'a font that does not exist': {
    id: 'odd',
    type: 'text',
    text: 'text',
    fontFamily: '"}; , \\, no such font',
    x: 100,
    y: 100,
  },
};

for (const [name, layer] of Object.entries(ODD_LAYERS)) {
  test(`loses no frame over ${name}`, async () => {
    for (const timeMs of [0, 500, 1000, 60_000]) {
      const { i420 } = await still([MARK, layer], timeMs);
      assert.equal(i420[9 * SIZE.width + 9], 235, `at ${timeMs} ms`);
    }
  });
}
