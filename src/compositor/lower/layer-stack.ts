import type { ComingContents } from '../../render/piece.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { LowerContext } from './context.js';
import type { PlacedBox } from './group-layout.js';
import type { Place } from './place.js';
import type { KnownSize } from './views.js';

/** A stack of layers that is being lowered. */
export type LayerStack = {
  readonly layers: readonly CompiledLayer[];
  /** Where a layout puts them; null: where they say themselves. */
  readonly boxes: readonly PlacedBox[] | null;
  readonly place: Place;
  readonly context: LowerContext;
  /** Layers that are just drawn as masks: one that would mask itself is not masked. */
  readonly masking: readonly CompiledLayer[];
  /** Layers that others stand in for: none stands in for itself. */
  readonly failing: readonly CompiledLayer[];
};

/** A layer of a stack. */
export type StackedLayer = {
  readonly stack: LayerStack;
  readonly compiled: CompiledLayer;
  /** Its place in the stack. */
  readonly i: number;
  /** Whether it is drawn however visible it is: as a mask, or in place of another. */
  readonly isForced: boolean;
};

/** What is found out about a layer while it is lowered. */
export type LayerNotes = {
  /** How large it is; null: that was not found out. */
  size: KnownSize | null;
  /** Whether it shows that it lacks its picture. */
  lacksPicture: boolean;
  /** Time that layers in it took, milliseconds. */
  innerMs: number;
  /** What it will show soon; null: nothing is known of that. */
  coming: ComingContents | null;
};
