import type { CompiledLayer } from '../../scene/resolve.js';
import type { BreakerState } from '../faults/breaker.js';
import type { NamedLayer } from '../faults/named-layer.js';
import type { KeptStep } from './draw-list.js';
import type { Shown } from './shown.js';
import type { KnownSize } from './views.js';

/** What frames before have shown of layers, as far as lowering goes by it. It changes nothing. */
export type KnownLayers = {
  /** Open: it is off. Half-open: it is tried again. */
  stateOf(layer: NamedLayer): BreakerState;
  /** How large it was last; null: that is not known. */
  sizeOf(layer: NamedLayer): KnownSize | null;
  /** What it showed last under the same circumstances, with all that it needs still there; null: it is lowered anew. */
  keptOf(compiled: CompiledLayer, shown: Shown): KeptStep | null;
};

/** For frames that stand for themselves. */
export const NOTHING_KNOWN: KnownLayers = {
  stateOf: () => 'closed',
  sizeOf: () => null,
  keptOf: () => null,
};
