import type { FlexLayout, ItemAlign } from '../schema/layout.js';
import { clamp, type Edges } from './box.js';
import type { FlexibleItem } from './flexible-lengths.js';
import {
  fitContentWidth,
  givenHeight,
  heightBounds,
  marginOf,
  measureContent,
  resolveLength,
  widthBounds,
  widthContribution,
  type LayoutChild,
} from './layout-child.js';

/** Inner size of a flex container. */
export type FlexRoom = {
  readonly width: number;
  /** Null is as high as its items need. */
  readonly height: number | null;
  /** What percentages of the height count from. */
  readonly percentHeight: number | null;
};

/** An item with what is known of it before its line is filled. */
export type FlexItem = FlexibleItem & {
  readonly child: LayoutChild;
  readonly margin: Edges;
  readonly marginMainPx: number;
  readonly marginCrossPx: number;
  readonly align: ItemAlign;
  /** Size across the line as far as it does not depend on the line. */
  readonly crossPx: number | null;
  /** Whether its slot says the size across the line. */
  readonly isGiven: boolean;
  /** Whether it becomes as large as its line. */
  readonly isStretched: boolean;
  /** See `LayoutBox`; https://www.w3.org/TR/css-flexbox-1/#definite-sizes. */
  readonly isHeightDefinite: boolean;
  readonly minCrossPx: number;
  readonly maxCrossPx: number;
};

/** Whether items stand side by side. */
export function isRowLayout(layout: FlexLayout): boolean {
  return layout.direction === 'row' || layout.direction === 'row-reverse';
}

/**
 * An item's size before it grows or shrinks, https://www.w3.org/TR/css-flexbox-1/#algo-main-item, and how small it may
 * become, https://www.w3.org/TR/css-flexbox-1/#min-size-auto.
 */
export function toFlexItem(layout: FlexLayout, room: FlexRoom, child: LayoutChild): FlexItem {
  const { slot } = child;
  const isRow = isRowLayout(layout);
  const across = acrossOf(layout, room, child);
  const mainRoom = isRow ? room.width : room.percentHeight;
  const bounds = isRow ? widthBounds(child, mainRoom) : heightBounds(child, mainRoom);
  const mainPx = resolveLength(isRow ? slot.width : slot.height, mainRoom);
  const contentPx = (query: 'min-content' | 'max-content'): number =>
    isRow
      ? measureContent(child, query, across.crossPx).width
      : measureContent(child, across.crossPx ?? 'max-content', null).height;
  const givenPx = slot.basis === undefined ? mainPx : resolveLength(slot.basis, mainRoom);
  const leastPx = isRow ? child.leastSize.width : child.leastSize.height;
  const basePx = Math.max(leastPx, givenPx ?? contentPx('max-content'));
  const hasMin = (isRow ? slot.minWidth : slot.minHeight) !== undefined;
  const minPx = hasMin
    ? bounds.min
    : Math.max(leastPx, Math.min(mainPx ?? Infinity, contentPx('min-content'), bounds.max));
  const { margin, marginCrossPx, align, crossPx, isGiven, isStretched } = across;
  // Written out, not spread: this is made for every layer, and objects of one known shape are several times as fast.
  return {
    child,
    margin,
    marginMainPx: isRow ? margin.left + margin.right : margin.top + margin.bottom,
    marginCrossPx,
    align,
    crossPx,
    isGiven,
    isStretched,
    isHeightDefinite: isRow
      ? isGiven || isStretched
      : room.percentHeight !== null || givenPx !== null,
    minCrossPx: across.minCrossPx,
    maxCrossPx: across.maxCrossPx,
    basePx,
    leastPx,
    minPx,
    maxPx: bounds.max,
    grow: slot.grow,
    shrink: slot.shrink,
  };
}

type Across = Pick<
  FlexItem,
  | 'margin'
  | 'marginCrossPx'
  | 'align'
  | 'crossPx'
  | 'isGiven'
  | 'isStretched'
  | 'minCrossPx'
  | 'maxCrossPx'
>;

/** Size across the line: given, or that of the container when it is known and the item fills it. */
function acrossOf(layout: FlexLayout, room: FlexRoom, child: LayoutChild): Across {
  const { slot } = child;
  const isRow = isRowLayout(layout);
  const margin = marginOf(slot);
  const marginCrossPx = isRow ? margin.top + margin.bottom : margin.left + margin.right;
  const align = slot.alignSelf ?? layout.align;
  const crossRoom = isRow ? room.height : room.width;
  const { min, max } = isRow
    ? heightBounds(child, room.percentHeight)
    : widthBounds(child, room.width);
  const given = isRow
    ? resolveLength(slot.height, room.percentHeight)
    : resolveLength(slot.width, room.width);
  // A percentage of what is not known is as if not given, but does not let the item be stretched.
  const isStretched =
    align === 'stretch' && (isRow ? slot.height === undefined : slot.width === undefined);
  const sizeOf = (): number | null => {
    if (given !== null) return given;
    if (isStretched && layout.wrap === 'nowrap' && crossRoom !== null)
      return crossRoom - marginCrossPx;
    return isRow
      ? null
      : fitContentWidth(child, room.width - marginCrossPx, givenHeight(child, room.percentHeight));
  };
  const px = sizeOf();
  const crossPx = px === null ? null : clamp(px, min, max);
  return {
    margin,
    marginCrossPx,
    align,
    crossPx,
    isStretched,
    isGiven: given !== null,
    minCrossPx: min,
    maxCrossPx: max,
  };
}

/**
 * Width that an item adds to a row which is as wide as its items need, margins counted, by
 * https://www.w3.org/TR/css-flexbox-1/#intrinsic-item-contributions: with a `basis` in pixels, what does not grow is no
 * wider and what does not shrink is no narrower than that, as far as its content allows.
 */
export function rowContribution(
  child: LayoutChild,
  query: 'min-content' | 'max-content',
  roomHeightPx: number | null,
): number {
  const { slot } = child;
  const plainPx = widthContribution(child, query, roomHeightPx);
  if (typeof slot.basis !== 'number') return plainPx;
  const marginPx = marginOf(slot).left + marginOf(slot).right;
  const { min, max } = widthBounds(child, null);
  const basisPx = resolveLength(slot.basis, null) ?? 0;
  const height = givenHeight(child, roomHeightPx);
  const leastPx =
    slot.minWidth === undefined
      ? Math.min(
          resolveLength(slot.width, null) ?? Infinity,
          measureContent(child, 'min-content', height).width,
        )
      : min;
  const flexedPx = clamp(
    plainPx - marginPx,
    slot.shrink === 0 ? basisPx : 0,
    slot.grow === 0 ? basisPx : Infinity,
  );
  return marginPx + clamp(Math.max(flexedPx, leastPx), min, max);
}
