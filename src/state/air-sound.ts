import { isDeepStrictEqual } from 'node:util';
import type { Scene } from '../scene/schema/scene.js';
import { type SoundScenes, toAirSound } from '../scene/sound/air-sound.js';
import { boundSound, type StripProblem } from '../scene/sound/bound-sound.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { ServiceState } from './model.js';
import { shownScene } from './staging.js';

/** The scenes of a state as far as they have to do with its sound. */
export function soundScenesOf(state: ServiceState): SoundScenes {
  const find = (id: string): Scene | null => shownScene(state, id);
  return { documents: state.scenes, onAir: shownScene(state, state.program.sceneId), find };
}

/** What is heard: the sound as its document, the variables and the scenes on air have it. */
export function airSoundOf(state: ServiceState): AirSound {
  return toAirSound(boundSound(state.sound, state.variables).sound, soundScenesOf(state));
}

/** What of the variables could not be put into strips. */
export function stripProblemsOf({ sound, variables }: ServiceState): readonly StripProblem[] {
  return boundSound(sound, variables).problems;
}

/** Whether all that the sound on air is made of is the same in two states. */
export function hasSameSound(a: ServiceState, b: ServiceState): boolean {
  return (
    a.sound === b.sound &&
    a.scenes === b.scenes &&
    a.variables === b.variables &&
    a.program === b.program
  );
}

/** The sound on air of a state; the very one of the state before if it is heard alike. */
export function airSoundAfter(
  before: { readonly state: ServiceState; readonly airSound: AirSound },
  state: ServiceState,
): AirSound {
  if (hasSameSound(before.state, state)) return before.airSound;
  const airSound = airSoundOf(state);
  return isDeepStrictEqual(before.airSound, airSound) ? before.airSound : airSound;
}
