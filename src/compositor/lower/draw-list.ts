import type { Content, PictureContent } from '../../render/content.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { KeptItems } from '../faults/layer-entry.js';
import type { BitmapItem, StackItem } from '../items/item.js';
import type { Blending, MaskLevels } from '../items/stack.js';
import type { Rect } from '../../memory/region.js';
import type { Shadow } from '../../render/content.js';
import type { Filter } from '../../scene/schema/style.js';
import type { Homography } from './homography.js';
import type { Matrix } from './matrix.js';
import type { Shown } from './shown.js';
import type { KnownSize } from './views.js';

/**
 * What lowering comes to: all that a frame shows, in the order in which it is drawn, by contents. Nothing in it is a bitmap
 * yet, and nothing is decided that depends on which bitmaps there are: realising makes the items of it.
 */
export type DrawList = {
  /** Opaque colour below all of it, as the kernels fill with it. */
  readonly background: number;
  readonly steps: readonly DrawStep[];
};

export type DrawStep = PieceStep | SolidStep | BufferStep | ComposedStep | LayerStep;

/** A content where it stands: an item but for its bitmap. */
export type PieceStep = Omit<BitmapItem, 'kind' | 'bitmap' | 'levels'> & {
  readonly kind: 'piece';
  readonly content: Content | PictureContent;
};

/** An area of one colour. */
export type SolidStep = StackItem & { readonly kind: 'solid' };

/** Steps that are drawn into a buffer, which is put on what is below as one. */
export type BufferStep = {
  readonly kind: 'buffer';
  readonly name: string;
  readonly inner: readonly DrawStep[];
  /** What is done to the buffer before, in order. */
  readonly effects: readonly Effect[];
  readonly blending: Blending;
};

/** What is done to all of a buffer. */
export type Effect =
  | {
      readonly kind: 'mask';
      readonly name: string;
      readonly inner: readonly DrawStep[];
      readonly levels: MaskLevels;
    }
  | { readonly kind: 'matrix'; readonly name: string; readonly params: readonly number[] }
  | {
      readonly kind: 'ramp';
      readonly name: string;
      /** A RAMP_ value. */
      readonly variant: number;
      readonly params: readonly number[];
    };

/** Steps that become one bitmap, in a space of their own that does not move. */
export type ComposedStep = {
  readonly kind: 'composed';
  readonly inner: readonly DrawStep[];
  readonly style: ComposedStyle;
  /** Pixels of the bitmap for a unit of the layer. */
  readonly unitPx: number;
  /** The layer's box in the frame. */
  readonly frame: Frame;
  readonly onto: Onto;
};

/** A layer, and how lowering it went: one result for each. */
export type LayerStep = {
  readonly kind: 'layer';
  /** What tells it from other layers; see NamedLayer. */
  readonly sceneId: string | null;
  readonly depth: number;
  readonly path: string;
  readonly compiled: CompiledLayer;
  readonly result: LayerResult;
  /** Whether it is on trial after it was off. */
  readonly isOnTrial: boolean;
  /** Whether it is in sight at this moment. */
  readonly isSeen: boolean;
  /** Whether it shows that it lacks its picture. */
  readonly lacksPicture: boolean;
  /** How large it is; null: that was not found out. */
  readonly size: KnownSize | null;
  /** How long lowering it took without the layers in it, milliseconds. */
  readonly ownMs: number;
  /** What is drawn in place of it, should that be needed; null: nothing was lowered for that. */
  readonly standIn: readonly DrawStep[] | null;
  /** What its items depend on, so that they can be shown again; null: they are not kept. */
  readonly shown: Shown | null;
};

/** A layer that shows what it showed last. */
export type KeptStep = LayerStep & { readonly result: KeptResult };

/** It shows what it showed last, which need not be lowered again. */
export type KeptResult = { readonly kind: 'kept'; readonly kept: KeptItems };

export type LayerResult =
  | { readonly kind: 'drawn'; readonly steps: readonly DrawStep[] }
  | KeptResult
  /** Its texts take more than a frame may set: they are set on with the next one. */
  | { readonly kind: 'unfinished' }
  /** There was no time left. `reason`: that is so again and again, so that it has failed; null: it is not. */
  | { readonly kind: 'cut'; readonly reason: string | null }
  | { readonly kind: 'failed'; readonly reason: string }
  /** There are too many layers: not even what stands in for it is drawn. */
  | { readonly kind: 'left-out'; readonly reason: string }
  /** It failed before, and is off. */
  | { readonly kind: 'off' };

/** The box of a layer at a moment. */
export type Frame = KnownSize & {
  readonly name: string;
  /** From its box to program pixels. */
  readonly matrix: Matrix;
  /** Most program pixels that a unit takes, and what it takes now. */
  readonly unitPx: number;
  readonly unitPxNow: number;
  readonly isAtRest: boolean;
  /** The same as `matrix` of a layer that is turned out of the plane; else null. */
  readonly tilted: Homography | null;
};

/** How something is put on what is below it, and what of the frame it may touch. */
export type Onto = Blending & { readonly clip: Rect };

/** What is done to one bitmap as a whole; lengths are in units of the layer. */
export type ComposedStyle = {
  readonly shadows: readonly Shadow[];
  readonly filters: readonly Filter[];
};
