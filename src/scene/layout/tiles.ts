import type { TilesLayout } from '../schema/layout.js';
import type { GroupSize, LayoutBox } from './box.js';
import { gapsOf, inPlacingOrder, outerResult, paddingOf } from './frame.js';
import { widthContribution, type LayoutChild, type LayoutResult } from './layout-child.js';

const SHARES = { start: 0, center: 0.5, end: 1 } as const;

/** Tables whose tiles differ by less are equal. */
const TIE_PX = 1e-6;

/** A table of equal tiles. */
type TileGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
};

/** What a table of tiles is made for. */
type Tiling = {
  readonly count: number;
  readonly room: { readonly width: number; readonly height: number };
  /** Of each tile. */
  readonly aspectRatio: number;
  readonly gaps: { readonly row: number; readonly column: number };
};

/** The table of tiles that are as large as the room allows; among equals the one with the fewest rows. */
function fitTiles(tiling: Tiling): TileGrid {
  let best = tableOf(1, tiling);
  for (let columns = 2; columns <= tiling.count; columns++) {
    const table = tableOf(columns, tiling);
    if (table.tileWidth >= best.tileWidth - TIE_PX) best = table;
  }
  return best;
}

function tableOf(columns: number, { count, room, aspectRatio, gaps }: Tiling): TileGrid {
  const rows = Math.ceil(count / columns);
  const widthPx = (room.width - gaps.column * (columns - 1)) / columns;
  const heightPx = (room.height - gaps.row * (rows - 1)) / rows;
  const tileWidth = Math.max(0, Math.min(widthPx, heightPx * aspectRatio));
  return { columns, rows, tileWidth, tileHeight: tileWidth / aspectRatio };
}

/**
 * Best fit for any number of tiles. Without a height the table is about as many tiles high as wide and fills the width;
 * without both the tiles are as wide as the widest child needs. The last row may hold fewer and stands by `justify`.
 */
export function layOutTiles(
  layout: TilesLayout,
  { width, height: heightPx }: GroupSize,
  children: readonly LayoutChild[],
): LayoutResult {
  const padding = paddingOf(layout.padding);
  const gaps = gapsOf(layout);
  const order = inPlacingOrder(children);
  const count = order.length;
  const innerHeight =
    heightPx === null ? Infinity : Math.max(0, heightPx - padding.top - padding.bottom);
  if (count === 0) {
    const innerWidth =
      typeof width === 'number' ? Math.max(0, width - padding.left - padding.right) : 0;
    const inner = { width: innerWidth, height: heightPx === null ? 0 : innerHeight, boxes: [] };
    return outerResult(padding, inner, order, children);
  }
  const squareColumns = Math.ceil(Math.sqrt(count));
  let table: TileGrid;
  let innerWidth: number;
  if (typeof width === 'number') {
    innerWidth = Math.max(0, width - padding.left - padding.right);
    const room = { width: innerWidth, height: innerHeight };
    const tiling = { count, room, aspectRatio: layout.aspectRatio, gaps };
    table = heightPx === null ? tableOf(squareColumns, tiling) : fitTiles(tiling);
  } else {
    const widest = Math.max(0, ...order.map(({ child }) => widthContribution(child, width, null)));
    const room = {
      width: widest * squareColumns + gaps.column * Math.max(0, squareColumns - 1),
      height: innerHeight,
    };
    table = tableOf(squareColumns, { count, room, aspectRatio: layout.aspectRatio, gaps });
    innerWidth = extentOf(table.columns, table.tileWidth, gaps.column);
  }
  const usedHeight = extentOf(table.rows, table.tileHeight, gaps.row);
  const height = heightPx === null ? usedHeight : innerHeight;
  const topPx = (height - usedHeight) * SHARES[layout.align];
  const boxes = order.map((_, i): LayoutBox => {
    const row = Math.floor(i / table.columns);
    const inRow = Math.min(table.columns, count - row * table.columns);
    const leftPx =
      (innerWidth - extentOf(inRow, table.tileWidth, gaps.column)) * SHARES[layout.justify];
    return {
      x: leftPx + (i % table.columns) * (table.tileWidth + gaps.column),
      y: topPx + row * (table.tileHeight + gaps.row),
      width: table.tileWidth,
      height: table.tileHeight,
      isHeightDefinite: true,
    };
  });
  return outerResult(padding, { width: innerWidth, height, boxes }, order, children);
}

function extentOf(count: number, px: number, gapPx: number): number {
  return count * px + gapPx * Math.max(0, count - 1);
}
