import type { CompiledScene } from '../../scene/compile-scene.js';
import { LOAD_LIMITS } from '../../scene/limits.js';
import { SceneLoads, type SceneLoad } from '../../scene/load/scene-load.js';
import type { Layer } from '../../scene/schema/layer.js';
import { sceneById, screensOf, type Screen } from '../screen.js';

/**
 * Layers of the scenes on screen that are left out, with the reason, so that no more is shown than can be: from the
 * bottom up, each that would bring the sum over the limit. Changes that would come to this are refused; what an older
 * version has stored is not.
 */
export function refusedLayers(
  screen: Screen,
  nested: ReadonlyMap<string, CompiledScene>,
): ReadonlyMap<Layer, string> {
  const refused = new Map<Layer, string>();
  const loads = new SceneLoads((id) => sceneById(screen, id) ?? nested.get(id)?.scene ?? null);
  for (const { compiled } of screensOf(screen)) {
    if (compiled === null) continue;
    const { scene } = compiled;
    const parts = partsOf(loads, scene.id);
    let [layers, workMs] = [0, 0];
    scene.layers.forEach((layer, i) => {
      const load = parts[i]?.load;
      if (load === undefined) return;
      const isTooMuch =
        layers + load.layers > LOAD_LIMITS.layers ||
        workMs + load.workMs > LOAD_LIMITS.workMs ||
        load.depth > LOAD_LIMITS.depth;
      if (isTooMuch) {
        refused.set(
          layer,
          `It would take ${load.layers} layers and ${Math.ceil(load.workMs)} ms to draw, more than is left of the ${LOAD_LIMITS.layers} layers and ${LOAD_LIMITS.workMs} ms that a scene may take.`,
        );
        return;
      }
      layers += load.layers;
      workMs += load.workMs;
    });
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
