import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { deepFreeze } from '../../src/state/deep-freeze.js';
import type { ServiceState } from '../../src/state/model.js';
import { apply, create, rectangles, showing } from './load-scenes.js';
import { emptyState, layerOf, NOW, sceneOf } from './samples.js';

/** A group of `count` rectangles that takes ten minutes to leave. */
function leavingSlowly(id: string, count: number): LayerInput {
  const layers = rectangles(count).map((layer) => ({ ...layer, id: `${id}-${layer.id}` }));
  return {
    id,
    type: 'group',
    width: 1600,
    height: 900,
    layers,
    exit: { type: 'fade', durationMs: 600_000 },
  };
}

/** The ids of what is on its way out of a scene. */
function leavingIds({ stages }: ServiceState, sceneId: string): string[] {
  return (stages[sceneId]?.leaving ?? []).map(({ layer }) => layer.id);
}

/** Puts a group into a scene and takes it out again, `times` times, a second after each other. */
function comeAndGo(state: ServiceState, sceneId: string, times: number): ServiceState {
  let after = state;
  for (let i = 0; i < times; i++) {
    const layer = layerOf({ ...leavingSlowly(`g${i}`, 100) });
    const moment = { atMs: i * 1000, transition: null };
    after = apply(
      after,
      { type: 'layer.create', sceneId, layer, index: null, groupId: null, ...moment },
      { type: 'layer.remove', sceneId, layerId: layer.id, ...moment },
    );
  }
  return after;
}

test('lets layers whose exits end first go at once where what leaves would be more than can be shown', () => {
  const state = comeAndGo(apply(emptyState(), create('s', rectangles(300))), 's', 12);
  // Each takes 101 layers that move, of 1000.
  assert.deepEqual(
    leavingIds(state, 's'),
    Array.from({ length: 9 }, (_, i) => `g${i + 3}`),
  );
});

test('counts what leaves a scene as often as that is shown', () => {
  const shown = apply(emptyState(), create('s', []), create('wall', showing('s', 4)));
  assert.deepEqual(leavingIds(comeAndGo(shown, 's', 12), 's'), ['g10', 'g11']);
});

test('lets layers leave a scene that an older version has stored with more than can be shown', () => {
  const heavy = { ...emptyState(), scenes: [sceneOf({ id: 'n', layers: [] })] };
  const inner = apply(heavy, create('i', rectangles(450)));
  const wall = sceneOf({ id: 'wall', layers: [leavingSlowly('gone', 5), ...showing('i', 6)] });
  const over = deepFreeze({ ...inner, scenes: [...inner.scenes, wall] });
  const after = apply(over, {
    type: 'layer.remove',
    sceneId: 'wall',
    layerId: 'gone',
    ...NOW,
  });
  assert.deepEqual(leavingIds(after, 'wall'), []);
});
