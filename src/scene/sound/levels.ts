import { parseEasing } from '../easing.js';
import { SOUND_LIMITS } from './limits.js';
import type { LevelRamp } from './ramp-schema.js';
import type { AirSound, SoundSource, Strip } from './schema.js';

/** What the strips of a sound come to: pure functions of the document and a moment of program time. */

/** A gain in dB as a factor of amplitudes; silence from the lowest gain on down. */
export function amplitudeOf(gainDb: number): number {
  return gainDb <= SOUND_LIMITS.minGainDb ? 0 : 10 ** (gainDb / 20);
}

/** An amplitude in dB, rounded to hundredths; null: silence. */
export function amplitudeInDb(amplitude: number): number | null {
  if (amplitude < 10 ** (SOUND_LIMITS.minGainDb / 20)) return null;
  return Math.round(2000 * Math.log10(amplitude)) / 100;
}

/** Names a strip among those of a sound: `source:id`, `clip:id`, `bus:id`, or `master`. */
export type StripKey = `source:${string}` | `clip:${string}` | `bus:${string}` | 'master';

/** Names a level: that of a strip, or what scenes let through of a source, `scene:id`. */
export type LevelKey = StripKey | `scene:${string}`;

function stripLevel({ gainDb, muted }: Strip): number {
  return muted ? 0 : amplitudeOf(gainDb);
}

function sourceLevel(source: SoundSource, isSoloed: boolean): number {
  return isSoloed && !source.solo ? 0 : stripLevel(source.strip);
}

/** The levels (amplitudes) of a sound when nothing is on its way. */
export function restingLevels(sound: AirSound): ReadonlyMap<LevelKey, number> {
  const { sources, clips, buses, master, sceneLevels } = sound;
  const isSoloed = sources.some(({ solo }) => solo);
  return new Map<LevelKey, number>([
    ...sources.map((one): [LevelKey, number] => [`source:${one.id}`, sourceLevel(one, isSoloed)]),
    ...sources.map(({ id }): [LevelKey, number] => [`scene:${id}`, sceneLevels[id] ?? 1]),
    ...clips.map(({ id, gainDb, isStopping }): [LevelKey, number] => [
      `clip:${id}`,
      isSoloed || isStopping ? 0 : amplitudeOf(gainDb),
    ]),
    ...buses.map((one): [LevelKey, number] => [`bus:${one.id}`, stripLevel(one.strip)]),
    ['master', stripLevel(master)],
  ]);
}

/** A level at a moment of program time, on its way to `to`. Never below 0: an easing may overshoot. */
export function levelAt(to: number, ramp: LevelRamp | undefined, timeMs: number): number {
  if (ramp === undefined) return to;
  const { from, startMs, durationMs, easing } = ramp;
  if (timeMs < startMs) return from;
  const progress = durationMs === 0 ? 1 : (timeMs - startMs) / durationMs;
  if (progress >= 1) return to;
  const eased = parseEasing(easing)?.(progress) ?? progress;
  return Math.max(0, from + (to - from) * eased);
}

/** Whether a ramp has come to its end by a moment of program time. */
export function isOver({ startMs, durationMs }: LevelRamp, timeMs: number): boolean {
  return timeMs >= startMs + durationMs;
}
