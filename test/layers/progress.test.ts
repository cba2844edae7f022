import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { createProgressView } from '../../src/layers/progress/view.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import type { LayerInput, LayerOf } from '../../src/scene/schema/layer.js';
import { ProgressLayerSchema } from '../../src/layers/progress/schema.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { complaintsAbout } from '../scene/complaints.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { nextId, sheet, WARM } from '../render/sheet.js';

type Fields = Partial<Omit<Extract<LayerInput, { type: 'progress' }>, 'id' | 'type'>>;

function progress(x: number, y: number, width: number, height: number, fields: Fields) {
  return { id: nextId(), type: 'progress', x, y, width, height, value: 0.6, ...fields } as const;
}

sheet('progress-bars', [
  progress(10, 10, 140, 10, {}),
  progress(10, 30, 140, 14, { cornerRadius: 7, value: 0.35, fill: '#34d399' }),
  progress(10, 54, 140, 14, { cornerRadius: 7, value: 0.02, fill: '#34d399' }),
  progress(10, 78, 140, 14, { cornerRadius: 7, fill: WARM, shadow: {} }),
  progress(10, 102, 140, 22, {
    cornerRadius: 6,
    direction: 'left',
    value: 0.75,
    fill: '#a78bfa80',
    border: { width: 2, color: '#a78bfa' },
  }),
  progress(10, 134, 140, 30, {
    cornerRadius: 15,
    fill: '#0ea5e9',
    value: 42,
    max: 60,
    label: { text: '{value} of {max}', fontSize: 16, fontWeight: 700 },
  }),
  progress(170, 10, 16, 90, { direction: 'up', cornerRadius: 8, value: 0.3 }),
  progress(196, 10, 16, 90, { direction: 'down', cornerRadius: 8, value: 0.3, fill: WARM }),
  progress(222, 10, 88, 16, { style: 'segments', value: 0.5 }),
  progress(222, 36, 88, 20, {
    style: 'segments',
    segments: 5,
    gap: 6,
    cornerRadius: 4,
    value: 0.99,
    fill: WARM,
  }),
  progress(222, 66, 20, 60, { style: 'segments', direction: 'up', segments: 6, value: 0.5 }),
  progress(255, 75, 44, 30, { trackColor: '#ffffff', fill: '#ef4444', value: 0.25, opacity: 0.5 }),
  progress(240, 150, 100, 16, {
    anchor: { x: 0.5, y: 0.5 },
    rotation: -12,
    cornerRadius: 8,
    fill: '#facc15',
    label: { fontSize: 12, fontWeight: 700, color: '#ffffff' },
  }),
]);

sheet('progress-rings', [
  progress(10, 10, 90, 90, {
    style: 'ring',
    thickness: 10,
    value: 0.72,
    label: { fontSize: 22, fontWeight: 700 },
  }),
  progress(115, 10, 90, 90, { style: 'ring', thickness: 14, value: 1, fill: WARM }),
  progress(220, 10, 90, 90, {
    style: 'ring',
    thickness: 4,
    direction: 'left',
    value: 0.2,
    fill: '#f472b6',
    label: { text: '{percent} %', fontSize: 16, color: '#f472b6' },
  }),
  progress(10, 110, 60, 60, {
    style: 'ring',
    thickness: 30,
    value: 0.4,
    cap: 'butt',
    startAngle: 90,
  }),
  progress(85, 110, 60, 60, { style: 'ring', value: 0 }),
  progress(160, 110, 100, 60, {
    style: 'ring',
    thickness: 12,
    value: 0.5,
    startAngle: 180,
    trackColor: 'transparent',
    shadow: {},
  }),
  progress(270, 110, 40, 60, { style: 'ring', thickness: 6, value: 0.01, fill: '#34d399' }),
]);

const text = createTextEngine();

