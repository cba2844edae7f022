import { z } from 'zod';

/** Where the playback of a source is; program times are milliseconds since 1970. */
export const PlaybackSchema = z.strictObject({
  /** When the source got what it plays. With the source's id it names one playback. */
  createdAtMs: z.number(),
  /** Counts every start: the first, each seek, and each entry of a playlist. */
  run: z.int().min(0),
  /** Entries of the playlist that come before this one, all rounds together. */
  turn: z.int().min(0),
  /** When this run has begun, the time for which it was paused left out. */
  startedAtMs: z.number(),
  /** Where in the file it has begun, milliseconds after its `inMs`. */
  positionMs: z.number().min(0),
  /** Null: it is not paused. */
  pausedAtMs: z.number().nullable(),
});
export type Playback = z.infer<typeof PlaybackSchema>;

/** A playback that begins at a moment of program time. */
export function beginPlayback(atMs: number): Playback {
  return {
    createdAtMs: atMs,
    run: 0,
    turn: 0,
    startedAtMs: atMs,
    positionMs: 0,
    pausedAtMs: null,
  };
}

/** The position at a moment of program time, milliseconds after `inMs`; of a loop all laps together. */
export function positionAt(
  { startedAtMs, positionMs, pausedAtMs }: Playback,
  timeMs: number,
): number {
  return positionMs + Math.max(0, (pausedAtMs ?? timeMs) - startedAtMs);
}
