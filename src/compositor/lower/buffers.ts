import type { Blending, MaskLevels } from '../items/stack.js';
import type { Mask } from '../../scene/schema/style.js';
import type { BufferStep, DrawStep, Effect } from './draw-list.js';

/** Draws steps apart and puts them on what is below as one, with what is done to them before; nothing if there are none. */
export function buffered(
  name: string,
  inner: readonly DrawStep[],
  effects: readonly Effect[],
  blending: Blending,
): BufferStep[] {
  return inner.length === 0 ? [] : [{ kind: 'buffer', name, inner, effects, blending }];
}

/** Makes steps the mask of a buffer. */
export function masking(
  name: string,
  inner: readonly DrawStep[],
  { mode, inverted }: Pick<Mask, 'mode' | 'inverted'>,
): Effect {
  const levels: MaskLevels = inverted ? { mode, gain: -1, bias: 1 } : { mode, gain: 1, bias: 0 };
  return { kind: 'mask', name, inner, levels };
}
