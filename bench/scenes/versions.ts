import { restage } from '../../src/scene/motion/restage.js';
import { EMPTY_STAGE, type Stage } from '../../src/scene/motion/stage.js';
import { retainLayers } from '../../src/scene/retain.js';
import { SceneSchema, type Scene, type SceneInput } from '../../src/scene/schema/scene.js';
import { TransitionSchema } from '../../src/scene/schema/transition.js';

/** A scene that is changed as users change theirs: a new document at every full second of media time. */
export type VersionedScene = {
  readonly sceneAt: (second: number) => SceneInput;
  /** How values get to where a change puts them; null: at once. */
  readonly transitionMs: number | null;
};

/** One of its versions, with what of its past is still seen. */
export type Version = { readonly second: number; readonly scene: Scene; readonly stage: Stage };

/** The next version: made of the one before by the same function as on air. */
function following({ sceneAt, transitionMs }: VersionedScene, before: Version): Version {
  const second = before.second + 1;
  const scene = retainLayers(before.scene, SceneSchema.parse(sceneAt(second)));
  const transition =
    transitionMs === null ? null : TransitionSchema.parse({ durationMs: transitionMs });
  const stage = restage(before.stage, {
    before: before.scene,
    after: scene,
    atMs: second * 1000,
    transition,
    takenAtMs: 0,
  });
  return { second, scene, stage };
}

/** The versions by their second, counted from 0. They are asked for in order, more or less: going back costs. */
export function createVersions(versioned: VersionedScene): (second: number) => Version {
  const first = {
    second: 0,
    scene: SceneSchema.parse(versioned.sceneAt(0)),
    stage: EMPTY_STAGE,
  };
  let last: Version = first;
  return (second) => {
    if (second < last.second) last = first;
    while (last.second < second) last = following(versioned, last);
    return last;
  };
}
