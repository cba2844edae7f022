import type { CompiledScene } from '../../scene/compile-scene.js';
import { LOAD_LIMITS } from '../../scene/limits.js';
import { excessOf, LOAD_MEASURES, type LoadMeasure } from '../../scene/load/excess.js';
import {
  addLoads,
  NO_LOAD,
  SceneLoads,
  type Load,
  type SceneLoad,
} from '../../scene/load/scene-load.js';
import type { Layer } from '../../scene/schema/layer.js';
import { sceneById, screensOf, type Screen } from '../lower/screen.js';

/**
 * Layers of the scenes on screen that are left out, with the reason, so that no more is shown than can be: from the
 * bottom up, each that would bring the sum over a limit. Changes that would come to this are refused; what an older
 * version has stored is not.
 */
export function refusedLayers(
  screen: Screen,
  nested: ReadonlyMap<string, CompiledScene>,
): ReadonlyMap<Layer, string> {
  const refused = new Map<Layer, string>();
  // What is on its way out is bounded where a change is made.
  const loads = new SceneLoads((id) => {
    const scene = sceneById(screen, id) ?? nested.get(id)?.scene ?? null;
    return scene === null ? null : { scene, leaving: [] };
  });
  for (const { compiled } of screensOf(screen)) {
    if (compiled === null) continue;
    const { scene } = compiled;
    let sum = NO_LOAD;
    for (const [i, { load }] of partsOf(loads, scene.id).entries()) {
      const layer = scene.layers[i];
      const next = addLoads(sum, load);
      const measure = excessOf(next);
      if (measure === null) sum = next;
      else if (layer !== undefined) refused.set(layer, reasonFor(load, measure));
    }
  }
  return refused;
}

/** A layer that cannot even be counted is not refused here: it fails by itself when it is drawn. */
function partsOf(loads: SceneLoads, sceneId: string): SceneLoad['parts'] {
  try {
    return loads.of(sceneId).parts;
  } catch {
    return [];
  }
}

function reasonFor(load: Load, measure: LoadMeasure): string {
  const { noun, how } = LOAD_MEASURES[measure];
  return `The layer would need ${Math.ceil(load[measure])} ${noun} (${how}), more than is left of the limit of ${LOAD_LIMITS[measure]} per scene.`;
}
