import type { Scene } from '../schema/scene.js';
import { haveAudio, sceneVoices, type SceneVoice } from './scene-voices.js';
import type { AirSound, Sound } from './schema.js';

/** What scenes have to do with the sound. */
export type SoundScenes = {
  /** All that are stored: those that name a source have it. */
  readonly documents: readonly Scene[];
  /** The one on air, with its variables put in; null: none is. */
  readonly onAir: Scene | null;
  /** One of them with its variables put in, or null. */
  readonly find: (id: string) => Scene | null;
};

/** A sound on air, and what of it the scenes on air have said, by the id of the source. */
export type VoicedSound = {
  readonly airSound: AirSound;
  readonly voices: ReadonlyMap<string, SceneVoice>;
};

const NO_VOICES: VoicedSound['voices'] = new Map();

/**
 * What is heard of a sound, whose variables are put in, with these scenes. A source that belongs to scenes is heard as far as
 * one on air says so; any other is, as its strip says, unless one on air says otherwise.
 */
export function toAirSound(sound: Sound, scenes: SoundScenes): VoicedSound {
  const { documents, onAir, find } = scenes;
  const voices = onAir === null || !haveAudio(documents) ? NO_VOICES : sceneVoices(onAir, find);
  const named = new Set(documents.flatMap(({ audio }) => audio.map(({ source }) => source)));
  const levels = sound.sources.flatMap(({ id, scope }): [string, number][] => {
    const isOfScenes = scope === 'scenes' || (scope === 'auto' && named.has(id));
    const level = voices.get(id)?.level ?? (isOfScenes ? 0 : 1);
    return level === 1 ? [] : [[id, level]];
  });
  return { airSound: { ...sound, sceneLevels: Object.fromEntries(levels) }, voices };
}
