import { prunedTransition, type SceneShot } from '../scene/motion/running-transition.js';
import { isEmptyStage, restage } from '../scene/motion/restage.js';
import { EMPTY_STAGE, type Stage } from '../scene/motion/stage.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Transition } from '../scene/schema/transition.js';
import type { ServiceState } from './model.js';
import { findScene, withScene } from './scene-lookup.js';

/** When a scene changes, and how its values get to where they are put. */
export type SceneMoment = {
  /** Wall-clock moment. */
  readonly atMs: number;
  /** Null: at once. */
  readonly transition: Transition | null;
};

/** What of a scene's past is seen. */
export function stageOf({ stages }: ServiceState, sceneId: string): Stage {
  return stages[sceneId] ?? EMPTY_STAGE;
}

/** What is on air. */
export function shotOf(state: ServiceState): SceneShot {
  const { sceneId, takenAtMs, transition } = state.program;
  return {
    scene: state.scenes.find(({ id }) => id === sceneId) ?? null,
    stage: sceneId === null ? EMPTY_STAGE : stageOf(state, sceneId),
    ...{ takenAtMs, transition },
  };
}

function withoutKey<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** The state with a scene of which nothing but its document is seen. */
export function withoutStage(state: ServiceState, sceneId: string): ServiceState {
  return state.stages[sceneId] === undefined
    ? state
    : { ...state, stages: withoutKey(state.stages, sceneId) };
}

/**
 * The state with one scene in place of another of the same id, and what of that is still seen. Whatever is over at
 * that moment, of it and of what is on air, is taken out.
 */
export function withChangedScene(
  state: ServiceState,
  after: Scene,
  { atMs, transition }: SceneMoment,
): ServiceState {
  const { scene: before, sceneIndex } = findScene(state, after.id);
  const { takenAtMs } = state.program;
  const stage = restage(stageOf(state, after.id), { before, after, atMs, transition, takenAtMs });
  const stages = isEmptyStage(stage)
    ? withoutStage(state, after.id).stages
    : { ...state.stages, [after.id]: stage };
  const running = prunedTransition(state.program.transition, atMs);
  const program =
    running === state.program.transition
      ? state.program
      : { ...state.program, transition: running };
  return withScene({ ...state, stages, program }, sceneIndex, after);
}
