import { setTimeout as sleep } from 'node:timers/promises';
import { createPictureRing, ringBytes, slotsFor } from '../memory/picture-ring.js';
import type { VideoFrame } from '../render/piece.js';
import { pictureFormatOf, type VideoTrack } from '../scene/video-track.js';
import type { DecodedVideo } from './contract.js';
import {
  createHead,
  nearestHead,
  openRing,
  takeFrom,
  toDecoded,
  type OpenRing,
  type VideoHead,
} from './video-heads.js';

/** A video that is neither wanted nor asked for is decoded so much longer, milliseconds: it may be shown again at once. */
const LINGER_MS = 2000;

/** How long the first picture of a video may take, milliseconds: FFmpeg has to be started. */
const FIRST_PICTURE_MS = 10_000;
const POLL_MS = 10;

/** A video is decoded in another size no more often than this, milliseconds: while a layer grows it is scaled up. */
const RESIZE_MS = 1000;

/**
 * Most videos that are decoded for one compositor, and most that their rings take, bytes: six of 4K, two with
 * transparency, or many small ones.
 */
const MAX_VIDEOS = 16;
const MAX_BYTES = 640 * 1024 * 1024;

/** A picture so far ahead of what is shown of a video is waited for, seconds; what is farther is decoded from there on. */
const PATIENCE_SECONDS = 5;

/**
 * How many places of one video may be decoded ahead that are not shown yet: as many as may be scheduled within the time in which
 * they are prepared, and no more, since who seeks on and on sees the last of them alone.
 */
const MAX_CUES = 6;

type OpenVideo = {
  /** Where it is decoded; the newest last. Never empty. */
  heads: readonly VideoHead[];
  /** What was shown of it last, for as long as what is sought is not there. */
  last: VideoFrame | null;
};

function isLarger(a: VideoTrack, b: VideoTrack): boolean {
  return a.widthPx > b.widthPx || a.heightPx > b.heightPx;
}

function patienceOf({ timeline: { rate } }: VideoTrack): number {
  return Math.ceil((PATIENCE_SECONDS * rate.num) / rate.den);
}

/**
 * The videos that a compositor shows, or is about to: a ring of pictures for each place of one that is played, which somebody else
 * decodes into. Layers that show the same share one, as large as the largest of them. Owns the rings; what is wanted is told to
 * whoever decodes.
 */
export class VideoRings {
  readonly #open = new Map<string, OpenVideo>();
  readonly #tell: (videos: readonly DecodedVideo[]) => void;

  /** @param tell - given all that is to be decoded, whenever that changes */
  constructor(tell: (videos: readonly DecodedVideo[]) => void) {
    this.#tell = tell;
  }

  /** See `VideoFrames`. What nobody has asked for before is decoded from now on; meanwhile the last picture stays. */
  frame(track: VideoTrack, number: number): VideoFrame | null {
    const head = this.#headAt(track, number);
    const video = this.#open.get(track.key);
    if (head === null || video === undefined) return video?.last ?? null;
    // Another head that was opened for the same is not needed: this one is nearer.
    for (const one of video.heads) if (one === head || one.cue === track.cue) one.cue = null;
    head.askedAtMs = performance.now();
    this.#grow(head, track, number);
    video.last = takeFrom(head, track, number, video.last);
    return video.last;
  }

  /** Resolves when the first picture of a video is there. @throws Error when it cannot be decoded, or too much is */
  async load(track: VideoTrack): Promise<void> {
    const deadlineMs = performance.now() + FIRST_PICTURE_MS;
    const head = this.#cued(track);
    if (head === null)
      throw new Error(
        `No more than ${MAX_VIDEOS} videos are decoded at once, of ${MAX_BYTES / 1024 ** 2} MiB in all.`,
      );
    while (this.#open.get(track.key)?.heads.includes(head) === true) {
      const { reader } = head.ring;
      head.askedAtMs = performance.now();
      if (reader.hasPicture) return;
      if (reader.hasFailed) throw new Error('The video cannot be decoded.');
      if (performance.now() > deadlineMs)
        throw new Error(`The video had no picture within ${FIRST_PICTURE_MS / 1000} s.`);
      await sleep(POLL_MS);
    }
  }

