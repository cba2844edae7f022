import { mixColors, toHexColor } from './color.js';
import { toEasing, type Easing } from './easing.js';
import type { Animation } from './schema/animation.js';

/** A value at a moment of scene time, in milliseconds; a pure function of it. */
export type Track<T> = (sceneTimeMs: number) => T;

/**
 * Where in the keyframes a moment falls: milliseconds since the first run's beginning, folded by repetition and
 * alternation into 0..durationMs. Before the delay it is 0.
 */
export function toLocalTimeMs(animation: Animation, sceneTimeMs: number): number {
  const durationMs = animation.keyframes.at(-1)?.atMs ?? 0;
  const elapsedMs = Math.max(0, sceneTimeMs - animation.delayMs);
  if (durationMs === 0) return 0;
  const runs = animation.repeat === 'forever' ? Infinity : animation.repeat + 1;
  const isOver = elapsedMs >= durationMs * runs;
  const run = isOver ? runs - 1 : Math.floor(elapsedMs / durationMs);
  const atMs = isOver ? durationMs : elapsedMs - run * durationMs;
  return animation.alternate && run % 2 === 1 ? durationMs - atMs : atMs;
}

function toTrack<T>(
  animation: Animation,
  values: readonly T[],
  mix: (from: T, to: T) => (progress: number) => T,
): Track<T> {
  const { keyframes } = animation;
  const spans = keyframes.slice(1).map((end, i) => {
    const start = keyframes[i];
    const from = values[i];
    const to = values[i + 1];
    if (start === undefined || from === undefined || to === undefined)
      throw new Error('keyframes and values differ in number');
    const easing: Easing = toEasing(start.easing);
    return { startMs: start.atMs, endMs: end.atMs, easing, mixed: mix(from, to) };
  });
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined)
    throw new Error('an animation has at least one keyframe');
  return (sceneTimeMs) => {
    const atMs = toLocalTimeMs(animation, sceneTimeMs);
    const span = spans.find(({ endMs }) => atMs < endMs);
    if (span === undefined) return last;
    if (atMs < span.startMs) return first;
    return span.mixed(span.easing((atMs - span.startMs) / (span.endMs - span.startMs)));
  };
}

/** The track of an animation of a number. @param values - one a keyframe */
export function toNumberTrack(animation: Animation, values: readonly number[]): Track<number> {
  return toTrack(animation, values, (from, to) => (progress) => from + (to - from) * progress);
}

/** The track of an animation of a colour, as #rrggbbaa. @param values - one a keyframe */
export function toColorTrack(animation: Animation, values: readonly string[]): Track<string> {
  return toTrack(animation, values.map(toHexColor), mixColors);
}

/**
 * Whether an animation says what its field is at a moment: by its `fill` it may leave the field alone before its delay
 * is over and after its last run.
 */
export function isFilled(animation: Animation, sceneTimeMs: number): boolean {
  const { fill, delayMs } = animation;
  if (fill === 'both') return true;
  if (sceneTimeMs < delayMs) return fill === 'backwards';
  return fill === 'forwards' || sceneTimeMs < delayMs + activeMs(animation);
}

/** How long it runs, its delay left out: all runs together, Infinity for one without end. */
export function activeMs({ keyframes, repeat }: Animation): number {
  const durationMs = keyframes.at(-1)?.atMs ?? 0;
  if (durationMs === 0) return 0;
  return repeat === 'forever' ? Infinity : durationMs * (repeat + 1);
}
