import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupLayerSchema, LEAF_SCHEMAS, type Layer } from '../../src/scene/schema/layer.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';
import { SceneTransitionSchema } from '../../src/scene/schema/scene-transition.js';
import { sheetScene } from '../../bench/sheet/sheet-scene.js';
import { TRANSITIONS } from '../../bench/sheet/transition-stills.js';

function layersIn(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) =>
    layer.type === 'group' ? [layer, ...layersIn(layer.layers)] : [layer],
  );
}

test('the contact sheet shows every kind of layer', () => {
  const shown = new Set(layersIn(SceneSchema.parse(sheetScene()).layers).map(({ type }) => type));
  const kinds = [...LEAF_SCHEMAS, GroupLayerSchema].map(({ shape }) => shape.type.value);
  assert.deepEqual([...shown].sort(), kinds.sort());
});

test('the contact sheet shows every transition between scenes, and each is one that can be asked for', () => {
  const shown = Object.entries(TRANSITIONS).map(([kind, transition]) => {
    assert.equal(SceneTransitionSchema.parse(transition).type, kind);
    return kind;
  });
  const kinds = SceneTransitionSchema.options
    .map(({ shape }) => shape.type.value)
    .filter((kind) => kind !== 'cut');
  assert.deepEqual(shown.sort(), kinds.sort());
});
