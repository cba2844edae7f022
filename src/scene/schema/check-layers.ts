import { rulesOf } from '../../layers/rules.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { walkLayers } from '../layer-tree.js';
import { checkAnimatedFields } from './animated-fields.js';
import type { Layer } from './layer.js';

/** A complaint about a field, by its path from the scene's `layers` on. */
export type LayerComplaint = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** The layer that it names need not be there yet: then the layer stands in for nothing, and its place is marked. */
function complaintAboutFallback({ id, onError, fallback }: Layer): string | null {
  if (onError === 'fallback' && fallback === null)
    return 'must name a layer when onError is fallback';
  return fallback === id ? 'must name a different layer' : null;
}

/** What a schema of one layer cannot see: how the layers of a scene fit together. */
export function checkLayers(layers: readonly Layer[]): LayerComplaint[] {
  const complaints: LayerComplaint[] = [];
  const seen = new Set<string>();
  for (const { layer, path, depth } of walkLayers(layers)) {
    if (seen.has(layer.id)) {
      complaints.push({
        path: [...path, 'id'],
        message: 'must be unique within the scene',
      });
    }
    seen.add(layer.id);
    if (depth > LIMITS.groupDepth) {
      complaints.push({
        path,
        message: `groups can be nested at most ${LIMITS.groupDepth} levels deep`,
      });
    }
    const fallback = complaintAboutFallback(layer);
    if (fallback !== null) complaints.push({ path: [...path, 'fallback'], message: fallback });
    for (const { path: own, message } of [
      ...rulesOf(layer).check(layer),
      ...checkAnimatedFields(layer),
    ])
      complaints.push({ path: [...path, ...own], message });
  }
  if (seen.size > LIMITS.layersPerScene) {
    complaints.push({
      path: [],
      message: `a scene can contain at most ${LIMITS.layersPerScene} layers, including those in groups`,
    });
  }
  return complaints;
}
