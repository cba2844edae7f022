import type { LogLevel } from '../core/logger.js';
import type { DueMoment } from '../core/program-clock.js';
import type { Sound } from '../scene/sound/schema.js';

/** What the main thread and the mixer thread say to each other. With the stitcher the mixer shares memory alone. */

/** The sound from a moment on. */
export type ScheduledSound = DueMoment & { readonly sound: Sound };

export type MixerInit = {
  readonly logLevel: LogLevel;
  /** Of the program: the mixer reads what the stitcher asks for in it, and writes nothing. */
  readonly memory: WebAssembly.Memory;
  /** What it fills; see sound-ring.ts. */
  readonly sound: SharedArrayBuffer;
};

/** How loud something was since the last report, amplitudes of left and right; 1 is full scale. */
export type Meter = {
  readonly rms: readonly [number, number];
  readonly peak: readonly [number, number];
};

export type MixerStats = {
  /** By `StripKey`, after the strip. */
  readonly meters: Readonly<Record<string, Meter>>;
  readonly eventLoopLagMs: number;
};

export type ToMixer =
  /** What is heard now, and what from later moments on: the whole list, in the order of its moments. */
  | {
      readonly type: 'sound';
      readonly sound: Sound;
      readonly scheduled: readonly ScheduledSound[];
    }
  | { readonly type: 'close' };

export type FromMixer =
  | { readonly type: 'ready' }
  | { readonly type: 'stats'; readonly stats: MixerStats }
  | { readonly type: 'closed' };
