import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScene } from '../../src/scene/compile-scene.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import type { CompiledLayer } from '../../src/scene/resolve.js';
import { retainLayers } from '../../src/scene/retain.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { SceneSchema, type Scene } from '../../src/scene/schema/scene.js';

function sceneOf(...layers: LayerInput[]): Scene {
  return SceneSchema.parse({ id: 's', layers });
}

function text(id: string, words: string): LayerInput {
  return { id, type: 'text', text: words };
}

test('layers that did not change are the very objects of before, wherever they stand', () => {
  const before = sceneOf(text('a', 'one'), text('b', 'two'), text('c', 'three'));
  const next = structuredClone(sceneOf(text('c', 'three'), text('d', 'new'), text('a', 'one')));
  const retained = retainLayers(before, next);
  assert.equal(retained.layers[0], before.layers[2]);
  assert.equal(retained.layers[1], next.layers[1]);
  assert.equal(retained.layers[2], before.layers[0]);
  assert.deepEqual(retained, next);
});

test('a layer that differs in anything is the new one', () => {
  const before = sceneOf(text('a', 'one'));
  for (const next of [
    sceneOf(text('a', 'two')),
    sceneOf({ id: 'a', type: 'text', text: 'one', x: 1 }),
    sceneOf({ id: 'a', type: 'text', text: 'one', name: 'with a name' }),
    sceneOf({ id: 'a', type: 'text', text: 'one', shadow: {} }),
    sceneOf(text('b', 'one')),
  ])
    assert.equal(retainLayers(before, next).layers[0], next.layers[0]);
});

test('fields of the scene itself are those of the next one', () => {
  const next = { ...sceneOf(text('a', 'one')), background: '#ffffff', width: 640 };
  const retained = retainLayers(sceneOf(text('a', 'one')), next);
  assert.equal(retained.background, '#ffffff');
  assert.equal(retained.width, 640);
  assert.equal(retainLayers(null, next), next);
});

test('what was worked out for a layer is kept with it', () => {
  const before = sceneOf(text('a', 'one'));
  const compiledIn = (scene: Scene): CompiledLayer | undefined =>
    compileScene({ scene, stage: EMPTY_STAGE, takenAtMs: 0 }).layersAt(0)[0];
  const first = compiledIn(before);
  const retained = retainLayers(before, structuredClone(before));
  assert.equal(compiledIn(retained), first);
});
