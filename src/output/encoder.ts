import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { toFps } from '../core/rational.js';
import type { ChildCpu } from './child-cpu.js';
import { EncoderProcess } from './encoder-process.js';
import { encoderLabel, type EncodedFormat, type EncoderSettings } from './encoder-settings.js';
import type { Ffmpeg } from './ffmpeg-binary.js';
import { encoderArguments } from './ffmpeg-command.js';
import { clusterHead } from './matroska/cluster.js';
import { i420Bytes, matroskaHeader } from './matroska/header.js';
import { decideRestart, type EncoderLife } from './restart-policy.js';
import type { TsSink } from './ts-bus.js';

/** Black before the first frame: what FFmpeg needs to have both tracks open and delivering when the clock starts. */
const PRIMING_MS = 150;
/** Lives that the restart policy looks back on. */
const REMEMBERED_LIVES = 12;

export type EncoderOptions = {
  readonly ffmpeg: Ffmpeg;
  readonly settings: EncoderSettings;
  readonly format: EncodedFormat;
  /** Gets the MPEG-TS; told when one encoder ends and another begins. */
  readonly sink: TsSink;
  readonly childCpu: ChildCpu;
  readonly logger: Logger;
  /**
   * Frame number on the sent timeline that frame 0 has; at least `originFrameFor(rate)`, so that nothing that comes
   * before it (priming, the encoder delay of AAC) has a negative time.
   */
  readonly originFrame: number;
};

/** Smallest `originFrame` for a frame rate: one second, in whole frames. */
export function originFrameFor(rate: EncodedFormat['frameRate']): number {
  return Math.ceil(toFps(rate)) + 1;
}

/**
 * The program's encoder: takes frames by their number, keeps FFmpeg running, and goes on with the same timeline
 * after every restart. Frames it cannot take now are not queued: they become a hole in both tracks.
 */
export class Encoder {
  readonly #options: EncoderOptions;
  readonly #args: readonly string[];
  readonly #pictureBytes: number;
  readonly #drainListeners = new Set<() => void>();
  readonly #restartListeners = new Set<(reason: string) => void>();
  readonly #failureListeners = new Set<(error: AppError) => void>();
  #lives: EncoderLife[] = [];
  #process: EncoderProcess | null = null;
  #starting: { resolve: () => void; reject: (error: AppError) => void } | null = null;
  #retry: NodeJS.Timeout | null = null;
  #restarts = 0;
  #closed = false;

  constructor(options: EncoderOptions) {
    this.#options = options;
    const { ffmpeg, settings, format } = options;
    this.#args = encoderArguments(ffmpeg, settings, format);
    this.#pictureBytes = i420Bytes(format.width, format.height);
  }

  /** Name for people, such as `libx264 ultrafast`. */
  get label(): string {
    return encoderLabel(this.#options.settings);
  }

  /** How often it had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Process id of the running FFmpeg; null while there is none. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /**
   * Starts FFmpeg and resolves when it delivers: the clock can start, no frame will be lost to its start-up.
   * @throws AppError SM_FFMPEG_ENCODER when it cannot work with these settings
   */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#prime(this.#spawn());
    });
  }

  /** Whether the next frame would be taken now. */
  canAccept(): boolean {
    return this.#process?.canAccept() ?? false;
  }

  /**
   * Takes frame `n` (its I420 bytes, tight, not copied) and calls `onReleased` exactly once when they may be
   * changed again, also when FFmpeg dies. False when it cannot take it: nothing has happened then.
   */
  write(n: number, picture: Buffer, onReleased: () => void): boolean {
    if (this.#process?.canAccept() !== true) return false;
    this.#process.write(this.#head(n), picture, onReleased);
    return true;
  }

  /** Called when a frame can be taken again. Returns the function that ends the subscription. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  /** Called with the reason when FFmpeg has ended and is being started again. */
  onRestart(listener: (reason: string) => void): () => void {
    this.#restartListeners.add(listener);
    return () => this.#restartListeners.delete(listener);
  }

  /** Called once when it has given up. */
  onFailed(listener: (error: AppError) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  /** Sends what it has and ends; bounded to about two seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#starting?.reject(
      new AppError('SM_STREAM_FAILED', 'The stream was stopped while it was starting.'),
    );
    this.#starting = null;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#process?.close();
  }

  #head(n: number): Buffer {
    const { originFrame, format } = this.#options;
    return clusterHead(originFrame + n, format.frameRate, this.#pictureBytes);
  }

  #spawn(): EncoderProcess {
    const { ffmpeg, format, sink, childCpu, logger } = this.#options;
    const startedAt = performance.now();
    const process = new EncoderProcess({
      ffmpegPath: ffmpeg.path,
      args: this.#args,
      header: matroskaHeader(format.width, format.height, format.frameRate),
      logger,
      onOutput: (chunk) => {
        sink.push(chunk);
        this.#announceReady(process);
      },
      onDrain: () => {
        this.#announceReady(process);
        for (const listener of this.#drainListeners) listener();
      },
    });
    this.#process = process;
    const stopCounting = childCpu.track(process.pid);
    void process.ended.then((exit) => {
      stopCounting();
      sink.reset();
      this.#process = null;
      const life = { livedMs: performance.now() - startedAt, delivered: process.delivered };
      this.#afterDeath(life, process.describeEnd(exit));
    });
    return process;
  }

  #announceReady(process: EncoderProcess): void {
    if (this.#starting === null || !process.delivered || !process.canAccept()) return;
    this.#starting.resolve();
    this.#starting = null;
  }

  #prime(process: EncoderProcess): void {
    const { frameRate } = this.#options.format;
    const black = Buffer.alloc(this.#pictureBytes, 0x80);
    black.fill(0x10, 0, (this.#pictureBytes * 2) / 3);
    const frames = Math.ceil((toFps(frameRate) * PRIMING_MS) / 1000);
    for (let n = -frames; n < 0; n += 1) process.write(this.#head(n), black, () => undefined);
  }

  #afterDeath(life: EncoderLife, reason: string): void {
    if (this.#closed) return;
    this.#lives = [...this.#lives, life].slice(-REMEMBERED_LIVES);
    const decision = decideRestart(this.#lives);
    if (decision.kind === 'give-up') {
      const error = new AppError(
        'SM_FFMPEG_ENCODER',
        `The encoder ${this.label} does not work: ${reason}. Check preset, resolution and bitrate.`,
      );
      this.#starting?.reject(error);
      this.#starting = null;
      for (const listener of this.#failureListeners) listener(error);
      return;
    }
    this.#options.logger.warn({ reason, delayMs: decision.delayMs }, 'The encoder is restarted');
    this.#restarts += 1;
    for (const listener of this.#restartListeners) listener(reason);
    this.#retry = setTimeout(() => {
      if (this.#closed) return;
      const process = this.#spawn();
      if (this.#starting !== null) this.#prime(process);
      for (const listener of this.#drainListeners) listener();
    }, decision.delayMs);
  }
}
