import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { walkLayers } from '../../../src/scene/layer-tree.js';
import type { Layer, LayerInput } from '../../../src/scene/schema/layer.js';
import { SceneSchema } from '../../../src/scene/schema/scene.js';
import {
  type JsonValue,
  valueAt,
  type Variables,
} from '../../../src/scene/variables/json-value.js';
import { usedVariables } from '../../../src/scene/variables/layer-expressions.js';
import { createSubstitution } from '../../../src/scene/variables/substitution.js';

const PATHS = ['a', 'b', 'c.x', 'c.y', 'd.0'];
const path = fc.constantFrom(...PATHS);

const leaf: fc.Arbitrary<LayerInput> = fc
  .tuple(fc.array(path, { maxLength: 2 }), fc.option(path), fc.option(path), fc.boolean())
  .map(([shown, visible, x, isShape]) => ({
    id: 'to be named',
    ...(isShape
      ? { type: 'shape' as const, shape: 'ellipse' as const, width: 1, height: 1 }
      : { type: 'text' as const, text: shown.map((one) => `{{${one}}}`).join('-') }),
    bindings: {
      ...(visible !== null && { visible: `${visible.replace('.0', '[0]')} == 1` }),
      ...(x !== null && { x: x.replace('.0', '[0]') }),
    },
  }));

const layers = fc
  .array(fc.oneof({ weight: 3, arbitrary: leaf }, fc.array(leaf, { maxLength: 4 })), {
    maxLength: 8,
  })
  .map((list) => {
    let count = 0;
    const named = (layer: LayerInput): LayerInput => ({ ...layer, id: `l${count++}` });
    return list.map((item): LayerInput =>
      Array.isArray(item)
        ? { id: `l${count++}`, type: 'group', layers: item.map(named) }
        : named(item),
    );
  });

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom('text', true, null, '{{a}}'),
);
const variables: fc.Arbitrary<Variables> = fc.record(
  {
    a: value,
    b: value,
    c: fc.record({ x: value, y: value }, { requiredKeys: [] }),
    d: fc.array(value, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

/** Paths that a layer and all that is in it read. */
function pathsWithin(layer: Layer): string[] {
  return [...walkLayers([layer])].flatMap((place) => [...usedVariables(place.layer)]);
}

test('is what a first evaluation gives, whatever was before, and leaves alone what does not depend on a change', () => {
  fc.assert(
    fc.property(layers, fc.array(variables, { minLength: 1, maxLength: 24 }), (list, states) => {
      const scene = SceneSchema.parse({ id: 's', layers: list });
      const substitute = createSubstitution();
      let last: { shown: readonly Layer[]; variables: Variables } | null = null;
      for (const state of states) {
        const { scene: shown, problems } = substitute(scene, state);
        const naive = createSubstitution()(scene, state);
        assert.deepEqual(shown, naive.scene);
        assert.deepEqual(problems, naive.problems);
        for (const [i, layer] of shown.layers.entries()) {
          const document = scene.layers[i];
          const before = last?.shown[i];
          const old = last?.variables;
          if (document === undefined || before === undefined || old === undefined) continue;
          const isUntouched = pathsWithin(document).every((one) => {
            const [was, is] = [valueAt(old, one), valueAt(state, one)];
            return JSON.stringify(was) === JSON.stringify(is);
          });
          if (isUntouched) assert.equal(layer, before);
        }
        last = { shown: shown.layers, variables: state };
      }
    }),
    { numRuns: 200 },
  );
});
