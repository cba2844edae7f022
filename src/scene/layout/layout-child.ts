import type { Slot } from '../schema/layout.js';
import {
  ceilUnit,
  clamp,
  floorUnit,
  toEdges,
  type LayoutBox,
  type Edges,
  type Size,
  type WidthQuery,
} from './box.js';

/** What a layout has to know about a layer of its group. */
export type LayoutChild = {
  readonly slot: Slot;
  /** The least its box can be: for a group its padding, otherwise nothing. */
  readonly leastSize: Size;
  /** The layer's own x and y: what an absolute layout without a size is sized by. */
  readonly offset: { readonly x: number; readonly y: number };
  /**
   * The size that the content needs, without the width and height of its slot.
   * @param width at this width: a text wraps to it, a group places its layers in it
   * @param heightPx the height it will have in any case, or null when it is as high as it needs to be
   */
  readonly measure: (width: WidthQuery, heightPx: number | null) => Size;
};

/** What a layout answers: the size of the group and a box for each child, in the order of the children. */
export type LayoutResult = Size & { readonly boxes: readonly LayoutBox[] };

/** The size that the content needs, in whole units of the layout. */
export function measureContent(
  child: LayoutChild,
  width: WidthQuery,
  heightPx: number | null,
): Size {
  const size = child.measure(width, heightPx);
  return { width: ceilUnit(size.width), height: ceilUnit(size.height) };
}

/**
 * Pixels of a length of a slot.
 * @param roomPx what percentages are of; null when it is not known yet
 * @returns null for lengths that are not given, and for percentages of the unknown: both are as the content needs
 */
export function resolveLength(
  length: number | string | undefined,
  roomPx: number | null,
): number | null {
  if (length === undefined) return null;
  if (typeof length === 'number') return floorUnit(length);
  return roomPx === null ? null : floorUnit((Number.parseFloat(length) / 100) * roomPx);
}

/** The margin of a slot, in whole units of the layout. */
export function marginOf(slot: Slot): Edges {
  const { top, right, bottom, left } = toEdges(slot.margin);
  return {
    top: floorUnit(top),
    right: floorUnit(right),
    bottom: floorUnit(bottom),
    left: floorUnit(left),
  };
}

/** The bounds of a width, in pixels. Percentages of the unknown bound nothing. */
export function widthBounds(child: LayoutChild, roomPx: number | null): Bounds {
  const { slot, leastSize } = child;
  return {
    min: Math.max(leastSize.width, resolveLength(slot.minWidth, roomPx) ?? 0),
    max: resolveLength(slot.maxWidth, roomPx) ?? Infinity,
  };
}

/** The bounds of a height, in pixels. Percentages of the unknown bound nothing. */
export function heightBounds(child: LayoutChild, roomPx: number | null): Bounds {
  const { slot, leastSize } = child;
  return {
    min: Math.max(leastSize.height, resolveLength(slot.minHeight, roomPx) ?? 0),
    max: resolveLength(slot.maxHeight, roomPx) ?? Infinity,
  };
}

/** The least and the most, in pixels; the least wins. */
export type Bounds = { readonly min: number; readonly max: number };

/**
 * The height that a child has in any case, or at the most, as far as its slot says it: columns that wrap, and pictures,
 * are as wide as their height makes them.
 */
export function givenHeight(child: LayoutChild, roomHeightPx: number | null): number | null {
  const px = resolveLength(child.slot.height, roomHeightPx);
  const { min, max } = heightBounds(child, roomHeightPx);
  if (px === null) return max === Infinity ? null : Math.max(min, max);
  return clamp(px, min, max);
}

/**
 * Width that a child adds to a group which is as wide as its layers need, margins counted: its contribution in CSS's
 * terms. Percentages of the width are as if not given, since they would depend on what is looked for.
 * @param roomHeightPx what percentages of the height count from, or null
 */
export function widthContribution(
  child: LayoutChild,
  query: 'min-content' | 'max-content',
  roomHeightPx: number | null,
): number {
  const { min, max } = widthBounds(child, null);
  const px =
    resolveLength(child.slot.width, null) ??
    measureContent(child, query, givenHeight(child, roomHeightPx)).width;
  const margin = marginOf(child.slot);
  return margin.left + clamp(px, min, max) + margin.right;
}

/**
 * Width of a child that is as wide as it likes as long as there is room: CSS's fit-content, without bounds.
 * @param heightPx the height it has or may have, or null
 */
export function fitContentWidth(
  child: LayoutChild,
  roomPx: number,
  heightPx: number | null,
): number {
  const most = measureContent(child, 'max-content', heightPx).width;
  if (most <= roomPx) return most;
  return Math.max(roomPx, measureContent(child, 'min-content', heightPx).width);
}
