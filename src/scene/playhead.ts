import type { Film } from './snapshot.js';

/** How something that moves by itself is played. */
export type Playback = {
  /** How often it runs; true: forever. After the last run it stays at its end. */
  readonly loop: boolean | number;
  /** Multiple of its own speed; 0 stands still, negative runs backwards. */
  readonly speed: number;
  /** Scene time at which it begins, milliseconds; before that it stands at its beginning. */
  readonly startMs: number;
};

/** Where in one run of `durationMs` a moment of scene time falls: 0 to `durationMs`, which is only the very end. */
export function playheadMs(
  sceneTimeMs: number,
  durationMs: number,
  { loop, speed, startMs }: Playback,
): number {
  if (durationMs <= 0) return 0;
  const ranMs = Math.max(0, sceneTimeMs - startMs) * Math.abs(speed);
  const runs = loop === true ? Infinity : Math.max(1, Number(loop));
  const atMs = ranMs >= durationMs * runs ? durationMs : ranMs % durationMs;
  return speed < 0 ? durationMs - atMs : atMs;
}

/** The frame of a film at a place in its run, counted from 0. */
export function filmFrameAt({ frames }: Film, atMs: number): number {
  let endMs = 0;
  const index = frames.findIndex(({ durationMs }) => {
    endMs += durationMs;
    return atMs < endMs;
  });
  return index < 0 ? frames.length - 1 : index;
}

/** How long one run of a film takes, milliseconds. */
export function filmDurationMs({ frames }: Film): number {
  return frames.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
