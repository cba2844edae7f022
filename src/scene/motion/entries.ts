import type { Layer } from '../schema/layer.js';
import type { Stage } from './stage.js';

/**
 * When the entry of a layer began last, in program time: as it was created, was shown, or its scene was
 * taken; null when it has none.
 */
export function enteredAtMsOf(
  { id, enter }: Layer,
  stage: Stage,
  takenAtMs: number,
): number | null {
  if (enter === null) return null;
  const known = stage.entered[id] ?? null;
  if (!enter.on.includes('activate')) return known;
  return known === null ? takenAtMs : Math.max(known, takenAtMs);
}
