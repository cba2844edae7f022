import type { Logger } from '../core/logger.js';
import { explainDecodeEnd } from '../ffmpeg/explain-decode.js';
import { FfmpegProcess } from '../ffmpeg/process.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { type DecodeInput, decodeArguments, decodeEnvironment, limited } from './decode-command.js';
import { WavSamples } from './wav-samples.js';

/** How a lap ended. */
export type LapEnd =
  | {
      readonly kind: 'whole';
      /** Of the file, when it was decoded from its beginning and ended before the position; else null. */
      readonly samples: number | null;
    }
  /** It was sought where nothing can be sought: another one, which reads from the beginning, finds the position. */
  | { readonly kind: 'misplaced' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Whether the process was ended from outside, so that the file is not at fault. */
      readonly wasKilled: boolean;
    };

export type LapOptions = {
  readonly ffmpegPath: string;
  readonly input: DecodeInput;
  readonly fromSamples: number;
  readonly logger: Logger;
};

/** So much is decoded before a position in the middle, samples: codecs need what comes before to decode what follows. */
const PREROLL_SAMPLES = 12_000;

/** A process that sends nothing for so long, though it is read, is ended, milliseconds. */
const SILENT_MS = 10_000;

/** What FFmpeg says of a connection that broke before all was there. */
const CUT_OFF = /ends prematurely|Connection reset|I\/O error|Input\/output error/i;

/**
 * One run of FFmpeg over a file, from a position to the end. What it has decoded waits here until it is taken. Where nothing can be
 * sought, it is decoded from the beginning, and what comes before the position is left out.
 */
export class Lap {
  readonly #input: DecodeInput;
  /** As far as was known when it began. */
  readonly #canSeek: boolean;
  /** FFmpeg was asked to begin in the middle. */
  readonly #isSought: boolean;
  readonly #ffmpeg: FfmpegProcess;
  readonly #wav = new WavSamples();
  /** Interleaved; what has not been taken yet, for which FFmpeg waits. Null: nothing. */
  #waiting: Float32Array | null = null;
  /** Floats that come before the position. */
  #toSkip: number;
  #lastDataMs = performance.now();
  #isUnwanted = false;
  #broken: string | null = null;
  #end: LapEnd | null = null;

  constructor({ ffmpegPath, input, fromSamples, logger }: LapOptions) {
    this.#input = input;
    this.#canSeek = input.kind === 'path' || input.ranges() === 'sent';
    const startSamples = this.#canSeek ? Math.max(0, fromSamples - PREROLL_SAMPLES) : 0;
    this.#isSought = startSamples > 0;
    this.#toSkip = (fromSamples - startSamples) * SOUND_CHANNELS;
    const { path, args } = limited(ffmpegPath, decodeArguments(input, startSamples));
    this.#ffmpeg = new FfmpegProcess({
      path,
      args,
      logger,
      secrets: [],
      privateFiles: [],
      environment: decodeEnvironment(input),
      onOutput: (bytes) => {
        this.#take(bytes);
      },
    });
    void this.#ffmpeg.ended.then((exit) => {
      const { complaints } = this.#ffmpeg;
      // A connection that breaks is the end of a file to FFmpeg.
      const trouble = input.kind === 'url' ? input.takeTrouble() : null;
      const isCut = trouble !== null || complaints.some((line) => CUT_OFF.test(line));
      if (this.#isMisplaced) {
        this.#end = { kind: 'misplaced' };
        return;
      }
      const isWhole = exit.code === 0 && this.#broken === null && !isCut;
      this.#end = isWhole
        ? {
            kind: 'whole',
            samples:
              this.#toSkip > 0 && !this.#isSought
                ? fromSamples - this.#toSkip / SOUND_CHANNELS
                : null,
          }
        : {
            kind: 'failed',
            reason: this.#broken ?? trouble ?? explainDecodeEnd(exit, complaints),
            wasKilled: exit.signal !== null || isCut,
          };
    });
  }

  /** The next samples (interleaved), which are others once they have been used; null: there are none at the moment. */
  get next(): Float32Array | null {
    return this.#waiting;
  }

  /** How it ended; null while it goes on, or while there are samples to be taken. */
  get end(): LapEnd | null {
    return this.#waiting === null ? this.#end : null;
  }

  /** `floats` of the next samples have been used. Reads on as soon as nothing waits. */
  use(floats: number): void {
    if (this.#waiting === null) return;
    const rest = this.#waiting.subarray(floats);
    this.#waiting = rest.length === 0 ? null : rest;
    if (this.#waiting !== null) return;
    this.#lastDataMs = performance.now();
    this.#ffmpeg.stdout.resume();
  }

  /** Ends it when it has been silent for too long, or cannot find its position. To be called from time to time. */
  check(): void {
    if (this.#end !== null || this.#waiting !== null) return;
    if (this.#isMisplaced) {
      this.#ffmpeg.kill();
      return;
    }
    if (performance.now() - this.#lastDataMs < SILENT_MS) return;
    this.#broken = 'Nothing came for ten seconds.';
    this.#ffmpeg.kill();
  }

  /** Ends it; what waits is given up. */
  close(): void {
    this.#isUnwanted = true;
    this.#waiting = null;
    this.#ffmpeg.kill();
    // Its end is noticed when its output has been read.
    this.#ffmpeg.stdout.resume();
  }

  /** Whether what is decoded may come from elsewhere than the position. */
  get #isMisplaced(): boolean {
    if (this.#input.kind === 'path' || !this.#canSeek) return false;
    const ranges = this.#input.ranges();
    return ranges === 'pretended' || (this.#isSought && ranges === 'not-sent');
  }

  #take(chunk: Buffer): void {
    if (this.#isUnwanted || this.#broken !== null || this.#isMisplaced) return;
    this.#lastDataMs = performance.now();
    try {
      const decoded = this.#wav.read(chunk);
      const samples = decoded.subarray(Math.min(decoded.length, this.#toSkip));
      this.#toSkip -= decoded.length - samples.length;
      if (samples.length === 0) return;
      this.#waiting = samples;
      // It goes on when this has found room: FFmpeg waits with the next samples.
      this.#ffmpeg.stdout.pause();
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error);
      this.#ffmpeg.kill();
    }
  }
}
