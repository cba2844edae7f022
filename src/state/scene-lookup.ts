import { AppError } from '../core/errors.js';
import { findLayerPosition, type LayerPosition } from '../scene/layer-tree.js';
import type { Scene } from '../scene/schema/scene.js';

import type { ServiceState } from './model.js';

type SceneAt = { readonly scene: Scene; readonly sceneIndex: number };

/** A scene and its place. @throws AppError SM_SCENE_UNKNOWN */
export function findScene(state: ServiceState, sceneId: string): SceneAt {
  const sceneIndex = state.scenes.findIndex((scene) => scene.id === sceneId);
  const scene = state.scenes[sceneIndex];
  if (scene === undefined) {
    throw new AppError(
      'SM_SCENE_UNKNOWN',
      `There is no scene ${sceneId}. GET /api/scenes lists them.`,
    );
  }
  return { scene, sceneIndex };
}

/** A layer of a scene, also in groups, and where it is. @throws AppError SM_LAYER_UNKNOWN */
export function findLayer(scene: Scene, layerId: string): LayerPosition {
  const position = findLayerPosition(scene.layers, layerId);
  if (position === null)
    throw new AppError('SM_LAYER_UNKNOWN', `The scene ${scene.id} has no layer ${layerId}.`);
  return position;
}

/** The state with one scene in place of another. */
export function withScene(state: ServiceState, sceneIndex: number, scene: Scene): ServiceState {
  return { ...state, scenes: state.scenes.with(sceneIndex, scene) };
}
