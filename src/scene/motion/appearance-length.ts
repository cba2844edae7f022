import { activeMs } from '../animation.js';
import type { Enter, Exit } from '../schema/appearance.js';

/** How long a layer takes to appear or to disappear, its delay included, milliseconds. */
export function appearanceMs(way: Exit | Enter): number {
  return way.type === 'keyframes'
    ? Math.max(...way.animations.map((one) => one.delayMs + activeMs(one)))
    : way.delayMs + way.durationMs;
}