function viewOf(fields: Fields) {
  const layer: LayerOf<'progress'> = ProgressLayerSchema.parse({
    id: 'a',
    type: 'progress',
    width: 400,
    height: 20,
    ...fields,
  });
  const nothing = (): null => null;
  return createProgressView()(layer, {
    sceneTimeMs: 0,
    wallOffsetMs: 0,
    heard: SILENCE,
    programTimeMs: 0,
    scale: 1,
    text,
    appearance: {},
    isBetweenPixels: false,
    picture: nothing,
    pictureOffset: nothing,
    videoFrame: () => null,
    livePicture: () => null,
    takenAtMs: 0,
  });
}

function keysOver(fields: Fields): Set<string> {
  const values = Array.from({ length: 101 }, (_, i) => i / 100);
  return new Set(
    values.flatMap((value) =>
      viewOf({ ...fields, value }).pieces.map(({ content }) => content.key),
    ),
  );
}

test('a bar or segments need two bitmaps, whatever their value', () => {
  assert.equal(keysOver({}).size, 2);
  assert.equal(keysOver({ cornerRadius: 10, direction: 'left' }).size, 2);
  assert.equal(keysOver({ fill: WARM }).size, 2);
  assert.equal(keysOver({ style: 'segments', cornerRadius: 3 }).size, 2);
});

test('a ring is not painted anew as long as its end moves by less than half a pixel', () => {
  const ring = { style: 'ring', width: 100, height: 100 } as const;
  const contents = Array.from({ length: 1000 }, (_, i) =>
    viewOf({ ...ring, value: i / 100_000 }).pieces.map(({ content }) => content.key),
  );
  // A hundredth of a circle of 42 pixels is 2.6 pixels long.
  assert.ok(new Set(contents.flat()).size <= 8);
});

const SIZE = { width: 120, height: 20 };
const memory = createSharedMemory();

/** Where a white bar on black ends, in pixels. */
async function endOf(fields: Fields): Promise<number> {
  const layer = { id: 'a', type: 'progress', fill: '#fff', trackColor: '#000', ...SIZE } as const;
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [{ ...layer, ...fields }] });
  const { i420 } = await renderStill(scene, { ...SIZE, timeMs: 0, memory });
  const row = i420.subarray(SIZE.width * 10, SIZE.width * 11);
  return row.filter((luma) => luma > 200).length;
}

test('a bar is as long as its value says, between the least and the most', async () => {
  for (const cornerRadius of [0, 10]) {
    assert.equal(await endOf({ cornerRadius, value: 0.5 }), 60);
    assert.equal(await endOf({ cornerRadius, value: 15, min: 10, max: 20 }), 60);
    assert.equal(await endOf({ cornerRadius, value: -3 }), 0);
    assert.equal(await endOf({ cornerRadius, value: 3 }), 120);
  }
});

test('a segment is lit when its end is reached', async () => {
  const segments = { style: 'segments', segments: 4, gap: 0 } as const;
  assert.equal(await endOf({ ...segments, value: 0.2499 }), 0);
  assert.equal(await endOf({ ...segments, value: 0.25 }), 30);
  assert.equal(await endOf({ ...segments, value: 0.75 }), 90);
  assert.equal(await endOf({ ...segments, value: 1 }), 120);
});

test('the value moves, like any number', async () => {
  const keyframes = [
    { atMs: 0, value: 0 },
    { atMs: 1000, value: 1 },
  ];
  const layer: LayerInput = {
    id: 'a',
    type: 'progress',
    fill: '#fff',
    trackColor: '#000',
    ...SIZE,
    animations: [{ property: 'value', keyframes }],
  };
  const scene = sceneFrom({ id: 's', ...SIZE, layers: [layer] });
  const { i420 } = await renderStill(scene, { ...SIZE, timeMs: 250, memory });
  assert.equal(i420.subarray(0, SIZE.width).filter((luma) => luma > 200).length, 30);
});

test('the most is over the least', () => {
  const range = (min: number, max: number) => complaintsAbout({ type: 'progress', min, max });
  assert.deepEqual(range(0, 0.1), {});
  assert.match(range(5, 5)['max'] ?? '', /greater than min/);
});
