import type { FlexLayout } from '../schema/layout.js';
import { clamp, floorUnit, type GroupSize } from './box.js';
import {
  isRowLayout,
  rowContribution,
  toFlexItem,
  type FlexItem,
  type FlexRoom,
} from './flex-items.js';
import { hypotheticalPx, resolveFlexibleLengths, sum } from './flexible-lengths.js';
import { gapsOf, inPlacingOrder, outerResult, paddingOf } from './frame.js';
import {
  fitContentWidth,
  measureContent,
  widthContribution,
  type LayoutChild,
  type LayoutResult,
} from './layout-child.js';
import { placeLines, type SettledLine } from './yoga.js';

/** An item and its sizes along and across its line before the line is stretched. */
type SizedItem = { readonly item: FlexItem; readonly mainPx: number; readonly crossPx: number };

/**
 * Flexbox as browsers do it. Lines and sizes are found here, Yoga places them. Left to itself Yoga 3.2 was measured to
 * differ from Chromium in automatic minimum sizes, which it has not; in growing with bounds, where it starts from the
 * bounded size (of 300 px, three items of which one is at most 90 and one at least 200 got 33, 233, 33 instead of 50, 200,
 * 50); in lines that are aligned, where it forgets margins; and in single lines with stretched items, which it does not
 * align.
 */
export function layOutFlex(
  layout: FlexLayout,
  { width, height, isHeightDefinite }: GroupSize,
  children: readonly LayoutChild[],
): LayoutResult {
  const padding = paddingOf(layout.padding);
  const gaps = gapsOf(layout);
  const isRow = isRowLayout(layout);
  const order = inPlacingOrder(children);
  const ordered = order.map(({ child }) => child);
  const innerHeight = height === null ? null : Math.max(0, height - padding.top - padding.bottom);
  const percentHeight = isHeightDefinite ? innerHeight : null;
  const innerWidth =
    typeof width === 'number'
      ? Math.max(0, width - padding.left - padding.right)
      : intrinsicWidth(layout, width, { height: innerHeight, percentHeight }, ordered);
  const room = { width: innerWidth, height: innerHeight, percentHeight };
  const items = ordered.map((child) => toFlexItem(layout, room, child));
  const lines = toLines(layout, room, items);
  const sized = lines.map((line) => sizeLine(layout, room, line));
  const settled = settleLines(layout, room, sized);
  const gapPx = isRow ? gaps.row : gaps.column;
  const innerCross = sum(settled.map(({ crossPx }) => crossPx)) + gapPx * gapCount(settled);
  const innerMain = Math.max(0, ...sized.map((line) => mainExtent(layout, line)));
  const inner = { width: innerWidth, height: innerHeight ?? (isRow ? innerCross : innerMain) };
  const placed = placeLines(layout, { ...inner, gaps }, settled);
  const boxes = placed.map((box, i) => ({
    x: box.x,
    y: box.y,
    width: box.width,
    height: box.height,
    isHeightDefinite: items[i]?.isHeightDefinite ?? false,
  }));
  return outerResult(padding, { ...inner, boxes }, order, children);
}

function gapCount(list: readonly unknown[]): number {
  return Math.max(0, list.length - 1);
}

function mainGapOf(layout: FlexLayout): number {
  const gaps = gapsOf(layout);
  return isRowLayout(layout) ? gaps.column : gaps.row;
}

function mainExtent(layout: FlexLayout, line: readonly SizedItem[]): number {
  const itemsPx = sum(line.map(({ item, mainPx }) => mainPx + item.marginMainPx));
  return itemsPx + mainGapOf(layout) * gapCount(line);
}

/** Lines by https://www.w3.org/TR/css-flexbox-1/#algo-line-break. */
function toLines(layout: FlexLayout, room: FlexRoom, items: readonly FlexItem[]): FlexItem[][] {
  const mainRoom = isRowLayout(layout) ? room.width : room.height;
  if (layout.wrap === 'nowrap' || mainRoom === null) return [[...items]];
  const gapPx = mainGapOf(layout);
  const lines: FlexItem[][] = [];
  let line: FlexItem[] = [];
  let usedPx = 0;
  for (const item of items) {
    const px = hypotheticalPx(item) + item.marginMainPx;
    if (line.length > 0 && usedPx + gapPx + px > mainRoom) {
      lines.push(line);
      line = [];
    }
    usedPx = line.length === 0 ? px : usedPx + gapPx + px;
    line.push(item);
  }
  return [...lines, line];
}

