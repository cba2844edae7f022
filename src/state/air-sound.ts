import { isDeepStrictEqual } from 'node:util';
import { toAirSound, type VoicedSound } from '../scene/sound/air-sound.js';
import { boundSound, type StripProblem } from '../scene/sound/bound-sound.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { ServiceState } from './model.js';
import { shownScene } from './staging.js';

/** What the sound on air is made of. */
type Parts = Pick<ServiceState, 'sound' | 'scenes' | 'variables' | 'program'>;

/** Results kept of each document: those before and after a change, and of scheduled batches. */
const KEPT_RESULTS = 4;

/** What is remembered hangs on the documents, which never change, so that it is the same as when it is computed anew. */
const known = new WeakMap<Parts['sound'], (Parts & { readonly result: VoicedSound })[]>();

/** What is heard, and what the scenes on air say about it: as document, variables and scenes have it. */
export function voicedSoundOf(state: ServiceState): VoicedSound {
  const { sound, scenes, variables, program } = state;
  const results = known.get(sound) ?? [];
  const before = results.find((one) => hasSameSound(one, state));
  if (before !== undefined) return before.result;
  const result = toAirSound(boundSound(sound, variables).sound, {
    documents: scenes,
    onAir: shownScene(state, program.sceneId),
    find: (id) => shownScene(state, id),
  });
  known.set(sound, [
    { sound, scenes, variables, program, result },
    ...results.slice(0, KEPT_RESULTS - 1),
  ]);
  return result;
}

/** What is heard: the sound as its document, the variables and the scenes on air have it. */
export function airSoundOf(state: ServiceState): AirSound {
  return voicedSoundOf(state).airSound;
}

/** What of the variables could not be put into strips. */
export function stripProblemsOf({ sound, variables }: ServiceState): readonly StripProblem[] {
  return boundSound(sound, variables).problems;
}

/** Whether all that the sound on air is made of is the same in two states. */
export function hasSameSound(a: Parts, b: Parts): boolean {
  return (
    a.sound === b.sound &&
    a.scenes === b.scenes &&
    a.variables === b.variables &&
    a.program === b.program
  );
}

/** The sound on air of a state; the very one of the state before if it is heard alike. */
export function airSoundAfter(
  before: { readonly airSound: AirSound },
  state: ServiceState,
): AirSound {
  const airSound = airSoundOf(state);
  return isDeepStrictEqual(before.airSound, airSound) ? before.airSound : airSound;
}
