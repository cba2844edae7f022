import type { Logger } from '../core/logger.js';
import { FRAME_ALLOCATOR_VARIABLES } from '../core/allocator.js';
import { explainDecodeEnd } from '../ffmpeg/explain-decode.js';
import { FfmpegProcess } from '../ffmpeg/process.js';
import { limitedVideo, videoArguments } from '../ffmpeg/video-command.js';
import type { VideoTrack } from '../scene/video-track.js';
import { decodeEnvironment } from './decode-command.js';

export type VideoRunOptions = {
  readonly track: VideoTrack;
  readonly ffmpegPath: string;
  readonly logger: Logger;
  /** The picture of the run that it begins with. */
  readonly first: number;
  /** It is decoded from so many pictures before on, which are left out. */
  readonly lead: number;
  readonly bytesPerPicture: number;
  /** A picture is whole: the next one is to be given its place. */
  readonly onPicture: () => void;
};

/** As much as a pipe may hold by the default of Linux. */
const OUTPUT_BYTES = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * One run of a video, or the rest of one: an FFmpeg whose pictures are written where they are to be, one after the other. While
 * none has a place FFmpeg waits.
 */
export class VideoRun {
  readonly #process: FfmpegProcess;
  readonly #onPicture: () => void;
  /** Where the next picture goes; null: nowhere yet. */
  #place: Uint8Array | null = null;
  #filled = 0;
  /** Bytes that are still to be left out. */
  #leftOut: number;
  /** What has come and has no place. */
  #waiting: Buffer = NOTHING;
  #isPaused = false;
  /** Whether what has come is being taken. */
  #isTaking = false;
  #hasEnded = false;
  #isWhole = false;
  #hasDelivered = false;
  /** When something came last, or it was let go on, on the monotonic clock. */
  #progressAtMs = performance.now();
  #reason = '';

  constructor(options: VideoRunOptions) {
    const { track, ffmpegPath, logger, first, lead, bytesPerPicture, onPicture } = options;
    this.#onPicture = onPicture;
    this.#leftOut = lead * bytesPerPicture;
    const from = first - lead;
    const args = videoArguments(track, from, track.timeline.runFrames - from);
    const input = { kind: 'path', path: track.path } as const;
    this.#process = new FfmpegProcess({
      ...limitedVideo(ffmpegPath, args),
      logger,
      secrets: [],
      privateFiles: [],
      environment: { ...decodeEnvironment(input), ...FRAME_ALLOCATOR_VARIABLES },
      onOutput: (bytes) => {
        this.#take(bytes);
      },
      outputBytes: OUTPUT_BYTES,
    });
    void this.#process.ended.then((exit) => {
      this.#hasEnded = true;
      this.#isWhole = exit.code === 0;
      this.#reason = explainDecodeEnd(exit, this.#process.complaints);
    });
  }

  /** Whether the next picture has a place, and is not whole yet. */
  get hasPlace(): boolean {
    return this.#place !== null;
  }

  /** Whether nothing more comes. */
  get hasEnded(): boolean {
    return this.#hasEnded && this.#waiting.length === 0;
  }

  /** Whether it has come to its end by itself. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** How long nothing has come that could have, milliseconds. */
  get silentMs(): number {
    return this.#isPaused || this.#hasEnded ? 0 : performance.now() - this.#progressAtMs;
  }

  /** Whether a picture has ever come. */
  get hasDelivered(): boolean {
    return this.#hasDelivered;
  }

  /** Why it has ended, for people. */
  get reason(): string {
    return this.#reason;
  }

  /** Where the next picture goes: as large as that is, and its own until it is whole. May be called by `onPicture`. */
  writeTo(place: Uint8Array): void {
    this.#place = place;
    this.#filled = 0;
    // What is being taken goes on with it.
    if (this.#isTaking) return;
    const waiting = this.#waiting;
    this.#waiting = NOTHING;
    this.#take(waiting);
    if (!this.#isPaused || !this.hasPlace) return;
    this.#isPaused = false;
    this.#progressAtMs = performance.now();
    this.#process.stdout.resume();
  }

  close(): void {
    this.#waiting = NOTHING;
    this.#place = null;
    this.#process.kill();
  }

  /** Takes what has come; the bytes are others when it returns. */
  #take(bytes: Buffer): void {
    this.#isTaking = true;
    this.#progressAtMs = performance.now();
    let at = Math.min(bytes.length, this.#leftOut);
    this.#leftOut -= at;
    while (at < bytes.length && this.#place !== null) {
      const place: Uint8Array = this.#place;
      const count = Math.min(bytes.length - at, place.length - this.#filled);
      place.set(bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < place.length) continue;
      this.#place = null;
      this.#hasDelivered = true;
      this.#onPicture();
    }
    this.#isTaking = false;
    if (at === bytes.length) return;
    this.#waiting = Buffer.concat([this.#waiting, bytes.subarray(at)]);
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#process.stdout.pause();
  }
}
