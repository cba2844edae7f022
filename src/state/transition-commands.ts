import { AppError } from '../core/errors.js';
import { SCENE_LIMITS } from '../scene/limits.js';
import { type SceneTransition, SceneTransitionSchema } from '../scene/schema/scene-transition.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { SceneTransitions, ServiceState } from './model.js';
import { findScene } from './scene-lookup.js';
import { validate } from './validate.js';

/** How one scene gives way to another when nobody says: as is set for the two, or else for all. */
export function transitionBetween(
  { transitions }: ServiceState,
  fromId: string | null,
  toId: string,
): SceneTransition {
  const pair = transitions.pairs.find(({ from, to }) => from === fromId && to === toId);
  return pair?.transition ?? transitions.default;
}

/** The transitions without those of a scene. */
export function withoutScene(transitions: SceneTransitions, sceneId: string): SceneTransitions {
  const pairs = transitions.pairs.filter(({ from, to }) => from !== sceneId && to !== sceneId);
  return pairs.length === transitions.pairs.length ? transitions : { ...transitions, pairs };
}

function changed(state: ServiceState, transitions: SceneTransitions): Change {
  return {
    state: { ...state, transitions },
    events: [{ topic: 'scene', type: 'transitions.updated', data: { transitions } }],
  };
}

/** @throws AppError SM_REQUEST_INVALID */
export function setDefaultTransition(
  state: ServiceState,
  command: CommandOf<'transition.default'>,
): Change {
  const transition = validate(SceneTransitionSchema, command.transition, 'transition');
  return changed(state, { ...state.transitions, default: transition });
}

/** Sets how one scene gives way to another. @throws AppError SM_SCENE_UNKNOWN, SM_TRANSITION_LIMIT, SM_REQUEST_INVALID */
export function putTransition(state: ServiceState, command: CommandOf<'transition.put'>): Change {
  const { from, to } = command;
  for (const id of [from, to]) findScene(state, id);
  const transition = validate(SceneTransitionSchema, command.transition, 'transition');
  const others = state.transitions.pairs.filter((pair) => pair.from !== from || pair.to !== to);
  if (others.length >= SCENE_LIMITS.transitionPairs) {
    throw new AppError(
      'SM_TRANSITION_LIMIT',
      `The limit of ${others.length} pairs of scenes with their own transition is reached. Remove one first.`,
    );
  }
  return changed(state, { ...state.transitions, pairs: [...others, { from, to, transition }] });
}

/** @throws AppError SM_TRANSITION_UNKNOWN */
export function removeTransition(
  state: ServiceState,
  command: CommandOf<'transition.remove'>,
): Change {
  const { from, to } = command;
  const { pairs } = state.transitions;
  const rest = pairs.filter((pair) => pair.from !== from || pair.to !== to);
  if (rest.length === pairs.length) {
    throw new AppError(
      'SM_TRANSITION_UNKNOWN',
      `There is no transition for the pair of scenes ${from} and ${to}. GET /api/transitions lists all pairs with a transition.`,
    );
  }
  return changed(state, { ...state.transitions, pairs: rest });
}
