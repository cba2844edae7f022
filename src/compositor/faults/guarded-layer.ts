import type { CompiledLayer } from '../../scene/resolve.js';
import type { Culprit } from '../../memory/culprit.js';
import type { Bitmap, BitmapStore } from '../bitmaps.js';
import type { Item } from '../items/item.js';
import type { KnownSize } from '../lower/views.js';
import type { PlanClocks } from './frame-room.js';
import type { LayerFault } from './layer-entry.js';

/** A layer that is to be drawn, whatever comes of it. */
export type GuardedLayer = {
  /** Tells it from every other of its scene and those in it. */
  readonly name: string;
  readonly sceneId: string | null;
  readonly compiled: CompiledLayer;
  /** Why it is not drawn at all; null: it is. */
  readonly refusal: string | null;
  readonly draw: () => Item[];
  /** Whether it is in sight at this moment. */
  readonly isSeen: () => boolean;
  /** What marks its place; null: its size is not known. */
  readonly placeholder: (size: KnownSize | null) => Item[];
  /** The layer that stands in for it; null: there is none. */
  readonly fallback: () => Item[] | null;
};

/** What tells a layer from others. */
export type NamedLayer = Pick<GuardedLayer, 'name' | 'sceneId' | 'compiled'>;

export type LayerGuardOptions = {
  readonly bitmaps: BitmapStore;
  readonly culprit: Culprit;
  /**
   * Whether frames follow each other on air: then layers wait for what is painted in the background, and those that fail are shut
   * off for a while. Otherwise every frame stands for itself.
   */
  readonly isLive: boolean;
  /** How long laying out takes. */
  readonly clocks: PlanClocks;
  readonly onFailed: (fault: LayerFault) => void;
  readonly onRecovered: (fault: LayerFault) => void;
};

/** What a frame is drawn for. */
export type Turn = {
  readonly programTimeMs: number;
  readonly revision: number;
  /** Holds a bitmap for the frame. */
  readonly hold: (bitmap: Bitmap) => void;
};
