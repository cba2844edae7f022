import { FRAME_ALLOCATOR_VARIABLES } from '../core/allocator.js';
import type { Logger } from '../core/logger.js';
import { monotonicMs } from '../core/monotonic.js';
import { explainDecodeEnd } from '../ffmpeg/explain-decode.js';
import { limitedLive, liveArguments, type LiveSource } from '../ffmpeg/live-command.js';
import { FfmpegProcess } from '../ffmpeg/process.js';
import { LivePicturesWriter } from '../memory/live-pictures.js';
import type { PictureShape } from '../memory/picture-ring.js';
import type { InputReport, InputSpec } from './contract.js';
import { InputClock } from './input-clock.js';
import { InputSound } from './input-sound.js';
import { InputStatus } from './input-status.js';
import { NutReader, type NutStream } from './nut-reader.js';
import { RetryPause } from './retry-pause.js';

export type InputDecoderOptions = {
  readonly input: InputSpec;
  readonly ffmpegPath: string;
  /** Looks up where it is read; rejects with an Error, for people, when it may not be. */
  readonly open: () => Promise<OpenSource>;
  readonly logger: Logger;
  readonly report: (report: InputReport) => void;
};

function toShape({ widthPx, heightPx }: Extract<NutStream, { kind: 'video' }>): PictureShape {
  return { widthPx, heightPx, format: 'i420' };
}

export type OpenSource = {
  readonly source: LiveSource;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether it waits for somebody who sends, however long that takes. */
  readonly waits: boolean;
  /** Texts that no log may show. */
  readonly secrets: readonly string[];
  /** To be called when it is not read any more. */
  readonly release: () => void;
};

/** As much as a pipe may hold by the default of Linux. */
const OUTPUT_BYTES = 1024 * 1024;

/** Nothing has come for so long: it is stalled; then it is opened anew. Milliseconds. */
const STALLED_MS = 1000;
const DEAD_MS = 8000;

/** Until the first picture or sample of who sends already, milliseconds. */
const CONNECT_MS = 20_000;

/**
 * Decodes one live input: an FFmpeg whose pictures and samples are put where they are due, and which is started again whenever it
 * ends. Owns its process.
 */
export class InputDecoder {
  readonly #options: InputDecoderOptions;
  readonly #pictures: LivePicturesWriter;
  readonly #sound: InputSound;
  readonly #status: InputStatus;
  #process: FfmpegProcess | null = null;
  #clock: InputClock;
  #streams: readonly NutStream[] = [];
  #waits = false;
  /** Where the samples of a packet come in. */
  #samples = new Float32Array(0);
  #hasCome = false;
  /** As of the last samples: see `InputClock.settled`. */
  #settled = 0;
  #lastMs = monotonicMs();
  readonly #retry = new RetryPause();
  #isOpening = false;
  #reconnects = -1;
  #isClosed = false;

  constructor(options: InputDecoderOptions) {
    this.#options = options;
    const { pictures, sound, latencyMs } = options.input;
    this.#pictures = new LivePicturesWriter(pictures);
    this.#sound = new InputSound(sound);
    this.#clock = new InputClock(latencyMs);
    const { input, report } = options;
    this.#status = new InputStatus({ input, reason: null, details: () => this.#details(), report });
  }

