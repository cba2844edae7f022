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

/** A video is decoded in another size no more often than this, milliseconds: while a layer grows it is scaled up. */
const RESIZE_MS = 1000;

/** Most videos that are decoded for one compositor, and most that their rings take, bytes: two of 4K, or many small ones. */
const MAX_VIDEOS = 16;
const MAX_BYTES = 640 * 1024 * 1024;

/** A ring and what is decoded into it. */
type OpenRing = {
  readonly id: string;
  readonly track: VideoTrack;
  readonly reader: PictureRingReader;
};

type OpenVideo = {
  ring: OpenRing;
  /** A larger one, which takes its place when it has pictures; null: none is wanted. */
  larger: OpenRing | null;
  resizedAtMs: number;
  /** When it was last asked for, on the monotonic clock. */
  askedAtMs: number;
};

function isLarger(a: VideoTrack, b: VideoTrack): boolean {
  return a.widthPx > b.widthPx || a.heightPx > b.heightPx;
}

/**
 * The videos that a compositor shows, or is about to: a ring of pictures for each, which somebody else decodes into. Layers that
 * show the same share one, as large as the largest of them. Owns the rings; what is wanted is told to whoever decodes.
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
    const video = this.#opened(track);
    if (video === null) return null;
    this.#grow(video, track, number);
    const { reader } = video.ring;
    const taken = reader.take(number);
    return taken === null ? null : { number: taken, ring: reader.ring };
  }

  /** Resolves when the first picture of a video is there. @throws Error when it cannot be decoded, or too much is */
  async load(track: VideoTrack): Promise<void> {
    const deadlineMs = performance.now() + FIRST_PICTURE_MS;
    for (;;) {
      const video = this.#opened(track);
      if (video === null)
        throw new Error(
          `No more than ${MAX_VIDEOS} videos are decoded at once, of ${MAX_BYTES / 1024 ** 2} MiB in all.`,
        );
      const { reader } = video.ring;
      if (reader.hasPicture) return;
      if (reader.hasFailed) throw new Error('The video cannot be decoded.');
      if (performance.now() > deadlineMs)
        throw new Error(`The video had no picture within ${FIRST_PICTURE_MS / 1000} s.`);
      await sleep(POLL_MS);
    }
  }

  /** Gives up what is not wanted, and has not been asked for in a while. @param findWanted - finds the keys of tracks */
  sweep(findWanted: () => ReadonlySet<string>): void {
    const nowMs = performance.now();
    const unasked = [...this.#open].filter(([, { askedAtMs }]) => nowMs - askedAtMs > LINGER_MS);
    if (unasked.length === 0) return;
    const wanted = findWanted();
    const over = unasked.filter(([key]) => !wanted.has(key));
    if (over.length === 0) return;
    for (const [key] of over) this.#open.delete(key);
    this.#tellAll();
  }

  /** Gives up all. */
  close(): void {
    this.#open.clear();
    this.#tellAll();
  }

  /** Null: too much is open. */
  #opened(track: VideoTrack): OpenVideo | null {
    const nowMs = performance.now();
    const known = this.#open.get(track.key);
    if (known !== undefined) {
      known.askedAtMs = nowMs;
      return known;
    }
    const ring = this.#createRing(track);
    if (ring === null) return null;
    const video = { ring, larger: null, resizedAtMs: nowMs, askedAtMs: nowMs };
    this.#open.set(track.key, video);
    this.#tellAll();
    return video;
  }

  /** Has a video decoded larger when a layer wants it so, and goes over to that when its picture is there. Never smaller. */
  #grow(video: OpenVideo, track: VideoTrack, number: number): void {
    const { ring, larger } = video;
    if (larger !== null) {
      if (larger.reader.take(number) !== number) return;
      video.ring = larger;
      video.larger = null;
      this.#tellAll();
      return;
    }
    const nowMs = performance.now();
    if (!isLarger(track, ring.track) || nowMs - video.resizedAtMs < RESIZE_MS) return;
    const widthPx = Math.max(track.widthPx, ring.track.widthPx);
    const heightPx = Math.max(track.heightPx, ring.track.heightPx);
    video.resizedAtMs = nowMs;
    video.larger = this.#createRing({ ...track, widthPx, heightPx });
    video.larger?.reader.take(number);
    if (video.larger !== null) this.#tellAll();
  }

  #createRing(track: VideoTrack): OpenRing | null {
    const { widthPx, heightPx } = track;
    const rings = this.#rings;
    const bytes = rings.reduce((sum, { reader }) => sum + reader.ring.memory.byteLength, 0);
    const slots = slotsFor(widthPx, heightPx);
    if (rings.length >= MAX_VIDEOS || bytes + slots * widthPx * heightPx * 4 > MAX_BYTES)
      return null;
    const reader = new PictureRingReader(createPictureRing(widthPx, heightPx, slots));
    return { id: randomUUID(), track, reader };
  }

  get #rings(): OpenRing[] {
    return [...this.#open.values()].flatMap(({ ring, larger }) =>
      larger === null ? [ring] : [ring, larger],
    );
  }

  #tellAll(): void {
    this.#tell(this.#rings.map(({ id, track, reader }) => ({ id, track, ring: reader.ring })));
  }
}
