import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { restage } from '../../src/scene/motion/restage.js';
import { EMPTY_STAGE, type Stage } from '../../src/scene/motion/stage.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import { TransitionSchema } from '../../src/scene/schema/transition.js';
import { createPictures } from '../compositor/scene-pictures.js';
import { renderStill, sceneFrom } from '../support/engine.js';

const SIZE = { width: 64, height: 32 };
const LINEAR = TransitionSchema.parse({ durationMs: 1000, easing: 'linear' });

function sceneOf(...layers: LayerInput[]): Scene {
  return sceneFrom({ id: 's', ...SIZE, layers });
}

function box(fields: Partial<Extract<LayerInput, { type: 'shape' }>>): LayerInput {
  return { id: 'a', type: 'shape', shape: 'rectangle', width: 16, height: 16, ...fields };
}

const { pictures, remove } = await createPictures();
after(remove);

async function pixelsOf(scene: Scene, timeMs: number, stage = EMPTY_STAGE): Promise<Buffer> {
  const { i420 } = await renderStill(scene, { ...SIZE, timeMs, stage, pictures });
  return Buffer.from(i420);
}

function changed(before: Scene, after: Scene, atMs: number): Stage {
  return restage(EMPTY_STAGE, { before, after, atMs, transition: LINEAR, takenAtMs: 0 });
}

test('half-way a layer looks like one that stands half-way', async () => {
  const from = sceneOf(box({ x: 0, fill: '#000000', opacity: 1 }));
  const to = sceneOf(box({ x: 32, y: 8, fill: '#ffffff' }));
  const stage = changed(from, to, 200);
  const between = sceneOf(box({ x: 16, y: 4, fill: '#808080' }));
  assert.deepEqual(await pixelsOf(to, 700, stage), await pixelsOf(between, 700));
  assert.deepEqual(await pixelsOf(to, 200, stage), await pixelsOf(from, 200));
  assert.deepEqual(await pixelsOf(to, 1200, stage), await pixelsOf(to, 1200));
});

test('a layer that leaves is seen until it has left', async () => {
  const exit = {
    type: 'slide',
    direction: 'right',
    distance: 32,
    fade: false,
    durationMs: 1000,
    easing: 'linear',
  } as const;
  const stage = changed(sceneOf(box({ x: 4, exit })), sceneOf(), 0);
  assert.deepEqual(
    await pixelsOf(sceneOf(), 500, stage),
    await pixelsOf(sceneOf(box({ x: 20 })), 500),
  );
  assert.deepEqual(await pixelsOf(sceneOf(), 1000, stage), await pixelsOf(sceneOf(), 1000));
});

test('a layer that comes as its scene goes on air is seen to come', async () => {
  const enter = { type: 'pop', scale: 0.5, durationMs: 1000, easing: 'linear' } as const;
  const anchor = { x: 0.5, y: 0.5 };
  const place = { x: 32, y: 16, anchor };
  const half = await pixelsOf(sceneOf(box({ ...place, enter })), 500);
  assert.notDeepEqual(half, await pixelsOf(sceneOf(box(place)), 500));
  const full = await pixelsOf(sceneOf(box({ ...place, enter })), 1000);
  assert.deepEqual(full, await pixelsOf(sceneOf(box(place)), 1000));
});

test('the background moves from colour to colour', async () => {
  const [black, white] = ['#000000', '#ffffff'].map((background) => ({ ...sceneOf(), background }));
  assert.ok(black !== undefined && white !== undefined);
  const stage = changed(black, white, 0);
  const grey = { ...sceneOf(), background: '#808080' };
  assert.deepEqual(await pixelsOf(white, 500, stage), await pixelsOf(grey, 500));
});

test('a picture that changes its size is there at every moment of it, and after', async () => {
  const picture = (scale: number): LayerInput => ({
    id: 'p',
    type: 'image',
    asset: 'opaque',
    scale,
  });
  const [large, small] = [sceneOf(picture(1)), sceneOf(picture(0.25))];
  const stage = changed(large, small, 0);
  assert.deepEqual(await pixelsOf(small, 1000, stage), await pixelsOf(small, 0));
  const half = await pixelsOf(small, 500, stage);
  const missing = {
    ...small,
    layers: small.layers.map((layer) => ({ ...layer, asset: 'missing' })),
  };
  assert.notDeepEqual(half, await pixelsOf(missing, 500, changed(large, small, 0)));
});