  /** Sees to it that something comes; to be called every few milliseconds. */
  tick(): void {
    if (this.#isClosed) return;
    const nowMs = monotonicMs();
    if (this.#process === null) {
      if (!this.#isOpening && this.#retry.isOver(nowMs)) void this.#open();
    } else this.#watch(this.#process, nowMs);
    this.#status.tick(nowMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#process?.kill();
    this.#pictures.clear();
  }

  #watch(process: FfmpegProcess, nowMs: number): void {
    const silentMs = nowMs - this.#lastMs;
    if (!this.#hasCome) {
      if (this.#waits || silentMs < CONNECT_MS) return;
      this.#status.set(this.#status.state, `Nothing has come for ${CONNECT_MS / 1000} s.`);
      process.kill();
      return;
    }
    if (silentMs >= STALLED_MS && this.#status.state === 'live')
      this.#status.set('stalled', 'Nothing comes any more.');
    if (silentMs >= DEAD_MS) process.kill();
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    try {
      const opened = await this.#options.open();
      if (this.#isClosed) opened.release();
      else this.#start(opened);
    } catch (error) {
      this.#status.set('refused', error instanceof Error ? error.message : String(error));
      this.#retry.begin(monotonicMs());
    }
    this.#isOpening = false;
  }

  #start({ source, environment, waits, secrets, release }: OpenSource): void {
    const { input, ffmpegPath, logger } = this.#options;
    this.#reconnects += 1;
    this.#waits = waits;
    this.#hasCome = false;
    this.#lastMs = monotonicMs();
    this.#clock = new InputClock(input.latencyMs);
    this.#sound.restart();
    this.#settled = 0;
    if (this.#status.state !== 'connecting' && this.#status.state !== 'ended')
      this.#status.set('connecting', this.#status.reason);
    const reader = this.#createReader();
    const ffmpeg = new FfmpegProcess({
      ...limitedLive(ffmpegPath, liveArguments(source, input.maxWidthPx, input.maxHeightPx)),
      logger,
      secrets,
      privateFiles: [],
      environment: { ...environment, ...FRAME_ALLOCATOR_VARIABLES },
      onOutput: (bytes) => {
        if (this.#process !== ffmpeg) return;
        try {
          reader.push(bytes);
        } catch (error) {
          logger.warn({ input: input.id, err: error }, 'what FFmpeg sends of an input is not read');
          ffmpeg.kill();
        }
      },
      outputBytes: OUTPUT_BYTES,
    });
    this.#process = ffmpeg;
    void ffmpeg.ended.then((exit) => {
      release();
      if (this.#process !== ffmpeg) return;
      this.#process = null;
      if (this.#isClosed) return;
      const isOver = exit.code === 0 && this.#hasCome;
      const reason = isOver ? 'The sender has ended.' : explainDecodeEnd(exit, ffmpeg.complaints);
      // Who has killed it has said why.
      this.#status.set(isOver ? 'ended' : 'connecting', this.#status.reason ?? reason);
      if (this.#hasCome) this.#retry.reset();
      this.#retry.begin(monotonicMs());
    });
  }

  #createReader(): NutReader {
    return new NutReader({
      onStreams: (streams) => {
        this.#streams = streams;
        const video = streams.find(({ kind }) => kind === 'video');
        if (video?.kind === 'video' && !this.#pictures.reshape(toShape(video)))
          throw new Error('Its pictures are too large.');
      },
      onFrame: (stream, ptsMs, bytes) => this.#placeOf(stream, ptsMs, bytes),
      onWhole: (stream, ptsMs) => {
        this.#take(stream, ptsMs);
      },
    });
  }

  #placeOf(stream: number, ptsMs: number, bytes: number): Uint8Array | null {
    const nowMs = monotonicMs();
    this.#came(nowMs);
    const info = this.#streams[stream];
    this.#clock.observe(ptsMs, nowMs);
    if (info?.kind === 'audio') {
      if (this.#samples.byteLength !== bytes) this.#samples = new Float32Array(bytes / 4);
      return new Uint8Array(this.#samples.buffer);
    }
    if (info?.kind !== 'video') return null;
    this.#status.came();
    if (this.#clock.dueMsOf(ptsMs) < nowMs) this.#status.late();
    const place = this.#pictures.begin(nowMs);
    if (place === null) this.#status.dropped();
    else if (place.length !== bytes) throw new Error('Its pictures have changed their size.');
    return place;
  }

  #take(stream: number, ptsMs: number): void {
    const { kind } = this.#streams[stream] ?? {};
    if (kind === 'video') this.#pictures.finish(this.#clock.dueMsOf(ptsMs));
    else if (kind === 'audio') this.#takeSound(ptsMs);
  }

  #takeSound(ptsMs: number): void {
    const { settled } = this.#clock;
    // Until then the clock has gone by leaps, and pictures with it.
    if (settled !== this.#settled) this.#sound.realign();
    this.#settled = settled;
    this.#sound.take(ptsMs, this.#samples, (one) => this.#clock.dueMsOf(one));
  }

  #came(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#hasCome = true;
    this.#status.set('live', null);
  }

  #details(): Pick<InputReport, 'widthPx' | 'heightPx' | 'hasSound' | 'reconnects'> {
    const video = this.#streams.find((stream) => stream.kind === 'video');
    return {
      widthPx: video?.widthPx ?? null,
      heightPx: video?.heightPx ?? null,
      hasSound: this.#streams.some(({ kind }) => kind === 'audio'),
      reconnects: Math.max(0, this.#reconnects),
    };
  }
}
