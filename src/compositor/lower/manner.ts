import { rulesOf } from '../../layers/rules.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import { BLEND_MODES } from '../../scene/blend-modes.js';
import type { Layer } from '../../scene/schema/layer.js';
import { isTilted } from '../../scene/straight.js';
import { isComposed } from './composed.js';
import { areColorFilters } from './filters.js';
import { NORMAL, OPAQUE, type Blending } from '../items/stack.js';

/** How a layer is drawn, whatever it shows and wherever it stands. */
export type Manner = {
  /** Of a group or a scene: what is in it becomes one bitmap before it is tilted, blurred or throws a shadow. */
  readonly isInOneBitmap: boolean;
  /** Its filters are applied to a buffer; else, if it has any, to the bitmaps of its pieces. */
  readonly isRecoloured: boolean;
  /** It is drawn into a buffer of its own, which is masked, recoloured, faded and blended as one. */
  readonly isBuffered: boolean;
  /** How its pieces are put on what is below them: in a buffer plainly. */
  readonly pieces: Blending;
  /** How the layer is put on what is below it. */
  readonly whole: Blending;
};

/** @param layer - the layer at this moment */
export function mannerOf(compiled: CompiledLayer, layer: Layer): Manner {
  const isContainer = layer.type === 'group' || layer.type === 'scene';
  const isInOneBitmap = isContainer && (isComposed(layer) || isTilted(layer));
  const isRecoloured =
    layer.filters.length > 0 &&
    areColorFilters(layer.filters) &&
    (isContainer ? !isInOneBitmap : layer.filters !== compiled.layer.filters);
  const whole = { opacity: layer.opacity, blend: BLEND_MODES.indexOf(layer.blend) };
  const isMixed = whole.opacity < 1 || whole.blend !== NORMAL;
  const isBuffered =
    layer.mask !== null || isRecoloured || ((isContainer || rulesOf(layer).hasOverlaps) && isMixed);
  return { isInOneBitmap, isRecoloured, isBuffered, pieces: isBuffered ? OPAQUE : whole, whole };
}
