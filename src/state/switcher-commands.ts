import { AppError } from '../core/errors.js';
import { beginTransition } from '../scene/motion/running-transition.js';
import { type SceneTransition, SceneTransitionSchema } from '../scene/schema/scene-transition.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { ServiceState } from './model.js';
import { findScene } from './scene-lookup.js';
import { shotOf, withoutStage } from './staging.js';
import { transitionBetween } from './transition-commands.js';
import { validate } from './validate.js';

/** The switcher: the program, which is on air, and the preview, in which the next scene is got ready. */

/** When a scene goes on air, and how it takes the place of what is there. */
type Take = {
  readonly atMs: number;
  /** Null: as is set for the two scenes, or for all. */
  readonly transition: SceneTransition | null;
};

/**
 * The one way on air: the scene's time begins at `atMs`, also when it is on air already.
 * @throws AppError SM_SCENE_UNKNOWN, SM_REQUEST_INVALID
 */
export function putOnAir(state: ServiceState, sceneId: string, { atMs, transition }: Take): Change {
  const { scene } = findScene(state, sceneId);
  const { sceneId: previousSceneId } = state.program;
  const kind =
    transition === null
      ? transitionBetween(state, previousSceneId, scene.id)
      : validate(SceneTransitionSchema, transition, 'transition');
  const running = beginTransition(kind, shotOf(state), atMs);
  return {
    state: {
      ...withoutStage(state, scene.id),
      program: { sceneId: scene.id, takenAtMs: atMs, transition: running },
    },
    events: [
      {
        topic: 'scene',
        type: 'scene.activated',
        data: {
          sceneId: scene.id,
          previousSceneId,
          takenAtMs: atMs,
          transition: kind,
        },
      },
    ],
  };
}

/** @throws AppError SM_SCENE_UNKNOWN */
export function loadPreview(state: ServiceState, command: CommandOf<'preview.load'>): Change {
  const { scene } = findScene(state, command.sceneId);
  return withPreview({ state, events: [] }, scene.id, command.atMs);
}

export function clearPreview(state: ServiceState): Change {
  return withPreview({ state, events: [] }, null, 0);
}

/** @throws AppError SM_PREVIEW_EMPTY, SM_REQUEST_INVALID */
export function takePreview(state: ServiceState, command: CommandOf<'program.take'>): Change {
  const { preview, program } = state;
  if (preview === null) {
    throw new AppError(
      'SM_PREVIEW_EMPTY',
      'No scene is in preview. Load one with POST /api/preview, or put one on air with POST /api/scenes/{id}/activate.',
    );
  }
  const taken = putOnAir(state, preview.sceneId, command);
  return command.swap ? withPreview(taken, program.sceneId, command.atMs) : taken;
}

/** A change with another scene in preview, or none. */
function withPreview(change: Change, sceneId: string | null, loadedAtMs: number): Change {
  const preview = sceneId === null ? null : { sceneId, loadedAtMs };
  if (preview === null && change.state.preview === null) return change;
  const event =
    preview === null
      ? ({ topic: 'scene', type: 'preview.cleared', data: {} } as const)
      : ({ topic: 'scene', type: 'preview.loaded', data: preview } as const);
  return { state: { ...change.state, preview }, events: [...change.events, event] };
}
