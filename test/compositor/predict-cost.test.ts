import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { predictCost, type CostPrediction } from '../../src/compositor/cost/predict-cost.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';

const SIZE = { width: 1280, height: 720 };
const FRAME_MS = 1000 / 60;

before(registerShippedFonts);

function snapshotWith(layers: LayerInput[], nested: Parameters<typeof sceneFrom>[0][] = []) {
  const scenes = nested.map(sceneFrom).map((scene) => [scene.id, scene] as const);
  return snapshotOf(sceneFrom({ id: 's', ...SIZE, layers }), {
    nested: Object.fromEntries(scenes),
  });
}

function predict(layers: LayerInput[], factor = 1): CostPrediction {
  const request = { ...SIZE, programTimeMs: 0, frameDurationMs: FRAME_MS, threads: 2 };
  return predictCost({ ...request, snapshot: snapshotWith(layers) }, factor);
}

function moving(layer: LayerInput): LayerInput {
  const keyframes = [
    { atMs: 0, value: 10 },
    { atMs: 2000, value: 130 },
  ];
  return { ...layer, animations: [{ property: 'x', keyframes }] };
}

const AREA = { type: 'shape', shape: 'ellipse', fill: '#3a7', y: 20 } as const;
const SMALL: LayerInput = { ...AREA, id: 'small', width: 200, height: 150 };
const LARGE: LayerInput = { ...AREA, id: 'large', width: 1100, height: 650 };
const TEXT: LayerInput = { id: 'text', type: 'text', text: 'Some words', fontSize: 40 };

test('what stands still costs its paint once, and nothing with every frame', () => {
  const { layers, frameMs, paintMs, headroomPercent, budgetMs } = predict([LARGE, TEXT]);
  assert.deepEqual(
    layers.map(({ layerId, frameMs: own, changedPx }) => [layerId, own, changedPx]),
    [
      ['large', 0, 0],
      ['text', 0, 0],
    ],
  );
  assert.deepEqual([frameMs, headroomPercent, budgetMs], [0, 100, 2 * FRAME_MS]);
  assert.ok(paintMs > 0 && layers.every((layer) => layer.paintMs > 0 && layer.bitmapBytes > 0));
});

test('more pixels, harder sampling and harder blends cost more', () => {
  const costs = [
    [moving(SMALL)],
    [moving(LARGE)],
    [moving({ ...LARGE, rotation: 20 })],
    [moving({ ...LARGE, blend: 'multiply', rotation: 20 })],
    [moving({ ...LARGE, blend: 'hue', rotation: 20 })],
    [moving({ ...LARGE, blend: 'hue', rotation: 20 }), moving({ ...LARGE, id: 'more' })],
  ].map((layers) => predict(layers).frameMs);
  assert.ok(
    costs.every((cost, i) => cost > (costs[i - 1] ?? 0)),
    costs.join(),
  );
});

test('shadows, blurs and letters make a paint cost more', () => {
  const plain = predict([LARGE]).paintMs;
  assert.ok(predict([{ ...LARGE, shadow: { blur: 40 } }]).paintMs > 3 * plain);
  assert.ok(predict([{ ...LARGE, filters: [{ type: 'blur', radius: 20 }] }]).paintMs > 3 * plain);
  const long: LayerInput = { ...TEXT, text: 'Some words '.repeat(40), width: 900 };
  assert.ok(predict([long]).paintMs > 3 * predict([TEXT]).paintMs);
});

test('what is painted anew with every frame costs its paint with every frame', () => {
  const growing: LayerInput = {
    ...TEXT,
    shadow: { blur: 20 },
    animations: [
      {
        property: 'fontSize',
        keyframes: [
          { atMs: 0, value: 40 },
          { atMs: 2000, value: 90 },
        ],
      },
    ],
  };
  const [layer] = predict([growing]).layers;
  assert.ok(layer !== undefined && layer.frameMs > 0.5 * layer.paintMs);
});

test('costs are those of the layer that has them, also in groups and scenes', () => {
  const layers: LayerInput[] = [
    SMALL,
    {
      id: 'group',
      type: 'group',
      width: 1280,
      height: 720,
      layers: [moving({ ...LARGE, id: 'in' })],
    },
    { id: 'other', type: 'scene', scene: 'inner', width: 640, height: 360 },
    { ...SMALL, id: 'hidden', visible: false },
  ];
  const snapshot = snapshotWith(layers, [{ id: 'inner', ...SIZE, layers: [moving(LARGE)] }]);
  const { layers: costs } = predictCost(
    { snapshot, ...SIZE, programTimeMs: 0, frameDurationMs: FRAME_MS, threads: 1 },
    1,
  );
  const moved = costs.filter(({ changedPx }) => changedPx > 0);
  assert.deepEqual(
    moved.map(({ sceneId, layerId }) => `${sceneId}/${layerId}`).sort(), // What lies below something that moves is drawn anew, too.
    ['inner/large', 's/in', 's/other', 's/small'],
  );
  assert.ok(!costs.some(({ layerId }) => layerId === 'hidden'));
});

test('a slower machine has less headroom', () => {
  const layers = [moving(LARGE)];
  const [one, two] = [predict(layers, 1), predict(layers, 2)];
  assert.ok(Math.abs(two.frameMs - 2 * one.frameMs) < 1e-9);
  assert.ok(two.headroomPercent < one.headroomPercent);
});
