import { AppError } from '../core/errors.js';
import { SCENE_LIMITS } from '../scene/limits.js';
import { checkAnimatedFields } from '../scene/schema/animated-fields.js';
import { type Layer, LayerSchema } from '../scene/schema/layer.js';
import { type Change, insertAt, removeAt, replaceAt } from './change.js';
import type { CommandOf } from './command.js';
import { dropUndefined, mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { findLayer, findScene, withScene } from './scene-lookup.js';
import { invalid, toPointer, validate } from './validate.js';

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_EXISTS, SM_LAYER_LIMIT, SM_REQUEST_INVALID */
export function createLayer(state: ServiceState, command: CommandOf<'layer.create'>): Change {
  const { scene, sceneIndex } = findScene(state, command.sceneId);
  const layer = checkedLayer(command.layer);
  if (scene.layers.some((other) => other.id === layer.id)) {
    throw new AppError(
      'SM_LAYER_EXISTS',
      `The scene ${scene.id} has a layer ${layer.id} already. Change it with PATCH, or choose another id.`,
    );
  }
  if (scene.layers.length >= SCENE_LIMITS.layersPerScene) {
    throw new AppError(
      'SM_LAYER_LIMIT',
      `The scene ${scene.id} has ${scene.layers.length} layers, which is the most. Remove one first.`,
    );
  }
  const index = place(command.index ?? scene.layers.length, scene.layers.length);
  return {
    state: withScene(state, sceneIndex, { ...scene, layers: insertAt(scene.layers, index, layer) }),
    events: [{ topic: 'scene', type: 'layer.created', data: { sceneId: scene.id, layer, index } }],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_REQUEST_INVALID */
export function patchLayer(state: ServiceState, command: CommandOf<'layer.patch'>): Change {
  const { scene, sceneIndex } = findScene(state, command.sceneId);
  const before = findLayer(scene, command.layerId);
  const { patch } = command;
  if (patch['id'] !== undefined && patch['id'] !== before.layer.id) {
    throw invalid('layer', [{ path: '/id', message: 'can not be changed' }]);
  }
  const layer = checkedLayer(mergePatch(before.layer, patch));
  const index = place(command.index ?? before.layerIndex, scene.layers.length - 1);
  const layers =
    index === before.layerIndex
      ? replaceAt(scene.layers, index, layer)
      : insertAt(removeAt(scene.layers, before.layerIndex), index, layer);
  return {
    state: withScene(state, sceneIndex, { ...scene, layers }),
    events: [{ topic: 'scene', type: 'layer.updated', data: { sceneId: scene.id, layer, index } }],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN */
export function removeLayer(state: ServiceState, command: CommandOf<'layer.remove'>): Change {
  const { scene, sceneIndex } = findScene(state, command.sceneId);
  const { layerIndex } = findLayer(scene, command.layerId);
  return {
    state: withScene(state, sceneIndex, { ...scene, layers: removeAt(scene.layers, layerIndex) }),
    events: [
      {
        topic: 'scene',
        type: 'layer.removed',
        data: { sceneId: scene.id, layerId: command.layerId },
      },
    ],
  };
}

function checkedLayer(value: unknown): Layer {
  const layer = dropUndefined(validate(LayerSchema, value, 'layer'));
  const problems = checkAnimatedFields(layer);
  if (problems.length === 0) return layer;
  throw invalid(
    'layer',
    problems.map(({ path, message }) => ({ path: toPointer(path), message })),
  );
}

/** A place in the stack: what lies above the top is the top. */
function place(index: number, top: number): number {
  if (!Number.isInteger(index) || index < 0) {
    throw invalid('layer', [
      { path: '/index', message: 'must be a whole number from 0, the bottom of the stack' },
    ]);
  }
  return Math.min(index, top);
}
