import type { LogLevel } from '../core/logger.js';

/** What the main thread and the preview thread say to each other. */

/** One size, rate and quality of preview; all viewers of a tier get the same bytes. */
export type PreviewTier = {
  readonly widthPx: number;
  readonly fps: number;
  readonly quality: number;
};

/** How sound is sent to listeners: 48 kHz stereo, interleaved; `opus` one Opus packet for each of PCM. */
export type ListeningFormat = 's16le' | 'f32le' | 'opus';

/** 20 ms of the program's sound, as it is mixed. */
export type SoundPacket = {
  /** Those of one run follow on each other without a gap; another clock, or a hole, begins another run. */
  readonly run: number;
  /** Number of its first sample on the media clock. */
  readonly firstSample: number;
  /** The frame that the first sample belongs to. */
  readonly frame: number;
  /** Shared by all listeners of a format: not to be changed. */
  readonly bytes: Uint8Array;
};

export type PreviewInit = {
  readonly logLevel: LogLevel;
  readonly memory: WebAssembly.Memory;
  /** How far the thread stands back for others, 0 to 19. */
  readonly niceness: number;
};

export type ToPreview =
  /** The tiers that somebody watches now; the thread sleeps when the list is empty. */
  | { readonly type: 'tiers'; readonly tiers: readonly PreviewTier[] }
  /** One picture of the newest program frame, whole and now. */
  | {
      readonly type: 'grab';
      readonly requestId: number;
      readonly widthPx: number;
      readonly quality: number;
    }
  /** A picture of this tier has been handed to the viewers: the thread may send another. */
  | { readonly type: 'taken'; readonly tier: PreviewTier }
  | { readonly type: 'close' };

export type FromPreview =
  | { readonly type: 'ready' }
  | { readonly type: 'picture'; readonly tier: PreviewTier; readonly jpeg: Uint8Array<ArrayBuffer> }
  /** Null: no program frame was there in time. */
  | {
      readonly type: 'grabbed';
      readonly requestId: number;
      readonly jpeg: Uint8Array<ArrayBuffer> | null;
    }
  | { readonly type: 'closed' };
