import { randomUUID } from 'node:crypto';
import { PictureRingReader, type PictureRing } from '../memory/picture-ring.js';
import type { VideoFrame } from '../render/piece.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { DecodedVideo } from './contract.js';

/** So many pictures before the one that a ring was asked for last are still there. */
const KEPT_PICTURES = 3;

/** A ring and what is decoded into it. */
export type OpenRing = {
  readonly id: string;
  readonly track: VideoTrack;
  readonly reader: PictureRingReader;
};

export function openRing(track: VideoTrack, ring: PictureRing): OpenRing {
  return { id: randomUUID(), track, reader: new PictureRingReader(ring) };
}

export function toDecoded({ id, track, reader }: OpenRing): DecodedVideo {
  return { id, track, ring: reader.ring };
}

/** One place of a video from which on it is decoded: each seek has its own, so that its pictures are there before it is shown. */
export type VideoHead = {
  ring: OpenRing;
  /** A larger one, which takes its place when it has pictures; null: none is wanted. */
  larger: OpenRing | null;
  resizedAtMs: number;
  /** The picture that it was asked for last. */
  position: number;
  /** What it was opened for when nothing has been shown of it yet; null: it is or was shown. */
  cue: string | null;
  /** When it was last asked for, on the monotonic clock. */
  askedAtMs: number;
};

/** @param first - the picture that is decoded first */
export function createHead(ring: OpenRing, first: number, cue: string | null): VideoHead {
  const nowMs = performance.now();
  ring.reader.take(first);
  return { ring, larger: null, resizedAtMs: nowMs, position: first, cue, askedAtMs: nowMs };
}

/** How far a picture is from where a head is. One that is shown and is as good as there goes before one that waits. */
function distance({ position, cue }: VideoHead, number: number): number {
  const pictures = Math.abs(number - position);
  return cue === null && pictures <= KEPT_PICTURES ? -1 : pictures;
}

/**
 * The head from which a picture comes soonest, without being begun elsewhere; null: there is none.
 * @param patience - so many pictures ahead of where it is a head is waited for
 */
export function nearestHead(
  heads: readonly VideoHead[],
  number: number,
  patience: number,
): VideoHead | null {
  let nearest: VideoHead | null = null;
  for (const head of heads) {
    const ahead = number - head.position;
    if (ahead < -KEPT_PICTURES || ahead > patience) continue;
    if (nearest === null || distance(head, number) < distance(nearest, number)) nearest = head;
  }
  return nearest;
}

/** The picture of a head that is shown when one is wanted: that, or the newest before it. From now on the head is there. */
export function takeFrom(
  head: VideoHead,
  { first }: VideoTrack,
  number: number,
  last: VideoFrame | null,
): VideoFrame | null {
  const { reader } = head.ring;
  head.position = number;
  const taken = reader.take(number);
  // What is before the place that was sought is not shown on the way there.
  if (taken === null || taken < first) return last;
  return { number: taken, ring: reader.ring };
}
