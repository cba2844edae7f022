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
};

/** As much as a pipe may hold by the default of Linux. */
const OUTPUT_BYTES = 1024 * 1024;

/** Pictures that are kept until they are taken: one to be taken, and one that comes meanwhile. */
const MOST_PICTURES = 2;

/** One run of a video, or the rest of one: an FFmpeg, and the pictures that have come out of it and were not taken. */
export class VideoRun {
  readonly #process: FfmpegProcess;
  readonly #pictureBytes: number;
  readonly #buffer: Buffer;
  /** What has come of pictures that were not taken, bytes, in a ring of whole pictures. */
  #filled = 0;
  /** Where the picture that is taken next begins. */
  #start = 0;
  #isPaused = false;
  /** Pictures that are still to be left out. */
  #leftOut: number;
  #hasEnded = false;
  #isWhole = false;
  /** When something came last, or it was let go on, on the monotonic clock. */
  #progressAtMs = performance.now();
  #hasDelivered = false;
  #reason = '';
  /** What came while there was no room for it. */
  #overflow: Buffer[] = [];

  constructor({ track, ffmpegPath, logger, first, lead }: VideoRunOptions) {
    this.#leftOut = lead;
    this.#pictureBytes = track.widthPx * track.heightPx * 4;
    this.#buffer = Buffer.allocUnsafeSlow(this.#pictureBytes * MOST_PICTURES);
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
        this.#put(bytes);
      },
      outputBytes: OUTPUT_BYTES,
    });
    void this.#process.ended.then((exit) => {
      this.#hasEnded = true;
      this.#isWhole = exit.code === 0;
      this.#reason = explainDecodeEnd(exit, this.#process.complaints);
    });
  }

  get hasPicture(): boolean {
    return this.#filled >= this.#pictureBytes;
  }

  /** Whether nothing more comes; pictures may be left. */
  get hasEnded(): boolean {
    return this.#hasEnded && this.#overflow.length === 0;
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

  /** Puts the next picture into memory that is as large, and goes on. */
  take(into: Uint8Array): void {
    into.set(this.#buffer.subarray(this.#start, this.#start + this.#pictureBytes));
    this.#drop();
    const waiting = this.#overflow;
    this.#overflow = [];
    for (const bytes of waiting) this.#put(bytes);
    if (this.#isPaused && this.#overflow.length === 0) {
      this.#isPaused = false;
      this.#progressAtMs = performance.now();
      this.#process.stdout.resume();
    }
  }

  close(): void {
    this.#overflow = [];
    this.#process.kill();
  }

  #leaveOut(): void {
    while (this.#leftOut > 0 && this.hasPicture) {
      this.#leftOut -= 1;
      this.#drop();
    }
  }

  #drop(): void {
    this.#start = (this.#start + this.#pictureBytes) % this.#buffer.length;
    this.#filled -= this.#pictureBytes;
  }

  #put(bytes: Buffer): void {
    let at = 0;
    this.#progressAtMs = performance.now();
    while (at < bytes.length && this.#filled < this.#buffer.length) {
      const end = (this.#start + this.#filled) % this.#buffer.length;
      const room = Math.min(this.#buffer.length - this.#filled, this.#buffer.length - end);
      const count = Math.min(room, bytes.length - at);
      bytes.copy(this.#buffer, end, at, at + count);
      this.#filled += count;
      at += count;
      this.#leaveOut();
    }
    this.#hasDelivered ||= this.hasPicture;
    if (at < bytes.length) this.#overflow.push(Buffer.from(bytes.subarray(at)));
    if (this.#filled < this.#buffer.length || this.#isPaused) return;
    this.#isPaused = true;
    this.#process.stdout.pause();
  }
}
