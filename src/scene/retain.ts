import { isDeepStrictEqual } from 'node:util';
import type { Layer } from './schema/layer.js';
import type { Scene } from './schema/scene.js';

/**
 * The next scene with every layer that did not change as the very object of the scene before: whatever was worked
 * out for a layer is kept by its identity, which a message between threads does not keep.
 */
export function retainLayers(before: Scene | null, next: Scene): Scene {
  return before === null ? next : { ...next, layers: retained(before.layers, next.layers) };
}

function retained(before: readonly Layer[], next: readonly Layer[]): Layer[] {
  const known = new Map<string, Layer>(before.map((layer) => [layer.id, layer]));
  return next.map((layer) => {
    const old = known.get(layer.id);
    if (old === undefined) return layer;
    if (isDeepStrictEqual(old, layer)) return old;
    return old.type === 'group' && layer.type === 'group'
      ? { ...layer, layers: retained(old.layers, layer.layers) }
      : layer;
  });
}
