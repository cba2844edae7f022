import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { firstSample } from '../core/media-clock.js';
import { toFps } from '../core/rational.js';
import { Supervisor, type SupervisedEnd } from '../core/supervisor.js';
import type { ChildCpu } from './child-cpu.js';
import { EncoderProcess } from './encoder-process.js';
import {
  encoderLabel,
  type EncodedFormat,
  type EncoderSettings,
  type SoundFormat,
} from './encoder-settings.js';
import type { Ffmpeg } from '../ffmpeg/binary.js';
import { encoderArguments } from './ffmpeg-command.js';
import { pictureHead, soundHead } from './matroska/cluster.js';
import { i420Bytes, matroskaHeader } from './matroska/header.js';
import { silenceOf, type SoundRun } from './sound-run.js';
import type { TsSink } from './ts-stream.js';

/** Black before the first frame: what FFmpeg needs to have both tracks open and delivering when the clock starts. */
const PRIMING_MS = 150;
/** After so many lives in a row that never delivered anything the settings are wrong, or FFmpeg is. */
const FRUITLESS_LIVES = 3;
/** At low frame rates it may be silent for so many frames. */
const SILENT_FRAMES = 4;
/** How long it gets to send what it has, milliseconds: longer than an FFmpeg takes to end by itself. */
const CLOSE_PATIENCE_MS = 2500;

export type EncoderOptions = {
  readonly ffmpeg: Ffmpeg;
  readonly settings: EncoderSettings;
  readonly format: EncodedFormat;
  readonly sound: SoundFormat;
  /** Gets the MPEG-TS; told when one encoder ends and another begins. */
  readonly sink: TsSink;
  readonly childCpu: ChildCpu;
  readonly logger: Logger;
  /**
   * Frame number on the sent timeline that frame 0 has; at least `originFrameFor(rate)`, so that nothing that comes
   * before it (priming, the encoder delay of AAC) has a negative time.
   */
  readonly originFrame: number;
  /** Told why it does not deliver, in a sentence, when it has ended and is started again; null when it delivers again. */
  readonly onTrouble: (trouble: string | null) => void;
};

/** Smallest `originFrame` for a frame rate: one second, in whole frames. */
export function originFrameFor(rate: EncodedFormat['frameRate']): number {
  return Math.ceil(toFps(rate)) + 1;
}

/**
 * The program's encoder: takes frames by their number, keeps FFmpeg running, and goes on with the same timeline
 * after every restart. Frames it cannot take now are not queued: they become a
 * hole in the picture, while their sound may go with a later one.
 */
export class Encoder {
  readonly #options: EncoderOptions;
  readonly #args: readonly string[];
  readonly #pictureBytes: number;
  readonly #hangMs: number;
  readonly #drainListeners = new Set<() => void>();
  readonly #failureListeners = new Set<(error: AppError) => void>();
  readonly #supervisor: Supervisor<EncoderProcess>;
  #lives = 0;
  #starting: { resolve: () => void; reject: (error: AppError) => void } | null = null;

