import {
  ceilUnit,
  clamp,
  floorUnit,
  toEdges,
  type Edges,
  type GroupSize,
  type LayoutBox,
  type Size,
} from './box.js';
import {
  fitContentWidth,
  givenHeight,
  heightBounds,
  measureContent,
  resolveLength,
  widthBounds,
  type LayoutChild,
  type LayoutResult,
} from './layout-child.js';

/** A child that the layout places, and its index among all children. */
export type PlacedChild = { readonly child: LayoutChild; readonly index: number };

/** The padding of a layout, in whole units of the layout. */
export function paddingOf(padding: number | Edges): Edges {
  const { top, right, bottom, left } = toEdges(padding);
  return {
    top: floorUnit(top),
    right: floorUnit(right),
    bottom: floorUnit(bottom),
    left: floorUnit(left),
  };
}

/** The gaps of a layout, in whole units of the layout. */
export function gapsOf(layout: {
  readonly gap: number;
  readonly rowGap?: number | undefined;
  readonly columnGap?: number | undefined;
}): { row: number; column: number } {
  return {
    row: floorUnit(layout.rowGap ?? layout.gap),
    column: floorUnit(layout.columnGap ?? layout.gap),
  };
}

/** The children that take part in the layout, lower orders first. */
export function inPlacingOrder(children: readonly LayoutChild[]): PlacedChild[] {
  return children
    .map((child, index) => ({ child, index }))
    .filter(({ child }) => !child.slot.absolute)
    .sort((a, b) => a.child.slot.order - b.child.slot.order || a.index - b.index);
}

/**
 * The result for the whole group from that of its inside.
 * @param inner its inner size, and boxes in placing order from the inner top left corner
 */
export function outerResult(
  padding: Edges,
  inner: Size & { readonly boxes: readonly LayoutBox[] },
  order: readonly PlacedChild[],
  children: readonly LayoutChild[],
): LayoutResult {
  const size = {
    width: inner.width + padding.left + padding.right,
    height: inner.height + padding.top + padding.bottom,
  };
  const boxes = children.map((child) => (child.slot.absolute ? absoluteBox(child, size) : EMPTY));
  for (const [i, { index }] of order.entries()) {
    const { x, y, width, height, isHeightDefinite } = inner.boxes[i] ?? EMPTY;
    boxes[index] = {
      x: x + padding.left,
      y: y + padding.top,
      width,
      height,
      isHeightDefinite,
    };
  }
  return { ...size, boxes };
}

const EMPTY: LayoutBox = { x: 0, y: 0, width: 0, height: 0, isHeightDefinite: false };

/** Box of a child that no layout places: at the group's corner, from where its own x and y count. */
export function absoluteBox(
  child: LayoutChild,
  group: { readonly width: number | null; readonly height: number | null },
): LayoutBox {
  const { slot } = child;
  const widths = widthBounds(child, group.width);
  const heights = heightBounds(child, group.height);
  const givenPx = resolveLength(slot.height, group.height);
  const limitPx = givenHeight(child, group.height);
  const width = clamp(
    resolveLength(slot.width, group.width) ??
      (widths.max === Infinity
        ? measureContent(child, 'max-content', limitPx).width
        : fitContentWidth(child, widths.max, limitPx)),
    widths.min,
    widths.max,
  );
  const height = clamp(
    givenPx ?? measureContent(child, width, null).height,
    heights.min,
    heights.max,
  );
  return { x: 0, y: 0, width, height, isHeightDefinite: givenPx !== null };
}

/** Children where they stand by themselves; without a size the group reaches as far as they do. */
export function layOutAbsolute(
  { width, height, isHeightDefinite }: GroupSize,
  children: readonly LayoutChild[],
): LayoutResult {
  const room = {
    width: typeof width === 'number' ? width : null,
    height: isHeightDefinite ? height : null,
  };
  const boxes = children.map((child) => absoluteBox(child, room));
  const rightPx = children.map(({ offset }, i) => offset.x + (boxes[i]?.width ?? 0));
  const bottomPx = children.map(({ offset }, i) => offset.y + (boxes[i]?.height ?? 0));
  return {
    width: room.width ?? ceilUnit(Math.max(0, ...rightPx)),
    height: height ?? ceilUnit(Math.max(0, ...bottomPx)),
    boxes,
  };
}
