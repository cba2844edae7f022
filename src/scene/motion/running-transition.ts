import { SCENE_LIMITS as LIMITS } from '../limits.js';
import type { SceneTransition } from '../schema/scene-transition.js';
import type { Scene } from '../schema/scene.js';
import { sceneTransitionMs } from '../transition-facts.js';
import type { Stage } from './stage.js';

/** A scene as it is on air, or was. */
export type SceneShot = {
  /** Null: a black picture. */
  readonly scene: Scene | null;
  /** What of its past is still seen. */
  readonly stage: Stage;
  /** Program time at which scene time is 0, milliseconds since 1970. */
  readonly takenAtMs: number;
  /** How it came on air, as long as that is not over; null: it is there. */
  readonly transition: RunningTransition | null;
};

/** A scene giving way to another: `shotsAt` says what of both is seen. */
export type RunningTransition = {
  readonly kind: SceneTransition;
  /** Program time at which it began, milliseconds since 1970. */
  readonly startMs: number;
  /** What was on air, maybe itself not all there. */
  readonly from: SceneShot;
};

/** Share of a transition's time that has gone by, 0 to 1; what `shotsAt` takes. */
export function transitionShareAt(
  { kind, startMs }: RunningTransition,
  programTimeMs: number,
): number {
  const durationMs = sceneTransitionMs(kind);
  if (programTimeMs >= startMs + durationMs) return 1;
  return Math.max(0, (programTimeMs - startMs) / durationMs);
}

/** A transition without what of it is over at a moment: null when all of it is. */
export function prunedTransition(
  transition: RunningTransition | null,
  programTimeMs: number,
): RunningTransition | null {
  if (transition === null || transitionShareAt(transition, programTimeMs) >= 1) return null;
  const inner = prunedTransition(transition.from.transition, programTimeMs);
  return inner === transition.from.transition
    ? transition
    : { ...transition, from: { ...transition.from, transition: inner } };
}

function cutAt(shot: SceneShot, depth: number): SceneShot {
  const { transition } = shot;
  if (transition === null) return shot;
  return depth <= 0
    ? { ...shot, transition: null }
    : { ...shot, transition: { ...transition, from: cutAt(transition.from, depth - 1) } };
}

/**
 * The transition that begins as a scene takes the place of what is on air; null for a cut. Of transitions that are
 * not over themselves, the two newest are seen on.
 */
export function beginTransition(
  kind: SceneTransition,
  from: SceneShot,
  startMs: number,
): RunningTransition | null {
  if (sceneTransitionMs(kind) === 0) return null;
  const transition = prunedTransition(from.transition, startMs);
  return { kind, startMs, from: cutAt({ ...from, transition }, LIMITS.transitionDepth - 1) };
}

/** The scenes that are on air besides the newest, and the transitions that show them; the newest first. */
export function shotsBehind(transition: RunningTransition | null): RunningTransition[] {
  return transition === null ? [] : [transition, ...shotsBehind(transition.from.transition)];
}
