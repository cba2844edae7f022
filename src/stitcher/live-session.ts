/**
 * The way of one frame, phase "send", in the stitcher thread: program frames and their sound to the encoder, its
 * stream to the outputs.
 * Owns the encoder for as long as the program is live.
 */

import type { Logger } from '../core/logger.js';
import type { AppError } from '../core/errors.js';
import { SoundRingReader } from '../memory/sound-ring.js';
import type { ChildCpu } from '../output/child-cpu.js';
import { Encoder, originFrameFor } from '../output/encoder.js';
import type { EncoderSettings } from '../output/encoder-settings.js';
import type { Ffmpeg } from '../ffmpeg/binary.js';
import type { Outputs } from '../output/outputs.js';
import type { TsStream } from '../output/ts-stream.js';
import type { Latencies } from '../core/latencies.js';
import type { ProgramConfig, SoundLedgerSnapshot } from './contract.js';
import type { FrameLease, FrameSink } from './playout.js';
import { SoundFeed } from './sound-feed.js';

/** The wrapping of picture and sound, bits per second, on top of theirs. */
const OVERHEAD_BPS = 250_000;

export type LiveSessionOptions = {
  readonly ffmpeg: Ffmpeg;
  readonly settings: EncoderSettings;
  readonly config: ProgramConfig;
  /** What the mixer fills. */
  readonly sound: SharedArrayBuffer;
  readonly tsStream: TsStream;
  readonly outputs: Outputs;
  readonly childCpu: ChildCpu;
  readonly latencies: Latencies;
  readonly logger: Logger;
  readonly onFailed: (error: AppError) => void;
  /** See `EncoderOptions.onTrouble`. */
  readonly onTrouble: (trouble: string | null) => void;
};

/** One time of being live: the encoder, and the outputs behind it. */
export class LiveSession implements FrameSink {
  readonly #options: LiveSessionOptions;
  readonly #encoder: Encoder;
  readonly #sound: SoundFeed;
  #isClosed = false;

  constructor(options: LiveSessionOptions) {
    const { ffmpeg, settings, config, tsStream, childCpu, logger } = options;
    const { width, height, frameRate, bitrateBps, sound } = config;
    this.#options = options;
    this.#sound = new SoundFeed(new SoundRingReader(options.sound), frameRate);
    this.#encoder = new Encoder({
      ffmpeg,
      settings,
      childCpu,
      logger,
      format: { width, height, frameRate, bitrateBps },
      sound,
      sink: tsStream,
      originFrame: originFrameFor(frameRate),
      onTrouble: options.onTrouble,
    });
    this.#encoder.onFailed(options.onFailed);
  }

  /** Whether it is ending. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get encoderLabel(): string {
    return this.#encoder.label;
  }

  get encoderRestarts(): number {
    return this.#encoder.restarts;
  }

  /** Connects the outputs and starts the encoder; resolves when it delivers. @throws AppError SM_FFMPEG_ENCODER, SM_STREAM_FAILED */
  async start(): Promise<void> {
    // The outputs are there before the first keyframe.
    const { bitrateBps, sound } = this.#options.config;
    this.#options.outputs.start(bitrateBps + sound.bitrateBps + OVERHEAD_BPS);
    await this.#encoder.start();
  }

  begin(epoch: number): void {
    this.#sound.begin(epoch);
  }

  /** What became of the samples of the clock's first `slots` slots. */
  soundLedger(slots: number): SoundLedgerSnapshot {
    return this.#sound.ledger(slots);
  }

  /** The clock has ended after `slots` slots. */
  end(slots: number): void {
    this.#sound.end(slots);
  }

  canAccept(): boolean {
    return this.#encoder.canAccept();
  }

  /** Sends a program frame as frame `n`. False when the encoder is behind: nothing has been sent. */
  send(n: number, lease: FrameLease): boolean {
    const startedAtMs = performance.now();
    const sound = this.#sound.take(n, this.#encoder.life, startedAtMs);
    const isSent = this.#encoder.write(n, lease.picture, sound, () => {
      lease.release();
      this.#options.latencies.observe('encodeWrite', (performance.now() - startedAtMs) / 1000);
    });
    if (!isSent) lease.release();
    return isSent;
  }

  /** Ends the encoder, which sends what it has, then the outputs; bounded to some four seconds. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#encoder.close();
    await this.#options.outputs.stop();
  }
}
