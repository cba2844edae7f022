import { isOver, type LevelKey, levelAt, restingLevels } from '../scene/sound/levels.js';
import type { LevelRamp } from '../scene/sound/ramp-schema.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { Transition } from '../scene/schema/transition.js';

/** A level that a change puts elsewhere. */
export type LevelChange = { readonly key: LevelKey; readonly from: number; readonly to: number };

/** How a level gets to where a change puts it; null: at once. */
export type WayOf = (change: LevelChange) => Transition | null;

/** Whether a document silences something by itself: a strip that is muted, a clip that is stopped. */
function isSilenced(key: LevelKey, { sources, clips, buses, master }: AirSound): boolean {
  const [kind, ...rest] = key.split(':');
  const id = rest.join(':');
  switch (kind) {
    case 'source':
      return sources.some((one) => one.id === id && one.strip.muted);
    case 'bus':
      return buses.some((one) => one.id === id && one.strip.muted);
    case 'clip':
      return clips.some((one) => one.id === id && one.isStopping);
    default:
      return kind === 'master' && master.muted;
  }
}

/**
 * The ramps that lead levels from where they are at a moment to where a change puts them. What was on its way and is not
 * concerned goes on; what is over is left out.
 */
export function rampsAfter(
  before: AirSound,
  after: AirSound,
  atMs: number,
  wayOf: WayOf,
): Record<string, LevelRamp> {
  const [was, is] = [restingLevels(before), restingLevels(after)];
  const ramps: Record<string, LevelRamp> = {};
  for (const [key, to] of is) {
    const running = before.ramps[key];
    // A source or bus that is new comes from silence; a voice of it that scenes let through is just there.
    const from = was.get(key) ?? (key.startsWith('scene:') ? undefined : 0);
    if (from === undefined) continue;
    if (from === to) {
      if (running === undefined || isOver(running, atMs)) continue;
      // What is muted while it fades out is to be silent, though that is where it went.
      if (isSilenced(key, before) || !isSilenced(key, after)) {
        ramps[key] = running;
        continue;
      }
    }
    const way = wayOf({ key, from, to });
    if (way === null || way.durationMs + way.delayMs === 0) continue;
    const { durationMs, delayMs, easing } = way;
    ramps[key] = {
      from: levelAt(from, running, atMs),
      startMs: atMs + delayMs,
      durationMs,
      easing,
    };
  }
  return ramps;
}
