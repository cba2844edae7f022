import { z } from 'zod';
import { AppError } from '../core/errors.js';
import { SCENE_LIMITS } from '../scene/limits.js';
import { scenesInScene } from '../scene/references.js';
import { type Scene, SceneCheck, SceneSchema } from '../scene/schema/scene.js';
import { putOnAir } from './switcher-commands.js';
import type { Change } from './change.js';
import { checkSceneExpressions } from './expressions.js';
import type { CommandOf, MergePatch } from './command.js';
import { mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { checkNesting } from './nesting.js';
import { findScene } from './scene-lookup.js';
import { checkSceneSources } from './scene-sources.js';
import { type SceneMoment, withChangedScene, withoutStage } from './staging.js';
import { withoutScene } from './transition-commands.js';
import { invalid, validate } from './validate.js';

/** What stands in addresses for whichever scene it is, so that no scene can have it as its id. */
const RESERVED_IDS: ReadonlyMap<string, string> = new Map([
  ['program', 'the scene on air'],
  ['preview', 'the scene in preview'],
]);

const { id, name, width, height, background, locale, audio } = SceneSchema.shape;
/** A scene without its layers: what has to be checked when a patch leaves them as they are. */
const SceneHeadSchema = z.strictObject({ id, name, width, height, background, locale, audio });

/** @throws AppError SM_SCENE_EXISTS, SM_SCENE_LIMIT, SM_REQUEST_INVALID */
export function createScene(state: ServiceState, command: CommandOf<'scene.create'>): Change {
  const scene = validate(SceneCheck, command.scene, 'scene');
  const standsFor = RESERVED_IDS.get(scene.id);
  if (standsFor !== undefined) {
    throw invalid('scene', [
      { path: '/id', message: `must not be ${scene.id}, which refers to ${standsFor}` },
    ]);
  }
  if (state.scenes.some((other) => other.id === scene.id)) {
    throw new AppError(
      'SM_SCENE_EXISTS',
      `A scene with the id ${scene.id} already exists. Replace it with PUT, or choose another id.`,
    );
  }
  if (state.scenes.length >= SCENE_LIMITS.scenes) {
    throw new AppError(
      'SM_SCENE_LIMIT',
      `The limit of ${state.scenes.length} scenes is reached. Remove one first.`,
    );
  }
  checkNesting(state, scene);
  checkSceneSources(state, scene);
  checkSceneExpressions(state, scene);
  return {
    state: { ...state, scenes: [...state.scenes, scene] },
    events: [{ topic: 'scene', type: 'scene.created', data: { scene } }],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_REQUEST_INVALID */
export function replaceScene(state: ServiceState, command: CommandOf<'scene.replace'>): Change {
  findScene(state, command.scene.id);
  const scene = validate(SceneCheck, command.scene, 'scene');
  checkSceneExpressions(state, scene);
  return updated(state, scene, command);
}

/** @throws AppError SM_SCENE_UNKNOWN, SM_REQUEST_INVALID */
export function patchScene(state: ServiceState, command: CommandOf<'scene.patch'>): Change {
  const { scene } = findScene(state, command.sceneId);
  return updated(state, patched(state, scene, command.patch), command);
}

/** A scene that is in preview is gone from there, too. @throws AppError SM_SCENE_UNKNOWN, SM_SCENE_ON_AIR, SM_SCENE_IN_USE */
export function removeScene(state: ServiceState, command: CommandOf<'scene.remove'>): Change {
  const { sceneIndex } = findScene(state, command.sceneId);
  if (state.program.sceneId === command.sceneId) {
    throw new AppError(
      'SM_SCENE_ON_AIR',
      `The scene ${command.sceneId} is on air. Activate another one before you remove it.`,
    );
  }
  const user = state.scenes.find((scene) => scenesInScene(scene).has(command.sceneId));
  if (user !== undefined) {
    throw new AppError(
      'SM_SCENE_IN_USE',
      `The scene ${command.sceneId} is used by a layer of the scene ${user.id}. Remove that layer first.`,
    );
  }
  const preview = state.preview?.sceneId === command.sceneId ? null : state.preview;
  return {
    state: {
      ...withoutStage(state, command.sceneId),
      preview,
      scenes: state.scenes.toSpliced(sceneIndex, 1),
      transitions: withoutScene(state.transitions, command.sceneId),
    },
    events: [{ topic: 'scene', type: 'scene.removed', data: { sceneId: command.sceneId } }],
  };
}

/** Puts a scene on air; one that is on air already starts again. @throws AppError SM_SCENE_UNKNOWN, SM_REQUEST_INVALID */
export function activateScene(state: ServiceState, command: CommandOf<'scene.activate'>): Change {
  return putOnAir(state, command.sceneId, command);
}

function patched(state: ServiceState, scene: Scene, patch: MergePatch): Scene {
  if (patch['id'] !== undefined && patch['id'] !== scene.id) {
    throw invalid('scene', [{ path: '/id', message: 'cannot be changed' }]);
  }
  if (patch['layers'] !== undefined) {
    const whole = validate(SceneCheck, mergePatch(scene, patch), 'scene');
    checkSceneExpressions(state, whole);
    return whole;
  }
  const { layers, ...head } = scene;
  return { ...validate(SceneHeadSchema, mergePatch(head, patch), 'scene'), layers };
}

function updated(state: ServiceState, scene: Scene, moment: SceneMoment): Change {
  checkNesting(state, scene);
  checkSceneSources(state, scene);
  return {
    state: withChangedScene(state, scene, moment),
    events: [{ topic: 'scene', type: 'scene.updated', data: { scene } }],
  };
}
