import type { Layer } from '../schema/layer.js';
import type { Scene } from '../schema/scene.js';
import { placesOf } from '../motion/places.js';
import { amplitudeOf } from './levels.js';

/** What the scene on air says about a source. */
export type SceneVoice = {
  /** Amplitude on top of that of the strip; 0 while the layer that it follows is hidden. */
  readonly level: number;
  /** Durations of its fades, milliseconds; null: that of what makes it come or go. */
  readonly fadeInMs: number | null;
  readonly fadeOutMs: number | null;
  /** The layer that it follows, as far as it is there; null: none. */
  readonly layer: Layer | null;
};

/** Whether any scene has sound of its own. */
export function haveAudio(scenes: readonly Scene[]): boolean {
  return scenes.some(({ audio }) => audio.length > 0);
}

/**
 * What a scene on air, and those that it shows as layers, say about sources, by their ids. The word of a scene counts before
 * that of those in it, and what is heard before what is hidden.
 * @param find - a scene with its variables put in, or null
 */
export function sceneVoices(
  scene: Scene,
  find: (id: string) => Scene | null,
): ReadonlyMap<string, SceneVoice> {
  const voices = new Map<string, SceneVoice>();
  const heard = new Set<string>();
  const seen = new Set<string>();
  const add = (one: Scene, isShown: boolean, shownBy: Layer | null): void => {
    const key = `${one.id} ${isShown}`;
    if (seen.has(key)) return;
    seen.add(key);
    const places = placesOf(one.layers);
    for (const entry of one.audio) {
      const place = entry.layer === null ? null : places.get(entry.layer);
      const isHeard = isShown && (place === null || place?.isDrawn === true);
      const isSaid = isHeard ? heard.has(entry.source) : voices.has(entry.source);
      if (isSaid) continue;
      if (isHeard) heard.add(entry.source);
      const { fadeInMs, fadeOutMs } = entry;
      const level = isHeard ? amplitudeOf(entry.gainDb) : 0;
      voices.set(entry.source, { level, fadeInMs, fadeOutMs, layer: place?.layer ?? shownBy });
    }
    for (const { layer, isDrawn } of places.values()) {
      const inner = layer.type === 'scene' ? find(layer.scene) : null;
      if (inner !== null) add(inner, isShown && isDrawn, layer);
    }
  };
  add(scene, true, null);
  return voices;
}
