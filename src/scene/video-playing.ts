import type { LayerOf } from './schema/layer.js';
import type { VideoTransport } from './schema/video-transport.js';
import { PICTURE_ROUNDING, type VideoTimeline } from './video-track.js';

/** What of a layer says where its video is. */
export type PlayedVideo = Pick<LayerOf<'video'>, 'speed' | 'startMs' | 'inMs' | 'transport'>;

/** From where on a video is played, in pictures of its timeline; parts of one count. */
export type VideoStart = {
  /** Pictures that are over at `atMs`. */
  readonly frames: number;
  /** Program time from which on it goes on; null: it stands. */
  readonly atMs: number | null;
  /** Another one each time that it is put elsewhere; pausing and going on leave it as it is. Empty: it never was. */
  readonly cue: string;
};

function framesOf(
  { positionMs, run }: Pick<VideoTransport, 'positionMs' | 'run'>,
  { inMs, speed }: PlayedVideo,
  { rate, runFrames, frames }: VideoTimeline,
): number {
  const ofRun = (Math.max(0, positionMs - inMs) * rate.num) / (1000 * rate.den * speed);
  // What is past the end is the last picture, not the first of the next run.
  const played = run * runFrames + Math.min(ofRun, runFrames - 2 * PICTURE_ROUNDING);
  return frames === null ? played : Math.min(played, frames);
}

/** @param takenAtMs - program time at which its scene was taken */
export function videoStart(
  video: PlayedVideo,
  timeline: VideoTimeline,
  takenAtMs: number,
): VideoStart {
  const { transport, startMs } = video;
  const withSceneMs = takenAtMs + startMs;
  // What was done in an earlier take of the scene is over, unless it was to last.
  const isOver =
    transport === null || !(transport.paused || transport.cued || transport.atMs >= takenAtMs);
  if (isOver) return { frames: 0, atMs: withSceneMs, cue: '' };
  const frames = framesOf(transport, video, timeline);
  const beginsMs = transport.cued ? Math.max(transport.atMs, withSceneMs) : transport.atMs;
  return {
    frames,
    atMs: transport.paused ? null : beginsMs,
    cue: String(transport.soughtAtMs ?? ''),
  };
}

/** Pictures that are over at a moment, over all runs, parts of one included; no more than there are. */
export function playedFrames(
  { frames: before, atMs: fromMs }: VideoStart,
  { rate, frames }: VideoTimeline,
  programTimeMs: number,
): number {
  const playedMs = fromMs === null ? 0 : Math.max(0, programTimeMs - fromMs);
  const played = before + (playedMs * rate.num) / (1000 * rate.den);
  return frames === null ? played : Math.min(played, frames);
}

/** The number of the picture that is shown when so many are over; past the end the one after the last. */
export function pictureAfter(frames: number): number {
  return Math.floor(frames + PICTURE_ROUNDING);
}

/** The place in the video where so many pictures are over. */
export function positionAfter(
  frames: number,
  { inMs, speed }: Pick<PlayedVideo, 'inMs' | 'speed'>,
  { rate, runFrames }: VideoTimeline,
): Pick<VideoTransport, 'positionMs' | 'run'> {
  const run = Math.floor((frames + PICTURE_ROUNDING) / runFrames);
  const ofRun = Math.max(0, frames - run * runFrames);
  return { run, positionMs: inMs + (ofRun * 1000 * rate.den * speed) / rate.num };
}
