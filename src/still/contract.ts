import type { LogLevel } from '../core/logger.js';
import type { CostPrediction, CostRequest } from '../compositor/cost/predict-cost.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type { SceneSnapshot } from '../scene/snapshot.js';

/** What the main thread and the thread that renders stills say to each other. */

export type { CostPrediction, CostRequest } from '../compositor/cost/predict-cost.js';

/** `raw`: the program frame itself, I420 (BT.709, limited range), planes Y, U, V without gaps. */
export const STILL_FORMATS = ['png', 'jpeg', 'raw'] as const;
export type StillFormat = (typeof STILL_FORMATS)[number];

/** One frame of a scene, wanted without a stream. */
export type StillRequest = {
  /** Its own `takenAtMs` does not count: scene time is given. */
  readonly snapshot: SceneSnapshot;
  /** Scene time, milliseconds, 0 or more. */
  readonly timeMs: number;
  /** The moment that clocks and countdowns show, wall-clock milliseconds. */
  readonly wallTimeMs: number;
  /** Of the program frame, pixels, both even, at most 4096. */
  readonly width: number;
  readonly height: number;
  readonly format: StillFormat;
  /** Width of a PNG or JPEG that is smaller than the frame, pixels; null: as large as the frame. */
  readonly scaledWidth: number | null;
  /** Of a JPEG, 1 to 100. */
  readonly quality: number;
};

export type Still = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the program frame's I420 bytes, in hex: the same for every format and size of picture. */
  readonly frameHash: string;
  /** Of the picture, pixels. */
  readonly width: number;
  readonly height: number;
};

export type StillInit = {
  readonly logLevel: LogLevel;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
};

/** One at a time: the next is asked for when this one has been answered. */
export type ToStill =
  | { readonly type: 'render'; readonly request: StillRequest }
  | { readonly type: 'predict'; readonly request: CostRequest }
  /** Not answered, and may come at any time. */
  | { readonly type: 'memory'; readonly isShort: boolean }
  /** The same: all live inputs that there are, by their ids. */
  | { readonly type: 'inputs'; readonly inputs: Readonly<Record<string, LivePictures>> };

/** A failure is not answered: the thread ends of it. */
export type FromStill =
  | { readonly type: 'ready' }
  | { readonly type: 'still'; readonly still: Still }
  | { readonly type: 'cost'; readonly cost: CostPrediction };
