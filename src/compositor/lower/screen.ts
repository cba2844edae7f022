import { compileScene, type CompiledScene } from '../../scene/compile-scene.js';
import type { RunningTransition, SceneShot } from '../../scene/motion/running-transition.js';
import { retainLayers } from '../../scene/retain.js';
import type { Scene } from '../../scene/schema/scene.js';
import { fitScene, type FrameSize, type Place } from './place.js';

/** A scene as it is put on the frame, and what it takes the place of as long as that is seen. */
export type Screen = {
  /** Null: a black picture. */
  readonly compiled: CompiledScene | null;
  /** Program time at which its scene time is 0, milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly place: Place;
  readonly transition: { readonly running: RunningTransition; readonly from: Screen } | null;
};

/**
 * Prepares what is on air for a frame of the given size.
 * @param known - a scene of this id as it was before: layers of it that did not change are the same objects
 */
export function toScreen(
  { scene, stage, takenAtMs, transition }: SceneShot,
  known: (sceneId: string) => Scene | null,
  size: FrameSize,
  depth = 0,
): Screen {
  const kept = scene === null ? null : retainLayers(known(scene.id), scene);
  return {
    compiled: kept === null ? null : compileScene({ scene: kept, stage, takenAtMs }),
    takenAtMs,
    place: fitScene(scene ?? { width: size.widthPx, height: size.heightPx }, size, {
      depth,
      path: '',
    }),
    transition:
      transition === null
        ? null
        : {
            running: transition,
            from: toScreen(transition.from, known, size, depth + 1),
          },
  };
}

/** The screen, and those behind it. */
export function screensOf(screen: Screen): Screen[] {
  return screen.transition === null ? [screen] : [screen, ...screensOf(screen.transition.from)];
}

/** A scene that a screen shows, by its id; null when it shows none of this id. */
export function sceneById(screen: Screen, sceneId: string): Scene | null {
  const shown = screensOf(screen).find(({ compiled }) => compiled?.scene.id === sceneId);
  return shown?.compiled?.scene ?? null;
}
