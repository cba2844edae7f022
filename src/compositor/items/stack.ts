import { MASK_ALPHA, MASK_LUMA } from '../../memory/records.js';
import type { Rect } from '../../memory/region.js';
import { BLEND_MODES } from '../../scene/blend-modes.js';
import type { Mask } from '../../scene/schema/style.js';
import type { Item, StackItem } from './item.js';
import { union } from '../lower/matrix.js';

const FULL = 256;

/** How something is put on what is below it. */
export type Blending = {
  /** 0 to 1. */
  readonly opacity: number;
  /** Place in BLEND_MODES. */
  readonly blend: number;
};

export const NORMAL = BLEND_MODES.indexOf('normal');

/** As it is, over what is below. */
export const OPAQUE: Blending = { opacity: 1, blend: NORMAL };

/** What of a mask counts: gain · v + bias, cut to 0..1. */
export type MaskLevels = Pick<Mask, 'mode'> & { readonly gain: number; readonly bias: number };

function step<K extends StackItem['kind']>(
  kind: K,
  name: string,
  bounds: Rect,
  fields: Partial<Omit<StackItem, 'kind' | 'name' | 'bounds'>> = {},
): StackItem & { readonly kind: K } {
  return {
    kind,
    name,
    bounds,
    opacity: FULL,
    blend: 0,
    color: 0,
    variant: 0,
    params: [],
    ...fields,
  };
}

/** The rectangle around all that items touch; null when there are none. */
export function boundsOfItems(items: readonly Item[]): Rect | null {
  const [first, ...rest] = items;
  return first === undefined
    ? null
    : rest.reduce((around, { bounds }) => union(around, bounds), first.bounds);
}

/** Fills `bounds` with a premultiplied colour. */
export function solid(
  name: string,
  bounds: Rect,
  color: number,
  opacity = 1,
): StackItem & { readonly kind: 'solid' } {
  return step('solid', name, bounds, { color, opacity: Math.round(opacity * FULL) });
}

/** The begin and the end of a buffer that takes up `bounds`, and is put on what is below as one. */
export function bufferEnds(
  name: string,
  bounds: Rect,
  { opacity, blend }: Blending,
): readonly [begin: StackItem, end: StackItem] {
  return [
    step('begin', `${name}(`, bounds),
    step('end', `${name})`, bounds, { opacity: Math.round(opacity * FULL), blend }),
  ];
}

/** Makes items the mask of the buffer that is open; `bounds` are that buffer's. */
export function maskedBy(
  name: string,
  items: readonly Item[],
  { mode, gain, bias }: MaskLevels,
  bounds: Rect,
): Item[] {
  return [
    step('begin', `${name}[`, bounds),
    ...items,
    step('mask', `${name}]`, bounds, {
      variant: mode === 'luma' ? MASK_LUMA : MASK_ALPHA,
      params: [gain, bias],
    }),
  ];
}

/** A colour matrix on the buffer that is open: 4×5 as in feColorMatrix. */
export function recoloured(name: string, params: readonly number[], bounds: Rect): StackItem {
  return step('matrix', name, bounds, { params });
}

/** A mask that is reckoned from the place of each pixel, on the buffer that is open: RAMP_ value and its parameters. */
export function ramped(
  name: string,
  variant: number,
  params: readonly number[],
  bounds: Rect,
): StackItem {
  return step('ramp', name, bounds, { variant, params });
}
