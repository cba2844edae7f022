import type { Bitmap, BitmapStore } from '../bitmaps.js';
import type { BitmapOwner } from '../realise/realise.js';
import type { LayerFault } from './layer-entry.js';

export type LayerGuardOptions = {
  readonly bitmaps: BitmapStore;
  /**
   * Whether frames follow each other on air: then layers wait for what is painted in the background, and those that fail are shut
   * off for a while. Otherwise every frame stands for itself.
   */
  readonly isLive: boolean;
  readonly onFailed: (fault: LayerFault) => void;
  readonly onRecovered: (fault: LayerFault) => void;
};

/** What a frame is realised for. */
export type Turn = {
  readonly programTimeMs: number;
  readonly revision: number;
  /** Holds a bitmap for the frame. */
  readonly hold: (bitmap: Bitmap) => void;
  /** Who has the bitmaps; null before the first frame. */
  readonly owner: BitmapOwner | null;
};
