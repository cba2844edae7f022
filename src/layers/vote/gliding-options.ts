import { mixColors } from '../../scene/color.js';
import type { ItemsById } from '../kind-rules.js';
import { placedOptions } from './order.js';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import type { VoteLayer, VoteOption } from './schema.js';

/** Where options stand, in places from the first. */
function standsOf(layer: VoteLayer): Map<string, number> {
  return new Map(
    placedOptions(layer).map(({ option, place }) => [option.id, place + option.shift]),
  );
}

/** Colours are mixed, gradients are not. */
function mixedColor(before: VoteOption, after: VoteOption, progress: number): VoteOption['color'] {
  const [from, to] = [before.color, after.color];
  if (typeof from !== 'string' || typeof to !== 'string' || from === to) return to;
  return mixColors(from, to)(progress);
}

/**
 * Options that two versions both have glide from the votes, the place and the colour that they have in one to those
 * in the other. Others are there at once.
 */
export const OPTIONS_BY_ID: ItemsById<VoteLayer> = {
  field: 'options',
  differ(before, after) {
    const known = new Map(before.options.map((option) => [option.id, option]));
    const from = standsOf(before);
    const to = standsOf(after);
    return after.options.some((option) => {
      const then = known.get(option.id);
      return (
        then !== undefined &&
        (then.value !== option.value ||
          then.color !== option.color ||
          from.get(option.id) !== to.get(option.id))
      );
    });
  },
  mixed(before, after, progress) {
    const known = new Map(before.options.map((option) => [option.id, option]));
    const [from, to] = [standsOf(before), standsOf(after)];
    const glided = after.options.map((option): VoteOption => {
      const then = known.get(option.id);
      if (then === undefined) return option;
      const value = then.value + (option.value - then.value) * progress;
      const color = mixedColor(then, option, progress);
      return { ...option, value: Math.min(LIMITS.votes, Math.max(0, value)), color };
    });
    // Their order follows the votes that they have on the way: where they stand does not, but goes from one place to the other.
    const places = new Map(
      placedOptions({ ...after, options: glided }).map(({ option, place }) => [option.id, place]),
    );
    const options = glided.map((option): VoteOption => {
      const end = to.get(option.id) ?? 0;
      const start = from.get(option.id) ?? end;
      const stand = start + (end - start) * progress;
      return { ...option, shift: stand - (places.get(option.id) ?? 0) };
    });
    return { ...after, options };
  },
};
