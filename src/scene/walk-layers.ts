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
