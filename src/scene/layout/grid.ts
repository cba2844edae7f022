import type { GridLayout, ItemAlign, Track } from '../schema/layout.js';
import { clamp, type GroupSize, type LayoutBox, type Edges, type Size } from './box.js';
import { sum } from './flexible-lengths.js';
import { gapsOf, inPlacingOrder, outerResult, paddingOf } from './frame.js';
import { placeInGrid, type GridArea } from './grid-placement.js';
import { sizeTracks, type TrackItem } from './grid-tracks.js';
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
  type LayoutResult,
} from './layout-child.js';

type Cell = { readonly child: LayoutChild; readonly area: GridArea; readonly margin: Edges };

/**
 * CSS grid as far as the schema goes. Not in it: named lines and areas, minmax(), repeat(auto-fill), subgrids, dense
 * packing, baselines, and distributing whole tracks.
 */
export function layOutGrid(
  layout: GridLayout,
  { width, height, isHeightDefinite }: GroupSize,
  children: readonly LayoutChild[],
): LayoutResult {
  const padding = paddingOf(layout.padding);
  const gaps = gapsOf(layout);
  const order = inPlacingOrder(children);
  const explicitColumns = toTracks(layout.columns);
  const explicitRows = toTracks(layout.rows ?? []);
  const placement = placeInGrid(
    order.map(({ child }) => child.slot),
    explicitColumns.length,
    explicitRows.length,
  );
  const columns = withImplicit(explicitColumns, placement.columns);
  const rows = withImplicit(explicitRows, placement.rows);
  const cells = order.map(({ child }, i): Cell => ({
    child,
    area: placement.areas[i] ?? { column: 0, row: 0, columnSpan: 1, rowSpan: 1 },
    margin: marginOf(child.slot),
  }));

  const columnItems = cells.map((cell) => columnItemOf(cell, columns));
  const extentOf = (sizes: readonly number[], gapPx: number): number =>
    sum(sizes) + gapPx * Math.max(0, sizes.length - 1);
  const innerWidth =
    typeof width === 'number'
      ? Math.max(0, width - padding.left - padding.right)
      : extentOf(sizeTracks(columns, columnItems, gaps.column, width), gaps.column);
  const columnSizes = sizeTracks(columns, columnItems, gaps.column, innerWidth);

  const widths = cells.map((cell) => {
    const room = areaExtent(columnSizes, cell.area.column, cell.area.columnSpan, gaps.column);
    return widthIn(layout, cell, room);
  });
  const rowItems = cells.map((cell, i) => rowItemOf(cell, rows, widths[i] ?? 0));
  const innerHeight = height === null ? null : Math.max(0, height - padding.top - padding.bottom);
  const neededHeight = (): number =>
    extentOf(sizeTracks(rows, rowItems, gaps.row, 'unbounded'), gaps.row);
  const isSettled = innerHeight !== null && isHeightDefinite;
  // As browsers do: what is found without a height is gone through again with it, which matters to shares below 1fr.
  const usedHeight = isSettled ? innerHeight : Math.max(innerHeight ?? 0, neededHeight());
  const rowSizes = sizeTracks(rows, rowItems, gaps.row, usedHeight);

  const boxes = cells.map((cell, i): LayoutBox => {
    const { column, columnSpan, row, rowSpan } = cell.area;
    const area = {
      width: areaExtent(columnSizes, column, columnSpan, gaps.column),
      height: areaExtent(rowSizes, row, rowSpan, gaps.row),
    };
    const size = {
      width: widths[i] ?? 0,
      ...heightIn(layout, cell, widths[i] ?? 0, area),
    };
    const left = areaStart(columnSizes, column, gaps.column);
    const top = areaStart(rowSizes, row, gaps.row);
    const { slot } = cell.child;
    const { margin } = cell;
    const freeX = area.width - size.width - margin.left - margin.right;
    const freeY = area.height - size.height - margin.top - margin.bottom;
    return {
      x: left + margin.left + freeX * SHARES[slot.justifySelf ?? layout.justify],
      y: top + margin.top + freeY * SHARES[slot.alignSelf ?? layout.align],
      ...size,
    };
  });
  const inner = {
    width: innerWidth,
    height: innerHeight ?? usedHeight,
    boxes,
  };
  return outerResult(padding, inner, order, children);
}

