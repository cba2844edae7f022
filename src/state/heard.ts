import { isDeepStrictEqual } from 'node:util';
import type { Scene } from '../scene/schema/scene.js';
import { heardSound, type SoundScenes } from '../scene/sound/heard-sound.js';
import type { HeardSound } from '../scene/sound/schema.js';
import type { ServiceState } from './model.js';
import { shownScene } from './staging.js';

/** The scenes of a state as far as they have to do with its sound. */
export function soundScenesOf(state: ServiceState): SoundScenes {
  const find = (id: string): Scene | null => shownScene(state, id);
  return { documents: state.scenes, onAir: shownScene(state, state.program.sceneId), find };
}

/** What is heard: the sound as its document, the variables and the scenes on air have it. */
export function heardSoundOf(state: ServiceState): HeardSound {
  return heardSound(state.sound, soundScenesOf(state));
}

/** Whether two sounds are heard alike. Parts that did not change are the same objects. */
export function isSameHeard(a: HeardSound, b: HeardSound): boolean {
  return isDeepStrictEqual(a, b);
}
