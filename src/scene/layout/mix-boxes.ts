import type { Box } from './box.js';

/**
 * Where a layer stands on its way from one layout to another.
 * @param progress 0 is `before`, 1 is `after`; easings that swing may go beyond. A size never becomes less than nothing.
 */
export function mixBox(before: Box, after: Box, progress: number): Box {
  if (progress === 0) return before;
  if (progress === 1) return after;
  const mix = (from: number, to: number): number => from + (to - from) * progress;
  return {
    x: mix(before.x, after.x),
    y: mix(before.y, after.y),
    width: Math.max(0, mix(before.width, after.width)),
    height: Math.max(0, mix(before.height, after.height)),
  };
}

/**
 * The boxes of a layout that moves, by the ids of the layers: what is in both moves, what is only in `after` stands where
 * it will be, what is only in `before` where it was.
 */
export function mixBoxes(
  before: ReadonlyMap<string, Box>,
  after: ReadonlyMap<string, Box>,
  progress: number,
): Map<string, Box> {
  const mixed = new Map(before);
  for (const [id, box] of after) {
    const from = before.get(id);
    mixed.set(id, from === undefined ? box : mixBox(from, box, progress));
  }
  return mixed;
}
