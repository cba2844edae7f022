import { mixColors } from '../scene/color.js';
import type { Paint } from '../scene/schema/style.js';

/** The colour of a paint at a share of the way along its stops, 0 to 1: for what is too small for a gradient of its own. */
export function colorAt(paint: Paint, share: number): string {
  if (typeof paint === 'string') return paint;
  const { stops } = paint;
  const next = stops.findIndex(({ at }) => at >= share);
  const [before, after] = [stops[next - 1], stops[next]];
  if (after === undefined) return stops.at(-1)?.color ?? 'transparent';
  if (before === undefined) return after.color;
  const width = after.at - before.at;
  return mixColors(before.color, after.color)(width > 0 ? (share - before.at) / width : 1);
}
