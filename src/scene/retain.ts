import { isDeepStrictEqual } from 'node:util';
import type { Layer } from './schema/layer.js';
import type { Scene } from './schema/scene.js';

/**
 * The next scene with every layer that did not change as the very object of the scene before: whatever was worked
 * out for a layer is kept by its identity, which a message between threads does not keep.
 */
export function retainLayers(before: Scene | null, next: Scene): Scene {
  if (before === null) return next;
  const known = new Map<string, Layer>(before.layers.map((layer) => [layer.id, layer]));
  return {
    ...next,
    layers: next.layers.map((layer) => {
      const old = known.get(layer.id);
      return old !== undefined && isDeepStrictEqual(old, layer) ? old : layer;
    }),
  };
}