  constructor(options: EncoderOptions) {
    this.#options = options;
    const { ffmpeg, settings, format, sound } = options;
    this.#args = encoderArguments(ffmpeg, settings, format, sound);
    this.#pictureBytes = i420Bytes(format.width, format.height);
    this.#hangMs = Math.max(
      POLICIES.encoder.hangMs,
      (SILENT_FRAMES * 1000) / toFps(format.frameRate),
    );
    this.#supervisor = new Supervisor({
      policy: { ...POLICIES.encoder, hangMs: this.#hangMs },
      logger: options.logger,
      start: () => this.#spawn(),
      onReady: () => {
        this.#starting?.resolve();
        this.#starting = null;
        options.onTrouble(null);
      },
      onEnded: (end) => {
        this.#ended(end);
      },
    });
  }

  /** Name for people, such as `libx264 ultrafast`. */
  get label(): string {
    return encoderLabel(this.#options.settings);
  }

  /** How often it had to be started again. */
  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** Tells one FFmpeg from the next: what was sent to another is not part of what this one makes. */
  get life(): number {
    return this.#lives;
  }

  /** Process id of the running FFmpeg; null while there is none. */
  get pid(): number | null {
    return this.#supervisor.unit?.pid ?? null;
  }

  /**
   * Starts FFmpeg and resolves when it delivers: the clock can start, no frame will be lost to its start-up.
   * @throws AppError SM_FFMPEG_ENCODER when it cannot work with these settings
   */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#supervisor.start();
    });
  }

  /** Whether the next frame would be taken now. */
  canAccept(): boolean {
    return this.#supervisor.unit?.canAccept() ?? false;
  }

  /**
   * Takes frame `n` (its I420 bytes, tight, not copied) with the sound that goes before it, null: none yet. Calls
   * `onReleased` exactly once when both may be changed again, also when FFmpeg dies. False when it cannot take them:
   * nothing has happened then.
   */
  write(n: number, picture: Buffer, sound: SoundRun | null, onReleased: () => void): boolean {
    const process = this.#supervisor.unit;
    if (process?.canAccept() !== true) return false;
    process.write(this.#chunksOf(n, picture, sound), onReleased);
    return true;
  }

  /** Called when a frame can be taken again. Returns the function that ends the subscription. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  /** Called once when it has given up. */
  onFailed(listener: (error: AppError) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  /** Sends what it has and ends; bounded to about two seconds. */
  async close(): Promise<void> {
    this.#fail(new AppError('SM_STREAM_FAILED', 'The stream was stopped while it was starting.'));
    await this.#supervisor.close((process) => void process.close(), CLOSE_PATIENCE_MS);
  }

  /** Sound comes first: its few bytes are there when the picture is decoded. */
  #chunksOf(n: number, picture: Buffer, sound: SoundRun | null): readonly Buffer[] {
    const { originFrame, format } = this.#options;
    const { frameRate } = format;
    const head = pictureHead(originFrame + n, frameRate, this.#pictureBytes);
    if (sound === null) return [head, picture];
    const { buffer, byteOffset, byteLength } = sound.samples;
    const first = firstSample(originFrame, frameRate) + sound.first;
    return [
      soundHead(first, byteLength),
      Buffer.from(buffer, byteOffset, byteLength),
      head,
      picture,
    ];
  }

  #spawn(): EncoderProcess {
    this.#lives += 1;
    const { ffmpeg, format, sink, childCpu, logger } = this.#options;
    const onDrain = (): void => {
      for (const listener of this.#drainListeners) listener();
    };
    const process = new EncoderProcess({
      ffmpegPath: ffmpeg.path,
      args: this.#args,
      header: matroskaHeader(format.width, format.height, format.frameRate),
      hangMs: this.#hangMs,
      logger,
      onOutput: (chunk) => {
        sink.push(chunk);
      },
      onDrain,
    });
    // It takes frames as soon as the supervisor knows it.
    queueMicrotask(onDrain);
    const stopCounting = childCpu.track(process.pid);
    void process.ended.then(() => {
      stopCounting();
      sink.reset();
    });
    if (this.#starting !== null) this.#prime(process);
    return process;
  }

  #prime(process: EncoderProcess): void {
    const { frameRate } = this.#options.format;
    const black = Buffer.alloc(this.#pictureBytes, 0x80);
    black.fill(0x10, 0, (this.#pictureBytes * 2) / 3);
    const frames = Math.ceil((toFps(frameRate) * PRIMING_MS) / 1000);
    for (let n = -frames; n < 0; n += 1) {
      process.write(this.#chunksOf(n, black, silenceOf(n, frameRate)), () => undefined);
    }
  }

  #ended({ reason, neverReadyInARow }: SupervisedEnd): void {
    if (neverReadyInARow < FRUITLESS_LIVES) {
      this.#options.onTrouble(this.#supervisor.trouble);
      return;
    }
    this.#supervisor.rest();
    const error = new AppError(
      'SM_FFMPEG_ENCODER',
      `The encoder ${this.label} does not work: ${reason}. Check preset, resolution and bitrate.`,
    );
    this.#fail(error);
    this.#options.onTrouble(null);
    for (const listener of this.#failureListeners) listener(error);
  }

  /** Tells whoever waits for it to deliver. */
  #fail(error: AppError): void {
    this.#starting?.reject(error);
    this.#starting = null;
  }
}
