import type { StopwatchAction } from '../../state/command.js';
import { SCENE_LIMITS } from '../../scene/limits.js';
import type { StopwatchLayer } from './schema.js';

/** What a stopwatch knows: a pure function of it and a moment says what it shows. */
export type Stopwatch = Pick<
  StopwatchLayer,
  'startedAtMs' | 'elapsedMs' | 'laps' | 'countdownFromMs' | 'show'
>;

/** Milliseconds that it has counted at a program time. */
export function elapsedAt(
  { startedAtMs, elapsedMs }: Pick<Stopwatch, 'startedAtMs' | 'elapsedMs'>,
  atMs: number,
): number {
  return elapsedMs + (startedAtMs === null ? 0 : Math.max(0, atMs - startedAtMs));
}

/** What it shows at a moment, in milliseconds, and whether it has counted down to the end. */
export function shownAt(
  watch: Stopwatch,
  atMs: number,
): { readonly shownMs: number; readonly isOver: boolean } {
  const elapsed = elapsedAt(watch, atMs);
  if (watch.countdownFromMs !== null) {
    const leftMs = watch.countdownFromMs - elapsed;
    return { shownMs: Math.max(0, leftMs), isOver: leftMs <= 0 };
  }
  const since = watch.show === 'lap' ? (watch.laps.at(-1) ?? 0) : 0;
  return { shownMs: Math.max(0, elapsed - since), isOver: false };
}

/**
 * A stopwatch after a command at a moment. Starting one that runs, pausing one that stands and a lap of
 * one that stands change nothing; so many laps are kept as there may be, the latest.
 */
export function controlled<W extends Stopwatch>(
  watch: W,
  action: StopwatchAction,
  atMs: number,
): W {
  const isRunning = watch.startedAtMs !== null;
  switch (action) {
    case 'start':
      return isRunning ? watch : { ...watch, startedAtMs: atMs };
    case 'pause':
      return isRunning ? { ...watch, startedAtMs: null, elapsedMs: elapsedAt(watch, atMs) } : watch;
    case 'reset':
      return { ...watch, startedAtMs: null, elapsedMs: 0, laps: [] };
    case 'lap':
      return isRunning
        ? { ...watch, laps: [...watch.laps, elapsedAt(watch, atMs)].slice(-SCENE_LIMITS.laps) }
        : watch;
  }
}
