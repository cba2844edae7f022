import type { SceneTransition } from './schema/scene-transition.js';

/** How long a transition of scenes takes, milliseconds; 0 for a cut. */
export function sceneTransitionMs(transition: SceneTransition): number {
  return transition.type === 'cut' ? 0 : transition.durationMs;
}

/** Ids of the assets that a transition of scenes shows. */
export function assetsOfTransition(transition: SceneTransition): readonly string[] {
  return transition.type === 'luma' || transition.type === 'stinger' ? [transition.asset] : [];
}
