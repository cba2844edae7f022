import { AppError } from '../core/errors.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { ServiceState } from './model.js';
import { findScene } from './scene-lookup.js';

/** The two buses of a mixer: the program, which is on air, and the preview, in which the next scene is got ready. */

/**
 * The one way on air: the scene's time begins at `atMs`, also when it is on air already.
 * @throws AppError SM_SCENE_UNKNOWN
 */
export function putOnAir(state: ServiceState, sceneId: string, atMs: number): Change {
  const { scene } = findScene(state, sceneId);
  return {
    state: { ...state, program: { sceneId: scene.id, takenAtMs: atMs } },
    events: [
      {
        topic: 'scene',
        type: 'scene.activated',
        data: {
          sceneId: scene.id,
          previousSceneId: state.program.sceneId,
          takenAtMs: atMs,
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

/** @throws AppError SM_PREVIEW_EMPTY */
export function takePreview(state: ServiceState, command: CommandOf<'program.take'>): Change {
  const { preview, program } = state;
  if (preview === null) {
    throw new AppError(
      'SM_PREVIEW_EMPTY',
      'No scene is in preview. Load one with POST /api/preview, or put one on air with POST /api/scenes/{id}/activate.',
    );
  }
  const taken = putOnAir(state, preview.sceneId, command.atMs);
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
