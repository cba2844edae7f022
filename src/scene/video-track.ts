import type { FrameRate } from '../core/rational.js';
import type { VideoInfo } from './snapshot.js';

/** How a video is played in a layer. */
export type VideoPlayback = {
  /** How often it runs; true: forever. */
  readonly loop: boolean | number;
  /** Multiple of its own speed, above 0. */
  readonly speed: number;
  /** What of it is played, milliseconds from its beginning; null: to its end. */
  readonly inMs: number;
  readonly outMs: number | null;
};

/**
 * The pictures of a video as they are played: of one run, at a fixed rate, so that each has a number. Numbers go on from run to
 * run. Videos with pictures at uneven times are brought to a fixed rate by whoever decodes them.
 */
export type VideoTimeline = {
  /** Pictures a second as they are played. */
  readonly rate: FrameRate;
  /** Pictures of one run, 1 or more. */
  readonly runFrames: number;
  /** Pictures of all runs; null: there is no end. */
  readonly frames: number | null;
};

/** No more pictures a second are decoded: no program has more. */
const MAX_RATE: FrameRate = { num: 60, den: 1 };
/** Speeds are taken to a thousandth, so that the rate stays a fraction. */
const SPEED_UNITS = 1000;
/** A part of a picture's time that makes up for moments that are not exact in binary. */
export const PICTURE_ROUNDING = 0.001;

function rateOf({ frameRate }: VideoInfo, speed: number): FrameRate {
  const num = frameRate.num * Math.max(1, Math.round(speed * SPEED_UNITS));
  const den = frameRate.den * SPEED_UNITS;
  if (num * MAX_RATE.den > MAX_RATE.num * den) return MAX_RATE;
  return speed === 1 ? frameRate : { num, den };
}

export function videoTimeline(video: VideoInfo, playback: VideoPlayback): VideoTimeline {
  const { inMs, outMs, speed, loop } = playback;
  const rate = rateOf(video, speed);
  const endMs = Math.min(video.durationMs, outMs ?? Infinity);
  const runSeconds = Math.max(0, endMs - inMs) / 1000 / speed;
  const runFrames = Math.max(1, Math.round((runSeconds * rate.num) / rate.den));
  const runs = loop === true ? null : Math.max(1, Number(loop));
  return { rate, runFrames, frames: runs === null ? null : runs * runFrames };
}

/** A video as it is decoded for a layer: whoever shows the same has the same pictures. */
export type VideoTrack = {
  /** Equal keys are the same pictures at the same times, in whatever size. */
  readonly key: string;
  /** Another one each time that it is put elsewhere, to be decoded from there on before it is shown; empty: it never was. */
  readonly cue: string;
  /** The picture from which it goes on, 0 unless operations have stopped it or put it elsewhere. */
  readonly first: number;
  readonly path: string;
  readonly video: VideoInfo;
  readonly inMs: number;
  readonly speed: number;
  readonly timeline: VideoTimeline;
  /** Size in which its pictures are wanted; they may be larger, for another layer. */
  readonly widthPx: number;
  readonly heightPx: number;
};

/** How the pictures of a video are decoded: what is opaque has no need of more than luma and chroma. */
export function pictureFormatOf({ hasAlpha }: VideoInfo): 'i420' | 'rgba' {
  return hasAlpha ? 'rgba' : 'i420';
}
