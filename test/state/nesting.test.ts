import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, layerOf, sceneOf } from './samples.js';

const MOMENT = { atMs: 0, transition: null };

function apply(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((before, command) => reduce(before, command).state, state);
}

function refused(state: ServiceState, command: Command, code: ErrorCode): void {
  assert.throws(
    () => reduce(state, command),
    (error) => error instanceof AppError && error.code === code,
  );
}

function showing(id: string, scene: string): Command {
  const layer = { id: 'inside', type: 'scene', scene } as const;
  return { type: 'scene.create', scene: sceneOf({ id, layers: [layer] }) };
}

function added(sceneId: string, scene: string, groupId: string | null = null): Command {
  const layer = layerOf({ id: 'added', type: 'scene', scene });
  return { type: 'layer.create', sceneId, groupId, layer, index: null, ...MOMENT };
}

test('a scene may not show itself, be it through others or in a group', () => {
  const group: LayerInput = { id: 'group', type: 'group', layers: [] };
  const state = apply(
    emptyState(),
    { type: 'scene.create', scene: sceneOf({ id: 'a', layers: [group] }) },
    showing('b', 'a'),
    showing('c', 'b'),
  );
  for (const scene of ['a', 'b', 'c']) {
    refused(state, added('a', scene), 'SM_REQUEST_INVALID');
    refused(state, added('a', scene, 'group'), 'SM_REQUEST_INVALID');
  }
  refused(emptyState(), showing('d', 'd'), 'SM_REQUEST_INVALID');
  assert.equal(apply(state, added('c', 'a')).scenes.length, 3, 'twice the same is no circle');
});

test('a scene that is part of another cannot be removed', () => {
  const a: Command = { type: 'scene.create', scene: sceneOf({ id: 'a' }) };
  const state = apply(emptyState(), a, showing('b', 'a'));
  refused(state, { type: 'scene.remove', sceneId: 'a' }, 'SM_SCENE_IN_USE');
  const rest = apply(
    state,
    { type: 'scene.remove', sceneId: 'b' },
    { type: 'scene.remove', sceneId: 'a' },
  );
  assert.deepEqual(rest.scenes, []);
});

test('layers in groups are put, changed, moved and removed by their ids', () => {
  const inner = ['one', 'two'].map((id): LayerInput => ({ id, type: 'text', text: id }));
  const group: LayerInput = { id: 'group', type: 'group', layers: inner };
  const text = layerOf({ id: 'three', type: 'text', text: 'three' });
  const at = { sceneId: 's', ...MOMENT };
  const state = apply(
    emptyState(),
    { type: 'scene.create', scene: sceneOf({ id: 's', layers: [group] }) },
    { type: 'layer.create', ...at, groupId: 'group', layer: text, index: 0 },
    { type: 'layer.patch', ...at, layerId: 'one', patch: { text: 'first' }, index: 2 },
    { type: 'layer.remove', ...at, layerId: 'two' },
  );
  const [found] = state.scenes[0]?.layers ?? [];
  assert.ok(found?.type === 'group');
  assert.deepEqual(
    found.layers.map((layer) => [layer.id, layer.type === 'text' && layer.text]),
    [
      ['three', 'three'],
      ['one', 'first'],
    ],
  );
  const again: Command = { type: 'layer.create', ...at, groupId: null, layer: text, index: null };
  refused(state, again, 'SM_LAYER_EXISTS');
  refused(state, { ...again, groupId: 'one', layer: { ...text, id: 'x' } }, 'SM_REQUEST_INVALID');
  refused(state, { ...again, groupId: 'no', layer: { ...text, id: 'x' } }, 'SM_LAYER_UNKNOWN');
});
