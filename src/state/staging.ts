import { prunedTransition, type SceneShot } from '../scene/motion/running-transition.js';
import { isEmptyStage, restage } from '../scene/motion/restage.js';
import { EMPTY_STAGE, type Stage } from '../scene/motion/stage.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Transition } from '../scene/schema/transition.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from './model.js';
import { findScene, withScene } from './scene-lookup.js';

/** When a scene changes, and how its values get to where they are put. */
export type SceneMoment = {
  /** Program time, milliseconds since 1970. */
  readonly atMs: number;
  /** Null: at once. */
  readonly transition: Transition | null;
};

/** What of a scene's past is seen. */
export function stageOf({ stages }: ServiceState, sceneId: string): Stage {
  return stages[sceneId] ?? EMPTY_STAGE;
}

/** A scene with the variables put in; null when there is none of this id. */
export function shownScene({ scenes, variables }: ServiceState, id: string | null): Scene | null {
  const document = scenes.find((scene) => scene.id === id);
  return document === undefined ? null : substitute(document, variables).scene;
}

/** What is on air. A scene that gives way keeps the values that its variables had then. */
export function shotOf(state: ServiceState): SceneShot {
  const { sceneId, takenAtMs, transition } = state.program;
  return {
    scene: shownScene(state, sceneId),
    stage: sceneId === null ? EMPTY_STAGE : stageOf(state, sceneId),
    takenAtMs,
    transition,
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
  moment: SceneMoment,
): ServiceState {
  const { sceneIndex } = findScene(state, after.id);
  return restaged(state, withScene(state, sceneIndex, after), [after.id], moment);
}

/** The state with other variables, and what is still seen of the scenes as they were with those of before. */
export function withChangedVariables(
  state: ServiceState,
  variables: ServiceState['variables'],
  moment: SceneMoment,
): ServiceState {
  const ids = state.scenes.map(({ id }) => id);
  return restaged(state, { ...state, variables }, ids, moment);
}

/** A state after a change, with what is still seen of those of its scenes that it changes visibly. */
function restaged(
  before: ServiceState,
  after: ServiceState,
  sceneIds: readonly string[],
  { atMs, transition }: SceneMoment,
): ServiceState {
  const { takenAtMs } = before.program;
  let state = after;
  for (const id of sceneIds) {
    const [was, is] = [shownScene(before, id), shownScene(after, id)];
    if (was === null || is === null || was === is) continue;
    const change = { before: was, after: is, atMs, transition, takenAtMs };
    const stage = restage(stageOf(before, id), change);
    state = isEmptyStage(stage)
      ? withoutStage(state, id)
      : { ...state, stages: { ...state.stages, [id]: stage } };
  }
  const running = prunedTransition(state.program.transition, atMs);
  return running === state.program.transition
    ? state
    : { ...state, program: { ...state.program, transition: running } };
}
