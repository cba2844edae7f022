import { isSameList } from '../../core/same-list.js';
import type { Rect } from '../../memory/region.js';
import type { Bitmap } from '../bitmaps.js';
import { isSameRect } from '../lower/matrix.js';

/** One bitmap's place in one program frame, as the kernels read it. */
export type BitmapItem = {
  readonly kind: 'bitmap';
  /** Names it from frame to frame. */
  readonly name: string;
  readonly bitmap: Bitmap;
  /** Its levels, for where it is shown much smaller than it is; null: it is sampled itself. */
  readonly levels: Bitmap | null;
  /** Of its pixels those that may be seen, where it goes on beyond them; null: all, and beyond there is nothing. */
  readonly part: Rect | null;
  /** Pixels it may touch. */
  readonly bounds: Rect;
  /** Where every pixel is wholly covered. */
  readonly cover: Rect;
  /** 0 to 256. */
  readonly opacity: number;
  readonly blend: number;
  readonly sample: number;
  /** UX, UY, U0, VX, VY, V0 in 16.16 fixed point; for SAMPLE_PERSPECTIVE its nine coefficients a to i. */
  readonly sampling: readonly number[];
};

/** What else the kernels do; see KIND_ in memory/records.ts. `begin` opens a buffer that `end` or `mask` closes. */
export type StackItem = {
  readonly kind: 'solid' | 'begin' | 'end' | 'mask' | 'ramp' | 'matrix' | 'key';
  readonly name: string;
  readonly bounds: Rect;
  /** 0 to 256. */
  readonly opacity: number;
  readonly blend: number;
  /** Colour of `solid` as the kernels fill with it, premultiplied. */
  readonly color: number;
  /** A MASK_ or RAMP_ value. */
  readonly variant: number;
  readonly params: readonly number[];
};

/** One step of drawing a program frame. Two equal items do the same to the same pixels. */
export type Item = BitmapItem | StackItem;

/**
 * Whether two items of one name draw the same pixels. What works on a buffer does nothing to pixels on which nothing
 * is drawn, so only the bounds of what draws count.
 */
export function isSameItem(a: Item, b: Item): boolean {
  if (a === b) return true;
  if (a.kind === 'bitmap') {
    return (
      b.kind === 'bitmap' &&
      a.bitmap === b.bitmap &&
      a.levels === b.levels &&
      (a.part === b.part || (a.part !== null && b.part !== null && isSameRect(a.part, b.part))) &&
      a.opacity === b.opacity &&
      a.blend === b.blend &&
      a.sample === b.sample &&
      isSameList(a.sampling, b.sampling) &&
      isSameRect(a.bounds, b.bounds)
    );
  }
  return (
    a.kind === b.kind &&
    a.opacity === b.opacity &&
    a.blend === b.blend &&
    a.color === b.color &&
    a.variant === b.variant &&
    isSameList(a.params, b.params) &&
    (a.kind !== 'solid' || isSameRect(a.bounds, b.bounds))
  );
}