/** Part of the free room that is before an item. */
const SHARES = { start: 0, center: 0.5, end: 1, stretch: 0 } as const satisfies Record<
  ItemAlign,
  number
>;

function toTracks(tracks: number | readonly Track[]): readonly Track[] {
  return typeof tracks === 'number' ? Array.from({ length: tracks }, () => '1fr') : tracks;
}

function withImplicit(tracks: readonly Track[], count: number): readonly Track[] {
  const missing = Math.max(0, count - tracks.length);
  return [...tracks, ...Array.from({ length: missing }, (): Track => 'auto')];
}

function areaStart(sizes: readonly number[], index: number, gapPx: number): number {
  return sum(sizes.slice(0, index)) + gapPx * index;
}

function areaExtent(sizes: readonly number[], index: number, span: number, gapPx: number): number {
  return sum(sizes.slice(index, index + span)) + gapPx * (span - 1);
}

function columnItemOf({ child, area, margin }: Cell, columns: readonly Track[]): TrackItem {
  const { slot } = child;
  const minContentPx = widthContribution(child, 'min-content', null);
  const maxContentPx = widthContribution(child, 'max-content', null);
  const marginPx = margin.left + margin.right;
  const isGiven = resolveLength(slot.width, null) !== null;
  const least = slot.minWidth === undefined ? null : widthBounds(child, null).min;
  return {
    start: area.column,
    span: area.columnSpan,
    minPx: isGiven
      ? minContentPx
      : minimumOf(
          least,
          minContentPx - marginPx,
          columns.slice(area.column, area.column + area.columnSpan),
        ) + marginPx,
    minContentPx,
    maxContentPx,
  };
}

/** Least size of an item without one, by https://www.w3.org/TR/css-grid-2/#min-size-auto. */
function minimumOf(givenPx: number | null, contentPx: number, covered: readonly Track[]): number {
  if (givenPx !== null) return Math.min(givenPx, contentPx);
  const isFlexible = covered.some((track) => typeof track === 'string' && track !== 'auto');
  return covered.length > 1 && isFlexible ? 0 : contentPx;
}

function rowItemOf(
  { child, area, margin }: Cell,
  rows: readonly Track[],
  widthPx: number,
): TrackItem {
  const { slot } = child;
  const { min, max } = heightBounds(child, null);
  const given = resolveLength(slot.height, null);
  const contentPx = clamp(given ?? measureContent(child, widthPx, null).height, min, max);
  const marginPx = margin.top + margin.bottom;
  const least = slot.minHeight === undefined ? null : min;
  const minimumPx =
    given === null
      ? minimumOf(least, contentPx, rows.slice(area.row, area.row + area.rowSpan))
      : contentPx;
  return {
    start: area.row,
    span: area.rowSpan,
    minPx: minimumPx + marginPx,
    minContentPx: contentPx + marginPx,
    maxContentPx: contentPx + marginPx,
  };
}

function widthIn(layout: GridLayout, { child, margin }: Cell, areaPx: number): number {
  const { slot } = child;
  const { min, max } = widthBounds(child, areaPx);
  const roomPx = areaPx - margin.left - margin.right;
  const isStretched = (slot.justifySelf ?? layout.justify) === 'stretch';
  const px =
    resolveLength(slot.width, areaPx) ??
    (isStretched ? roomPx : fitContentWidth(child, roomPx, givenHeight(child, null)));
  return clamp(px, min, max);
}

function heightIn(
  layout: GridLayout,
  { child, margin }: Cell,
  widthPx: number,
  area: Size,
): { height: number; isHeightDefinite: boolean } {
  const { slot } = child;
  const { min, max } = heightBounds(child, area.height);
  const isStretched = (slot.alignSelf ?? layout.align) === 'stretch';
  const given =
    resolveLength(slot.height, area.height) ??
    (isStretched ? area.height - margin.top - margin.bottom : null);
  const px = given ?? measureContent(child, widthPx, null).height;
  return { height: clamp(px, min, max), isHeightDefinite: given !== null };
}
