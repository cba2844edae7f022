import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { findLayerPosition } from '../../scene/layer-tree.js';
import type { Layer } from '../../scene/schema/layer.js';
import type { Scene } from '../../scene/schema/scene.js';
import { IdSchema } from '../../scene/schema/values.js';
import type { ServiceState } from '../../state/model.js';

/** Stand for the ids of the scene on air and of the scene in preview. */
const PROGRAM = 'program';
const PREVIEW = 'preview';

/** Id of a scene in an address. */
export const SceneIdSchema = IdSchema.meta({
  id: 'SceneId',
  description:
    'Id of a scene, `program` for the scene on air, or `preview` for the scene in preview.',
  example: 'intro',
});

/** Where a layer is. */
export const LAYER_PARAMS = z.strictObject({ sceneId: SceneIdSchema, layerId: IdSchema });

export const SCENE_PARAMS = z.strictObject({ id: SceneIdSchema });

/**
 * The scene's own id.
 * @throws AppError SM_SCENE_UNKNOWN when it asks for the scene on air or in preview and there is none
 */
export function resolveSceneId(state: ServiceState, id: string): string {
  if (id === PROGRAM) {
    if (state.program.sceneId !== null) return state.program.sceneId;
    throw new AppError(
      'SM_SCENE_UNKNOWN',
      'No scene is on air. Put one on air with POST /api/scenes/{id}/activate.',
    );
  }
  // A scene that was made before `preview` was reserved keeps its name.
  if (id !== PREVIEW || state.scenes.some((scene) => scene.id === PREVIEW)) return id;
  if (state.preview !== null) return state.preview.sceneId;
  throw new AppError(
    'SM_SCENE_UNKNOWN',
    'No scene is in preview. Load one with POST /api/preview.',
  );
}

/** @throws AppError SM_SCENE_UNKNOWN */
export function findScene(state: ServiceState, id: string): Scene {
  const ownId = resolveSceneId(state, id);
  const scene = state.scenes.find((candidate) => candidate.id === ownId);
  if (scene !== undefined) return scene;
  throw new AppError(
    'SM_SCENE_UNKNOWN',
    `There is no scene "${id}". GET /api/scenes lists the scenes.`,
  );
}

/** A layer of a scene, also in groups. @throws AppError SM_LAYER_UNKNOWN */
export function findLayer(scene: Scene, layerId: string): Layer {
  const position = findLayerPosition(scene.layers, layerId);
  if (position !== null) return position.layer;
  throw new AppError(
    'SM_LAYER_UNKNOWN',
    `The scene "${scene.id}" has no layer "${layerId}". GET /api/scenes/${scene.id}/layers lists its layers.`,
  );
}
