import { isDeepStrictEqual } from 'node:util';
import { SCENE_LIMITS } from '../scene/limits.js';
import { appearanceMs } from '../scene/motion/appearance-length.js';
import type { SceneTransition } from '../scene/schema/scene-transition.js';
import type { Transition } from '../scene/schema/transition.js';
import type { VoicedSound } from '../scene/sound/air-sound.js';
import type { SceneVoice } from '../scene/sound/scene-voices.js';
import { sceneTransitionMs } from '../scene/transition-facts.js';
import type { Command } from './command.js';
import { hasSameSound, voicedSoundOf } from './air-sound.js';
import type { ServiceState } from './model.js';
import { type LevelChange, rampsAfter, type WayOf } from './sound-ramps.js';

/** How levels follow as one scene gives way to another. */
function wayOfScenes(kind: SceneTransition): Transition | null {
  const durationMs = sceneTransitionMs(kind);
  if (kind.type === 'cut' || durationMs === 0) return null;
  return { durationMs, easing: kind.type === 'stinger' ? 'linear' : kind.easing, delayMs: 0 };
}

/** When and how a command changes levels. */
type LevelMoment = {
  /** Program time, milliseconds since 1970. */
  readonly atMs: number;
  /** Null: at once. */
  readonly way: Transition | null;
  /** It puts a scene on air. */
  readonly isTake: boolean;
};

/** Null: the command says no moment, and changes levels at once, or not at all. */
function momentOf(after: ServiceState, command: Command): LevelMoment | null {
  if (command.type === 'program.take' || command.type === 'scene.activate') {
    const running = after.program.transition;
    const way = running === null ? null : wayOfScenes(running.kind);
    return { atMs: command.atMs, way, isTake: true };
  }
  if (!('atMs' in command)) return null;
  const way = 'transition' in command ? command.transition : null;
  return { atMs: command.atMs, way, isTake: false };
}

/** How long a source that comes or goes with its scene or layer takes, milliseconds; null: as long as the change. */
function ownFadeMs(
  { from, to }: LevelChange,
  isTake: boolean,
  before: SceneVoice | undefined,
  after: SceneVoice | undefined,
): number | null {
  if (from > 0 && to > 0) return null;
  const isComing = from === 0;
  const voice = isComing ? after : (before ?? after);
  if (voice === undefined) return null;
  const fadeMs = isComing ? voice.fadeInMs : voice.fadeOutMs;
  const appearance = isComing ? voice.layer?.enter : voice.layer?.exit;
  if (fadeMs !== null || isTake) return fadeMs;
  return appearance == null ? null : Math.min(appearanceMs(appearance), SCENE_LIMITS.transitionMs);
}

type Voices = VoicedSound['voices'];

/** The way of what scenes let through, which have fades of their own. */
function wayThroughScenes(was: Voices, is: Voices, { way, isTake }: LevelMoment): WayOf {
  return (change) => {
    if (!change.key.startsWith('scene:')) return way;
    const id = change.key.slice('scene:'.length);
    const durationMs = ownFadeMs(change, isTake, was.get(id), is.get(id));
    if (durationMs === null) return way;
    return { durationMs, easing: way?.easing ?? 'linear', delayMs: way?.delayMs ?? 0 };
  };
}

/**
 * A state after a command, with the ramps that lead its levels from where they are heard at that moment to where the command
 * puts them: whether it is by a strip, a variable, a scene, or another scene on air.
 */
export function withRamps(
  before: ServiceState,
  after: ServiceState,
  command: Command,
): ServiceState {
  if (hasSameSound(before, after)) return after;
  const moment = momentOf(after, command);
  const [was, is] = [voicedSoundOf(before), voicedSoundOf(after)];
  const ramps =
    moment === null
      ? rampsAfter(was.airSound, is.airSound, -Infinity, () => null)
      : rampsAfter(
          was.airSound,
          is.airSound,
          moment.atMs,
          wayThroughScenes(was.voices, is.voices, moment),
        );
  return isDeepStrictEqual(ramps, after.sound.ramps)
    ? after
    : { ...after, sound: { ...after.sound, ramps } };
}
