import type { LogLevel } from '../core/logger.js';
import type { DueMoment } from '../core/program-clock.js';
import type { TrackMemory } from '../memory/track-ring.js';
import type { Loudness } from './loudness.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import type { AirSound } from '../scene/sound/schema.js';

/** What the main thread and the mixer thread say to each other. With the stitcher the mixer shares memory alone. */

/** Something that is decoded for the mixer, in shared memory; see track-ring.ts. */
export type TrackRef = {
  readonly key: string;
  /** Which start of its source it is: a higher one comes later. */
  readonly run: number;
  /** Tells the source from another one that had its id before. */
  readonly createdAtMs: number;
  readonly memory: TrackMemory;
  /** Whether it begins in the middle of something, and so needs a fade. */
  readonly fadesIn: boolean;
};

/** What is to be heard, with what is decoded for it. */
export type PlayedSound = {
  readonly sound: AirSound;
  /** By the key of the strip (of sources and clips), the one to be played first. */
  readonly tracks: Readonly<Record<string, readonly TrackRef[]>>;
};

/** The sound from a moment on. */
export type ScheduledSound = DueMoment & PlayedSound;

/** What becomes of tracks and clips, with the frame on which it is heard. */
export type TrackEvent =
  | {
      /** `advanced`: a playlist has come to this entry by itself. */
      readonly type: 'started' | 'advanced' | 'ended' | 'underrun';
      readonly key: string;
    }
  /** Nothing of the clip is heard any more. */
  | { readonly type: 'clip-over'; readonly clipId: string }
  | { readonly type: 'marker'; readonly clipId: string; readonly marker: string };

export type MixerInit = {
  readonly logLevel: LogLevel;
  /** Of the program: the mixer reads what the stitcher asks for in it, and writes nothing. */
  readonly memory: WebAssembly.Memory;
  /** What it fills; see sound-ring.ts. */
  readonly sound: SharedArrayBuffer;
  /** Where it writes how loud each frame is; see heard-sound.ts. */
  readonly heard: SharedArrayBuffer;
};

/** How loud something was since the last report, amplitudes of left and right; 1 is full scale. */
export type Meter = {
  readonly rms: readonly [number, number];
  readonly peak: readonly [number, number];
};

/** The same of a strip. */
export type StripMeter = Meter & {
  /** Most by which gate and compressor turned the sound down, dB; 0: not at all. */
  readonly reductionDb: number;
};

export type MixerStats = {
  /** By `StripKey`, after the strip. */
  readonly strips: Readonly<Record<string, StripMeter>>;
  /** By which the mix is turned up for its loudness target, dB. */
  readonly loudnessGainDb: number;
  /** What is sent, after the limiter. */
  readonly output: Meter;
  /** By the key of their track: milliseconds of it that have been played. */
  readonly positions: Readonly<Record<string, number>>;
  /** Of the same, since the last report; amplitude. */
  readonly truePeak: number;
  readonly loudness: Loudness;
};

/** What has become of the sound that is sent, by the frames of the clock. */
export type SilenceReport =
  /** Nothing has been heard since a frame, for as long as is told. */
  | {
      readonly type: 'silent';
      readonly frame: number;
      readonly sinceFrame: number;
      readonly seconds: number;
    }
  /** The first sound after what may have been such a silence. */
  | { readonly type: 'heard'; readonly frame: number };

/** What the sender of pushed sound is to know. */
export type PushEvent =
  /** All that was sent before the mark is heard; or was not, since it was flushed. */
  | { readonly type: 'mark'; readonly id: string; readonly isDropped: boolean }
  /** Everything has been played, as was expected. */
  | { readonly type: 'ended' }
  /** Everything has been played, and more was expected. */
  | { readonly type: 'underrun' }
  | { readonly type: 'nearly-full'; readonly bufferedMs: number }
  /** What was sent last found no room. */
  | { readonly type: 'overrun'; readonly droppedMs: number };

export type PcmEncoding = 's16le' | 'f32le';

/** How the samples of a connection are written. */
export type PcmFormat = {
  readonly encoding: PcmEncoding;
  /** Samples a second and channel, 8000 to 48,000. */
  readonly rateHz: number;
  readonly channels: 1 | 2;
};

/** @param frame - with which it is heard; null: it is not about one */
export type PushListener = (event: PushEvent, frame: number | null) => void;

/** Whoever pushes sound, as the main thread has it. */
export type PushConnection = {
  /** Takes a chunk of samples, which need not end with a whole one. The bytes are copied before it returns. */
  write(bytes: Uint8Array): void;
  /** Nothing that has not been heard is heard any more. */
  flush(): void;
  /** The listener is told when all that was written before is heard. */
  mark(id: string): void;
  /** Nothing more comes for now. */
  end(): void;
  /** Nobody sends any more; what is there is played. */
  close(): void;
};

/** What is said about one connection that pushes sound, by its number. */
export type PushMessage =
  | {
      readonly type: 'push-open';
      readonly pushId: number;
      readonly sourceId: string;
      readonly format: PcmFormat;
    }
  | { readonly type: 'push-data'; readonly pushId: number; readonly bytes: Uint8Array }
  | { readonly type: 'push-flush'; readonly pushId: number }
  | { readonly type: 'push-mark'; readonly pushId: number; readonly id: string }
  | { readonly type: 'push-end'; readonly pushId: number }
  | { readonly type: 'push-close'; readonly pushId: number };

export type ToMixer =
  | PushMessage
  /** What is heard now, and what from later moments on: the whole list, in the order of its moments. */
  | ({ readonly type: 'sound'; readonly scheduled: readonly ScheduledSound[] } & PlayedSound)
  /** The spectra that scenes on air, in preview or scheduled show. */
  | { readonly type: 'spectra'; readonly wanted: readonly SpectrumWanted[] }
  /** The sound of all live inputs that there are, by their ids; see live-sound.ts. */
  | { readonly type: 'inputs'; readonly inputs: Readonly<Record<string, SharedArrayBuffer>> }
  | { readonly type: 'close' };

export type FromMixer =
  | { readonly type: 'ready' }
  | { readonly type: 'stats'; readonly stats: MixerStats }
  | { readonly type: 'track'; readonly event: TrackEvent; readonly frame: number }
  | { readonly type: 'silence'; readonly report: SilenceReport }
  | {
      readonly type: 'push';
      readonly pushId: number;
      readonly event: PushEvent;
      /** With which it is heard; null: it is not about one. */
      readonly frame: number | null;
    }
  | { readonly type: 'closed' };