  /** Gives up what is not wanted, and has not been asked for in a while. @param findWanted - finds what is shown or will be soon */
  sweep(findWanted: () => readonly VideoTrack[]): void {
    const nowMs = performance.now();
    const isUnasked = ({ askedAtMs }: VideoHead): boolean => nowMs - askedAtMs > LINGER_MS;
    if (![...this.#open.values()].some(({ heads }) => heads.some(isUnasked))) return;
    const wanted = findWanted();
    let isAny = false;
    for (const [key, video] of this.#open) {
      const cues = wanted.filter((track) => track.key === key).map(({ cue }) => cue);
      const asked = video.heads.filter(
        (head) => !isUnasked(head) || (head.cue !== null && cues.includes(head.cue)),
      );
      // Of a video that is wanted and that nobody asks for, one stays.
      const kept = asked.length === 0 && cues.length > 0 ? video.heads.slice(-1) : asked;
      isAny ||= kept.length < video.heads.length;
      if (kept.length === 0) this.#open.delete(key);
      else video.heads = kept;
    }
    if (isAny) this.#tellAll();
  }

  /** Gives up all. */
  close(): void {
    this.#open.clear();
    this.#tellAll();
  }

  /** Where a picture comes from; null: too much is open. */
  #headAt(track: VideoTrack, number: number): VideoHead | null {
    const heads = this.#open.get(track.key)?.heads ?? [];
    const near = nearestHead(heads, number, patienceOf(track));
    if (near !== null) return near;
    const opened = this.#openHead(track, number, null);
    if (opened !== null || heads.length === 0) return opened;
    // There is no room for another one: the one that was not asked for the longest makes room.
    const oldest = heads.reduce((a, b) => (b.askedAtMs < a.askedAtMs ? b : a));
    this.#drop(track.key, [oldest]);
    return this.#openHead(track, number, null);
  }

  /** Where a video is decoded before it is shown; null: too much is open. */
  #cued(track: VideoTrack): VideoHead | null {
    const heads = this.#open.get(track.key)?.heads ?? [];
    const known = heads.find(({ cue }) => cue === track.cue);
    if (known !== undefined) return known;
    // One that is shown and holds the picture goes on: it may not be asked for what comes later while it is.
    const near = nearestHead(heads, track.first, 0);
    if (near !== null || (track.cue === '' && heads.length > 0)) return near ?? heads[0] ?? null;
    const waiting = heads.filter(({ cue }) => cue !== null);
    this.#drop(track.key, waiting.slice(0, Math.max(0, waiting.length + 1 - MAX_CUES)));
    return this.#openHead(track, track.first, track.cue) ?? heads[0] ?? null;
  }

  #openHead(track: VideoTrack, first: number, cue: string | null): VideoHead | null {
    const ring = this.#createRing(track);
    if (ring === null) return null;
    const head = createHead(ring, first, cue);
    const video = this.#open.get(track.key);
    if (video === undefined) this.#open.set(track.key, { heads: [head], last: null });
    else video.heads = [...video.heads, head];
    this.#tellAll();
    return head;
  }

  /** What is dropped is told with what is opened next. */
  #drop(key: string, dropped: readonly VideoHead[]): void {
    const video = this.#open.get(key);
    if (video !== undefined) video.heads = video.heads.filter((head) => !dropped.includes(head));
  }

  /** Has a video decoded larger when a layer wants it so, and goes over to that when its picture is there. Never smaller. */
  #grow(head: VideoHead, track: VideoTrack, number: number): void {
    const { ring, larger } = head;
    if (larger !== null) {
      if (larger.reader.take(number) !== number) return;
      head.ring = larger;
      head.larger = null;
      this.#tellAll();
      return;
    }
    const nowMs = performance.now();
    if (!isLarger(track, ring.track) || nowMs - head.resizedAtMs < RESIZE_MS) return;
    const widthPx = Math.max(track.widthPx, ring.track.widthPx);
    const heightPx = Math.max(track.heightPx, ring.track.heightPx);
    head.resizedAtMs = nowMs;
    head.larger = this.#createRing({ ...track, widthPx, heightPx });
    head.larger?.reader.take(number);
    if (head.larger !== null) this.#tellAll();
  }

  #createRing(track: VideoTrack): OpenRing | null {
    const { widthPx, heightPx, video } = track;
    const shape = { widthPx, heightPx, format: pictureFormatOf(video) };
    const rings = this.#rings;
    const bytes = rings.reduce((sum, { reader }) => sum + reader.ring.memory.byteLength, 0);
    const slots = slotsFor(shape);
    if (rings.length >= MAX_VIDEOS || bytes + ringBytes(shape, slots) > MAX_BYTES) return null;
    return openRing(track, createPictureRing({ ...shape, slots }));
  }

  get #rings(): OpenRing[] {
    const heads = [...this.#open.values()].flatMap((video) => video.heads);
    return heads.flatMap(({ ring, larger }) => (larger === null ? [ring] : [ring, larger]));
  }

  #tellAll(): void {
    this.#tell(this.#rings.map(toDecoded));
  }
}
