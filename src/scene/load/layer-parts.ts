import { rulesOf } from '../../layers/rules.js';
import type { Layer } from '../schema/layer.js';
import { hasSoundBindings } from '../variables/sound-bindings.js';
import { isCutByMask, opensBuffer } from './layer-work.js';

/** Draw items of a layer: its parts, and what buffers, masks and filters add. */
export function itemsOf(layer: Layer): number {
  const rules = rulesOf(layer);
  const filters = layer.filters.filter(({ type }) => type !== 'blur').length;
  return (
    rules.parts(layer) * rules.itemsPerPart +
    (opensBuffer(layer) ? 2 + filters : 0) +
    (layer.mask === null ? 0 : 3) +
    (isCutByMask(layer) ? 5 : 0)
  );
}

/** Whether a layer is another one, or elsewhere, in every frame. */
export function isMoving(layer: Layer): boolean {
  return layer.animations.length > 0 || rulesOf(layer).isMoving || hasSoundBindings(layer);
}
