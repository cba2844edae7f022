import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPictureRing, PictureRingReader, slotsFor } from '../memory/picture-ring.js';
import type { VideoFrame } from '../render/piece.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { DecodedVideo } from './contract.js';

/** A video that is neither wanted nor asked for is decoded so much longer, milliseconds: it may be shown again at once. */
const LINGER_MS = 2000;

/** How long the first picture of a video may take, milliseconds: FFmpeg has to be started. */
const FIRST_PICTURE_MS = 10_000;
const POLL_MS = 10;

type OpenVideo = {
  readonly id: string;
  readonly track: VideoTrack;
  readonly reader: PictureRingReader;
  /** When it was last asked for, on the monotonic clock. */
  askedAtMs: number;
};

/**
 * The videos that a compositor shows, or is about to: a ring of pictures for each, which somebody else decodes into. Owns the
 * rings; what is wanted is told to whoever decodes.
 */
export class VideoRings {
  readonly #open = new Map<string, OpenVideo>();
  readonly #tell: (videos: readonly DecodedVideo[]) => void;

  /** @param tell - given all that is to be decoded, whenever that changes */
  constructor(tell: (videos: readonly DecodedVideo[]) => void) {
    this.#tell = tell;
  }

  /** See `VideoFrames`. A video that nobody has asked for before is decoded from now on. */
  frame(track: VideoTrack, number: number): VideoFrame | null {
    const { reader } = this.#opened(track);
    const taken = reader.take(number);
    return taken === null ? null : { number: taken, ring: reader.ring };
  }

  /** Resolves when the first picture of a video is there. @throws Error when it cannot be decoded */
  async load(track: VideoTrack): Promise<void> {
    const { reader } = this.#opened(track);
    const deadlineMs = performance.now() + FIRST_PICTURE_MS;
    while (!reader.hasPicture) {
      if (reader.hasFailed) throw new Error('The video cannot be decoded.');
      if (performance.now() > deadlineMs)
        throw new Error(`The video had no picture within ${FIRST_PICTURE_MS / 1000} s.`);
      await sleep(POLL_MS);
      this.#opened(track);
    }
  }

  /** Gives up what is not wanted, and has not been asked for in a while. @param wanted - keys of tracks */
  sweep(wanted: ReadonlySet<string>): void {
    const nowMs = performance.now();
    const over = [...this.#open].filter(
      ([key, { askedAtMs }]) => !wanted.has(key) && nowMs - askedAtMs > LINGER_MS,
    );
    if (over.length === 0) return;
    for (const [key] of over) this.#open.delete(key);
    this.#tellAll();
  }

  /** Gives up all. */
  close(): void {
    this.#open.clear();
    this.#tellAll();
  }

  #opened(track: VideoTrack): OpenVideo {
    const askedAtMs = performance.now();
    const known = this.#open.get(track.key);
    if (known !== undefined) {
      known.askedAtMs = askedAtMs;
      return known;
    }
    const { widthPx, heightPx } = track;
    const slots = slotsFor(widthPx, heightPx);
    const reader = new PictureRingReader(createPictureRing(widthPx, heightPx, slots));
    const video = { id: randomUUID(), track, reader, askedAtMs };
    this.#open.set(track.key, video);
    this.#tellAll();
    return video;
  }

  #tellAll(): void {
    this.#tell(
      [...this.#open.values()].map(({ id, track, reader }) => ({ id, track, ring: reader.ring })),
    );
  }
}