/** Fills a line, and measures across it what depends on that. */
function sizeLine(layout: FlexLayout, room: FlexRoom, line: readonly FlexItem[]): SizedItem[] {
  const mainRoom = isRowLayout(layout) ? room.width : room.height;
  const takenPx =
    sum(line.map(({ marginMainPx }) => marginMainPx)) + mainGapOf(layout) * gapCount(line);
  const sizes =
    mainRoom === null ? line.map(hypotheticalPx) : resolveFlexibleLengths(line, mainRoom - takenPx);
  return line.map((item, i) => {
    const mainPx = floorUnit(sizes[i] ?? 0);
    return { item, mainPx, crossPx: crossIn(layout, room.width, item, mainPx) };
  });
}

/** Size across its line of an item that is not stretched: heights depend on widths, and some widths on heights. */
function crossIn(layout: FlexLayout, roomPx: number, item: FlexItem, mainPx: number): number {
  const isFilling = item.isStretched && layout.wrap === 'nowrap';
  if (item.crossPx !== null && (item.isGiven || isFilling)) return item.crossPx;
  const px = isRowLayout(layout)
    ? measureContent(item.child, mainPx, null).height
    : fitContentWidth(item.child, roomPx - item.marginCrossPx, mainPx);
  return clamp(px, item.minCrossPx, item.maxCrossPx);
}

/** Sizes across the lines, by https://www.w3.org/TR/css-flexbox-1/#cross-sizing. */
function settleLines(
  layout: FlexLayout,
  room: FlexRoom,
  lines: readonly (readonly SizedItem[])[],
): SettledLine[] {
  const isRow = isRowLayout(layout);
  const gaps = gapsOf(layout);
  const crossRoom = isRow ? room.height : room.width;
  const needed = lines.map((line) =>
    Math.max(0, ...line.map(({ item, crossPx }) => crossPx + item.marginCrossPx)),
  );
  const gapsPx = (isRow ? gaps.row : gaps.column) * gapCount(lines);
  const freePx = crossRoom === null ? 0 : crossRoom - gapsPx - sum(needed);
  const isFilled = layout.wrap === 'nowrap' && crossRoom !== null;
  const extraPx = layout.alignContent === 'stretch' ? Math.max(0, freePx) / lines.length : 0;
  return lines.map((line, i) => {
    const lineCrossPx = isFilled ? crossRoom : floorUnit((needed[i] ?? 0) + extraPx);
    const items = line.map(({ item, mainPx, crossPx }) => {
      const { margin, align } = item;
      const across = item.isStretched
        ? clamp(lineCrossPx - item.marginCrossPx, item.minCrossPx, item.maxCrossPx)
        : isRow
          ? crossPx
          : crossIn(layout, lineCrossPx, item, mainPx);
      const [width, height] = isRow ? [mainPx, across] : [across, mainPx];
      return { width, height, margin, align };
    });
    return { items, crossPx: lineCrossPx };
  });
}

/** Inner width of a container that is as wide as its items need. */
function intrinsicWidth(
  layout: FlexLayout,
  query: 'min-content' | 'max-content',
  { height: innerHeight, percentHeight }: Omit<FlexRoom, 'width'>,
  children: readonly LayoutChild[],
): number {
  const gaps = gapsOf(layout);
  const isRow = isRowLayout(layout);
  // What wraps is as narrow as its widest item, whatever the others start from.
  const isOneLine = layout.wrap === 'nowrap' || query === 'max-content';
  const contributionOf = isRow && isOneLine ? rowContribution : widthContribution;
  const widths = children.map((child) => contributionOf(child, query, percentHeight));
  const widest = Math.max(0, ...widths);
  if (isRow) {
    if (!isOneLine) return widest;
    return sum(widths) + gaps.column * gapCount(widths);
  }
  if (layout.wrap === 'nowrap' || innerHeight === null || query === 'min-content') return widest;
  const room = { width: widest, height: innerHeight, percentHeight };
  const lines = toLines(
    layout,
    room,
    children.map((child) => toFlexItem(layout, room, child)),
  );
  const lineWidths = lines.map((line) =>
    Math.max(0, ...line.map(({ child }) => widthContribution(child, query, percentHeight))),
  );
  return sum(lineWidths) + gaps.column * gapCount(lineWidths);
}
