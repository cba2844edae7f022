import { rulesOf } from '../layers/rules.js';
import { assetsInFamilies, familiesIn } from './font-families.js';
import { walkLayers } from './layer-tree.js';
import type { Layer } from './schema/layer.js';
import type { Scene } from './schema/scene.js';

/** Ids of the assets that a scene shows, fonts that it names by their asset included, scenes in it left out. */
export function assetsOfScene(scene: Pick<Scene, 'layers'>): Set<string> {
  return new Set([
    ...[...walkLayers(scene.layers)].flatMap(({ layer }) => rulesOf(layer).assets(layer)),
    ...assetsInFamilies(familiesIn(scene.layers)),
  ]);
}

/** The first layer of a scene that shows an asset; null when none does. */
export function layerThatShows({ layers }: Pick<Scene, 'layers'>, assetId: string): Layer | null {
  for (const { layer } of walkLayers(layers)) {
    if (rulesOf(layer).assets(layer).includes(assetId)) return layer;
    const isGroup = layer.type === 'group';
    if (!isGroup && assetsInFamilies(familiesIn(layer)).includes(assetId)) return layer;
  }
  return null;
}

/** Ids of the scenes that a scene shows as layers. */
export function scenesInScene({ layers }: Pick<Scene, 'layers'>): Set<string> {
  return new Set(
    [...walkLayers(layers)].flatMap(({ layer }) => (layer.type === 'scene' ? [layer.scene] : [])),
  );
}

/**
 * The scenes that are shown with one, itself first, each once. An id that no scene has is left out.
 * @param find - a scene by its id, or null
 */
export function scenesShownWith(scene: Scene, find: (id: string) => Scene | null): Scene[] {
  const shown = new Map<string, Scene>();
  const add = (one: Scene): void => {
    if (shown.has(one.id)) return;
    shown.set(one.id, one);
    for (const id of scenesInScene(one)) {
      const inner = find(id);
      if (inner !== null) add(inner);
    }
  };
  add(scene);
  return [...shown.values()];
}

/** Whether a scene would show itself through others: `find` tells of scenes as they would be. */
export function showsItself(scene: Scene, find: (id: string) => Scene | null): boolean {
  const seen = new Set<string>();
  const reaches = (one: Scene): boolean =>
    [...scenesInScene(one)].some((id) => {
      if (id === scene.id) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      const inner = find(id);
      return inner !== null && reaches(inner);
    });
  return reaches(scene);
}
