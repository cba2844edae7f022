import type { Logger } from '../core/logger.js';
import { pictureBytes, PictureRingWriter, type PictureRing } from '../memory/picture-ring.js';
import type { VideoTrack } from '../scene/video-track.js';
import { VideoRun } from './video-run.js';

export type VideoDecoderOptions = {
  readonly track: VideoTrack;
  readonly ring: PictureRing;
  readonly ffmpegPath: string;
  readonly logger: Logger;
};

/** The next run is begun when so much of this one is still to come, seconds: FFmpeg has to be started. */
const NEXT_RUN_SECONDS = 1.5;

/**
 * What is shown may be so far ahead of what is decoded, seconds; beyond that it is sought. FFmpeg decodes several times as fast as
 * is shown, and takes most of a second to be started.
 */
const PATIENCE_SECONDS = 5;

/** FFmpeg that is to deliver and does not for so long hangs, milliseconds: seeking takes a part of that. */
const SILENCE_MS = 5000;

/** How far before a picture FFmpeg begins that has none from there on: each time so much farther, pictures. */
const LEAD = 8;
const LEAD_FACTOR = 4;

/** Pauses before a video is tried again that could not be decoded, milliseconds: doubled from the first to the last. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/**
 * Decodes one video ahead of what is shown of it: writes pictures into its ring as there is room, run after run without a gap,
 * and goes where the compositor is when that is elsewhere. Owns its processes.
 */
export class VideoDecoder {
  readonly #options: VideoDecoderOptions;
  readonly #writer: PictureRingWriter;
  /** The number of the picture that is written next. */
  #next: number;
  #run: VideoRun | null = null;
  /** The one after it, once its beginning is near. */
  #following: VideoRun | null = null;
  /** How many pictures before the one that is wanted FFmpeg is told to begin. */
  #lead = 0;
  #retryAtMs = 0;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: VideoDecoderOptions) {
    this.#options = options;
    this.#writer = new PictureRingWriter(options.ring);
    this.#next = Math.max(0, this.#wanted);
  }

  /** The picture that is shown, or the last one when all have been. */
  get #wanted(): number {
    const { frames } = this.#options.track.timeline;
    const { position } = this.#writer;
    return frames === null ? position : Math.min(position, frames - 1);
  }

  /** Goes on as far as there is room; to be called every few milliseconds. */
  tick(): void {
    if (this.#isClosed || performance.now() < this.#retryAtMs) return;
    this.#follow();
    for (let before = -1; before !== this.#next;) {
      before = this.#next;
      if (this.#isOver || !this.#writer.hasRoomFor(before)) return;
      this.#goOn();
    }
  }

  /** Whether all has been written. */
  get #isOver(): boolean {
    const { frames } = this.#options.track.timeline;
    return frames !== null && this.#next >= frames;
  }

  /** Brings the next picture on its way, or finds out why it does not come. */
  #goOn(): void {
    const number = this.#next;
    const run = (this.#run ??= this.#begin(number));
    this.#beginFollowing(number);
    if (run.hasEnded) {
      if (this.#canGoOnAfter(run, number)) this.#written();
    } else if (!run.hasPlace) run.writeTo(this.#writer.begin(number));
    else if (run.silentMs > SILENCE_MS) this.#fail(run, 'FFmpeg does not respond.');
  }

  /** The next picture is there. */
  #written(): void {
    this.#next += 1;
    if (this.#next % this.#options.track.timeline.runFrames !== 0) return;
    this.#run?.close();
    this.#run = this.#following;
    this.#following = null;
  }

  /** FFmpeg has written the next picture: the one after it follows without waiting for the next tick. */
  #delivered(run: VideoRun): void {
    if (run !== this.#run) return;
    this.#writer.finish(this.#next);
    this.#writer.setFailed(false);
    this.#lead = 0;
    this.#retryMs = FIRST_RETRY_MS;
    this.#written();
    const isSame = this.#run === run;
    if (isSame && !this.#isOver && this.#writer.hasRoomFor(this.#next))
      run.writeTo(this.#writer.begin(this.#next));
  }

  close(): void {
    this.#isClosed = true;
    this.#run?.close();
    this.#following?.close();
  }

  /** Begins elsewhere when what is shown is not what comes next. */
  #follow(): void {
    const { rate } = this.#options.track.timeline;
    const wanted = this.#wanted;
    const patience = Math.ceil((PATIENCE_SECONDS * rate.num) / rate.den);
    const isBehind = wanted < this.#next - this.#writer.ahead - 1;
    // One that is being started is not begun anew because that takes its time.
    const isStarting = this.#run?.hasDelivered === false;
    const isFarAhead = !isStarting && wanted > this.#next + patience;
    if (!isBehind && !isFarAhead) return;
    this.#drop();
    this.#next = wanted;
  }

  #drop(): void {
    this.#run?.close();
    this.#following?.close();
    this.#run = null;
    this.#following = null;
  }

  #begin(number: number): VideoRun {
    const { track, ring, ffmpegPath, logger } = this.#options;
    const first = number % track.timeline.runFrames;
    const lead = Math.min(first, this.#lead);
    const run: VideoRun = new VideoRun({
      track,
      ffmpegPath,
      logger,
      first,
      lead,
      bytesPerPicture: pictureBytes(ring),
      onPicture: () => {
        this.#delivered(run);
      },
    });
    return run;
  }

  /** Begins the next run when the end of this one is near. */
  #beginFollowing(number: number): void {
    const { rate, runFrames, frames } = this.#options.track.timeline;
    const left = runFrames - (number % runFrames);
    const isLastRun = frames !== null && number + left >= frames;
    if (!isLastRun && left <= (NEXT_RUN_SECONDS * rate.num) / rate.den)
      this.#following ??= this.#begin(0);
  }

  /** FFmpeg has ended before the run. Answers whether the picture is there all the same. */
  #canGoOnAfter(run: VideoRun, number: number): boolean {
    const { runFrames } = this.#options.track.timeline;
    // Some formats cannot be sought to a picture near their end: it is decoded from some way before.
    if (run.isWhole && !run.hasDelivered && this.#lead < number % runFrames) {
      this.#drop();
      this.#lead = LEAD + LEAD_FACTOR * this.#lead;
      return false;
    }
    // The video is shorter than it says: its last picture stays until the run is over.
    if (run.isWhole && run.hasDelivered && this.#writer.repeat(number)) return true;
    this.#fail(run, run.reason);
    return false;
  }

  /** One that has delivered is begun again at once, where it ended. */
  #fail({ hasDelivered }: VideoRun, reason: string): void {
    const { logger, track } = this.#options;
    logger.warn({ video: track.path, reason }, 'a video cannot be decoded; it is tried again');
    if (!hasDelivered) this.#writer.setFailed(true);
    this.#drop();
    if (hasDelivered) return;
    this.#retryAtMs = performance.now() + this.#retryMs;
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }
}
