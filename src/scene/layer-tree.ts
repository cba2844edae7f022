import type { Layer } from './schema/layer.js';

/** A layer and where it is. */
export type LayerPlace = {
  readonly layer: Layer;
  /** Keys from the scene's `layers` on: `[0, 'layers', 2]` is the third layer of the group that is the first. */
  readonly path: readonly (string | number)[];
  /** How many groups it is in. */
  readonly depth: number;
};

/** Every layer in drawing order, a group before what is in it. */
export function* walkLayers(
  layers: readonly Layer[],
  path: readonly (string | number)[] = [],
  depth = 0,
): Generator<LayerPlace> {
  for (const [i, layer] of layers.entries()) {
    const own = [...path, i];
    yield { layer, path: own, depth };
    if (layer.type === 'group') yield* walkLayers(layer.layers, [...own, 'layers'], depth + 1);
  }
}

/** A layer among those it is stacked with. */
export type LayerPosition = {
  readonly layer: Layer;
  /** The group it is in; null: the scene itself. */
  readonly groupId: string | null;
  /** Place in that stack, 0 at the bottom. */
  readonly index: number;
};

/** Where a layer is, also in groups; null when there is none of this id. */
export function findLayerPosition(
  layers: readonly Layer[],
  id: string,
  groupId: string | null = null,
): LayerPosition | null {
  for (const [index, layer] of layers.entries()) {
    if (layer.id === id) return { layer, groupId, index };
    const inside = layer.type === 'group' ? findLayerPosition(layer.layers, id, layer.id) : null;
    if (inside !== null) return inside;
  }
  return null;
}

/** The layers with one stack edited: that of a group, or (null) the outermost. Other layers keep their identity. */
export function editStack(
  layers: readonly Layer[],
  groupId: string | null,
  edit: (stack: readonly Layer[]) => Layer[],
): Layer[] {
  if (groupId === null) return edit(layers);
  return layers.map((layer) => {
    if (layer.type !== 'group') return layer;
    if (layer.id === groupId) return { ...layer, layers: edit(layer.layers) };
    const inside = editStack(layer.layers, groupId, edit);
    return inside.every((child, i) => child === layer.layers[i])
      ? layer
      : { ...layer, layers: inside };
  });
}
