import { AppError } from '../core/errors.js';
import { editStack, walkLayers } from '../scene/layer-tree.js';
import { SCENE_LIMITS } from '../scene/limits.js';
import { checkLayers } from '../scene/schema/check-layers.js';
import { checkWritten } from '../scene/schema/check-written.js';
import { type Layer, LayerSchema } from '../scene/schema/layer.js';
import type { Scene } from '../scene/schema/scene.js';
import { checkExpressions } from '../scene/variables/layer-expressions.js';
import { checkAssetKinds } from './asset-kinds.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { unitPxOf } from './expressions.js';
import { dropUndefined, mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { checkNesting } from './nesting.js';
import { findLayer, findScene } from './scene-lookup.js';
import { withChangedScene } from './staging.js';
import { withKeptPlace } from './video-places.js';
import { invalid, toPointer, validate } from './validate.js';

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_EXISTS, SM_LAYER_LIMIT, SM_REQUEST_INVALID */
export function createLayer(state: ServiceState, command: CommandOf<'layer.create'>): Change {
  const { scene } = findScene(state, command.sceneId);
  const layer = dropUndefined(validate(LayerSchema, command.layer, 'layer'));
  const { groupId } = command;
  const stack = groupId === null ? scene.layers : layersOfGroup(scene, groupId);
  const ids = new Set([...walkLayers(scene.layers)].map((place) => place.layer.id));
  if (ids.has(layer.id)) {
    throw new AppError(
      'SM_LAYER_EXISTS',
      `The scene ${scene.id} already has a layer ${layer.id}. Change it with PATCH, or choose another id.`,
    );
  }
  if (ids.size >= SCENE_LIMITS.layersPerScene) {
    throw new AppError(
      'SM_LAYER_LIMIT',
      `The scene ${scene.id} has reached the limit of ${ids.size} layers. Remove one first.`,
    );
  }
  const index = place(command.index ?? stack.length, stack.length);
  const layers = editStack(scene.layers, groupId, (before) => before.toSpliced(index, 0, layer));
  return {
    state: withChangedScene(state, checked(state, { ...scene, layers }, layer), command),
    events: [
      { topic: 'scene', type: 'layer.created', data: { sceneId: scene.id, groupId, layer, index } },
    ],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_REQUEST_INVALID */
export function patchLayer(state: ServiceState, command: CommandOf<'layer.patch'>): Change {
  const { scene } = findScene(state, command.sceneId);
  const before = findLayer(scene, command.layerId);
  const { patch } = command;
  if (patch['id'] !== undefined && patch['id'] !== before.layer.id) {
    throw invalid('layer', [{ path: '/id', message: 'cannot be changed' }]);
  }
  const patched = dropUndefined(validate(LayerSchema, mergePatch(before.layer, patch), 'layer'));
  // Whoever says where a video is means it.
  const layer =
    'transport' in patch ? patched : withKeptPlace(state, before.layer, patched, command);
  const { groupId } = before;
  const stack = groupId === null ? scene.layers : layersOfGroup(scene, groupId);
  const index = place(command.index ?? before.index, stack.length - 1);
  const layers = editStack(scene.layers, groupId, (old) =>
    index === before.index
      ? old.with(index, layer)
      : old.toSpliced(before.index, 1).toSpliced(index, 0, layer),
  );
  return {
    state: withChangedScene(state, checked(state, { ...scene, layers }, layer), command),
    events: [
      { topic: 'scene', type: 'layer.updated', data: { sceneId: scene.id, groupId, layer, index } },
    ],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN */
export function removeLayer(state: ServiceState, command: CommandOf<'layer.remove'>): Change {
  const { scene } = findScene(state, command.sceneId);
  const { groupId, index } = findLayer(scene, command.layerId);
  const layers = editStack(scene.layers, groupId, (before) => before.toSpliced(index, 1));
  return {
    state: withChangedScene(state, { ...scene, layers }, command),
    events: [
      {
        topic: 'scene',
        type: 'layer.removed',
        data: { sceneId: scene.id, layerId: command.layerId },
      },
    ],
  };
}

function layersOfGroup(scene: Scene, groupId: string): readonly Layer[] {
  const { layer } = findLayer(scene, groupId);
  if (layer.type === 'group') return layer.layers;
  throw invalid('layer', [{ path: '/group', message: `must be a group; ${groupId} is not` }]);
}

/** The scene, if it is still whole with the layer that is new or changed in it. */
function checked(state: ServiceState, scene: Scene, layer: Layer): Scene {
  const complaints = [
    ...checkLayers(layer.type === 'group' ? scene.layers : [layer]).map(({ path, message }) => ({
      path: layer.type === 'group' ? path : path.slice(1),
      message,
    })),
    ...[
      ...checkExpressions([layer]),
      ...checkWritten([layer], unitPxOf(state, scene)),
      ...checkAssetKinds(state, [layer]),
    ].map(({ path, message }) => ({ path: path.slice(1), message })),
  ];
  if (complaints.length > 0) {
    throw invalid(
      'layer',
      complaints.map(({ path, message }) => ({ path: toPointer(path), message })),
    );
  }
  checkNesting(state, scene);
  return scene;
}

/** A place in the stack: what lies above the top is the top. */
function place(index: number, top: number): number {
  if (!Number.isInteger(index) || index < 0) {
    throw invalid('layer', [
      { path: '/index', message: 'must be an integer of at least 0 (the bottom of the stack)' },
    ]);
  }
  return Math.min(index, top);
}
