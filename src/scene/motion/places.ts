import type { GroupLayer, Layer } from '../schema/layer.js';

/** A layer in its scene. */
export type Place = {
  readonly layer: Layer;
  /** The layer itself: of a group without what is in it. */
  readonly own: Layer;
  /** The group it is in; null: the scene itself. */
  readonly group: GroupLayer | null;
  /** It is visible, and so is all that it is in. */
  readonly isDrawn: boolean;
};

/** Every layer by its id, a group before what is in it, from the bottom up. */
export function placesOf(layers: readonly Layer[]): Map<string, Place> {
  const places = new Map<string, Place>();
  const walk = (stack: readonly Layer[], group: GroupLayer | null, isSeen: boolean): void => {
    for (const layer of stack) {
      const isDrawn = isSeen && layer.visible;
      const own = layer.type === 'group' ? { ...layer, layers: [] } : layer;
      places.set(layer.id, { layer, own, group, isDrawn });
      if (layer.type === 'group') walk(layer.layers, layer, isDrawn);
    }
  };
  walk(layers, null, true);
  return places;
}

/** Ids of a layer and of all that is in it. */
export function idsIn(layer: Layer): string[] {
  return [layer.id, ...(layer.type === 'group' ? layer.layers.flatMap(idsIn) : [])];
}
