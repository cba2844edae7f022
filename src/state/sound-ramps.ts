import { isOver, levelAt, restingLevels } from '../scene/sound/levels.js';
import type { LevelRamp } from '../scene/sound/ramp-schema.js';
import type { Sound } from '../scene/sound/schema.js';
import type { SceneMoment } from './staging.js';

/**
 * A sound after a change, with the ramps that lead its levels from where they are at that moment to where the change puts
 * them. What was on its way and is not concerned goes on; what is over is taken out.
 */
export function withRamps(before: Sound, after: Sound, { atMs, transition }: SceneMoment): Sound {
  const [was, is] = [restingLevels(before), restingLevels(after)];
  const ramps: Record<string, LevelRamp> = {};
  for (const [key, to] of is) {
    const running = before.ramps[key];
    const former = was.get(key);
    if (former === undefined || former === to) {
      if (former !== undefined && running !== undefined && !isOver(running, atMs))
        ramps[key] = running;
      continue;
    }
    if (transition === null || transition.durationMs === 0) continue;
    const { durationMs, delayMs, easing } = transition;
    const from = levelAt(former, running, atMs);
    ramps[key] = { from, startMs: atMs + delayMs, durationMs, easing };
  }
  return { ...after, ramps };
}
