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

/** What the scenes on air say about sources, by their ids. */
export function voicesOnAir({
  documents,
  onAir,
  find,
}: SoundScenes): ReadonlyMap<string, SceneVoice> {
  return onAir === null || !haveAudio(documents) ? new Map() : sceneVoices(onAir, find);
}

/**
 * What is heard of a sound, whose variables are put in, with these scenes. A source that belongs to scenes is heard as far as
 * one on air says so; any other is, as its strip says, unless one on air says otherwise.
 */
export function toAirSound(sound: Sound, scenes: SoundScenes): AirSound {
  const named = new Set(scenes.documents.flatMap(({ audio }) => audio.map(({ source }) => source)));
  const voices = voicesOnAir(scenes);
  const levels = sound.sources.flatMap(({ id, scope }): [string, number][] => {
    const isOfScenes = scope === 'scenes' || (scope === 'auto' && named.has(id));
    const level = voices.get(id)?.level ?? (isOfScenes ? 0 : 1);
    return level === 1 ? [] : [[id, level]];
  });
  return { ...sound, sceneLevels: Object.fromEntries(levels) };
}
