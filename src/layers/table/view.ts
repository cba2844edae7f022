import { LRUCache } from 'lru-cache';
import { createNumberFormats } from '../../render/number-formats.js';
import type { NumberFormat } from '../../scene/schema/number-format.js';
import { cellOf, placedRows, type PlacedRow } from './order.js';
import { PLAIN, toContent, type Content } from '../../render/content.js';
import {
  decorationOf,
  toPiece,
  type Piece,
  type ViewContext,
  type LayerView,
} from '../../render/piece.js';
import { placeColumns, RANK_COLUMN, type PlacedColumn } from './columns.js';
import type { RowCell } from '../../render/text/cell.js';
import { isVisiblePaint, rowContent, type RowAppearance } from '../../render/text/row.js';
import { frameOf } from '../../render/frame-piece.js';
import type { TableLayer } from './schema.js';
import { toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

/** Rows that are kept, for tables of which something moves: what slides is not set and painted anew. */
const KEPT_ROWS = 1024;
/** How numbers are written that no format is given for. */
const PLAIN_FORMAT: NumberFormat = { style: 'decimal', maximumFractionDigits: 2 };

/** How many rows there is room for, and how high the table is. */
function extentOf(layer: TableLayer, count: number): { rows: number; top: number; height: number } {
  const step = stepOf(layer);
  const top = layer.header.visible ? layer.header.height + layer.rowGap : 0;
  const height = layer.height ?? Math.max(1, top + count * step - layer.rowGap);
  const room = Math.floor((height - top + layer.rowGap) / step + 1e-6);
  return { rows: Math.max(0, Math.min(count, room)), top, height };
}

/** From the top of one row to that of the next. */
function stepOf({ rowHeight, rowGap }: TableLayer): number {
  return rowHeight + rowGap;
}

function cellIn(layer: TableLayer, column: PlacedColumn, text: string, color: string): RowCell {
  const { fontFamily, fontStyle, digits, cellPadding } = layer;
  const { align, fontSize, fontWeight } = column;
  return {
    text,
    align,
    fontFamily,
    fontStyle,
    color,
    digits,
    fontSize,
    fontWeight,
    x: column.x + cellPadding,
    width: Math.max(0, column.width - 2 * cellPadding),
  };
}

/** Corners of what stands at `y`, top and bottom: what ends with the table has those of the table. */
function cornersAt(
  { rowRadius, cornerRadius }: TableLayer,
  y: number,
  rowHeight: number,
  tableHeight: number,
): RowAppearance['cornerRadius'] {
  const outer = Math.max(rowRadius, cornerRadius);
  return [y <= 0 ? outer : rowRadius, y + rowHeight >= tableHeight ? outer : rowRadius];
}

function rowAppearance(
  layer: TableLayer,
  { row, place, texts }: PlacedRow & { readonly texts: readonly string[] },
  table: {
    readonly columns: readonly PlacedColumn[];
    readonly top: number;
    readonly height: number;
  },
): RowAppearance {
  const { width, rowHeight, rowColor, zebraColor } = layer;
  const restY = table.top + place * stepOf(layer);
  return {
    width,
    height: rowHeight,
    background: row.background ?? (place % 2 === 1 ? (zebraColor ?? rowColor) : rowColor),
    cornerRadius: cornersAt(layer, restY, rowHeight, table.height),
    // What has no area of its own throws the shadows of its rows.
    shadows: isVisiblePaint(layer.background) ? [] : decorationOf(layer).shadows,
    cells: table.columns.map((column, i) =>
      cellIn(layer, column, texts[i] ?? '', row.color ?? column.color ?? layer.color),
    ),
  };
}

function headerAppearance(
  layer: TableLayer,
  columns: readonly PlacedColumn[],
  tableHeight: number,
): RowAppearance {
  const { width, header } = layer;
  return {
    width,
    height: header.height,
    background: header.background,
    shadows: [],
    cornerRadius: cornersAt(layer, 0, header.height, tableHeight),
    cells: columns.map((column) => ({
      ...cellIn(layer, column, column.title, header.color),
      fontSize: header.fontSize,
      fontWeight: header.fontWeight,
    })),
  };
}

/** Rows that slide are above those at rest, and those that rise above those that fall. */
function depthOf({ row: { shift } }: PlacedRow): number {
  return shift === 0 ? 0 : shift < 0 ? 1 : 2;
}

/** Rows and columns of texts. Every row is a bitmap of its own: a change of one paints that one, and sliding none. */
export function createTableView(): (layer: TableLayer, context: ViewContext) => LayerView {
  const contents = new LRUCache<string, Content>({ max: KEPT_ROWS });
  const write = createNumberFormats();

  const contentOf = (appearance: RowAppearance, { scale, text }: ViewContext): Content => {
    const key = JSON.stringify([scale, appearance]);
    const content = contents.get(key) ?? rowContent(appearance, scale, text);
    contents.set(key, content);
    return content;
  };

  /** The texts of a row, column by column. */
  const textsOf = (layer: TableLayer, { row, rank }: PlacedRow): string[] => {
    const texts = layer.columns.map(({ key, format }) => {
      const cell = cellOf(row, layer.columns, key);
      if (typeof cell === 'number')
        return write(format ?? PLAIN_FORMAT, layer.locale ?? 'en', cell);
      return cell ?? '';
    });
    return layer.rank ? [String(rank), ...texts] : texts;
  };

  return (layer, context) => {
    const { width, header, cornerRadius, background } = layer;
    const placed = placedRows(layer);
    const extent = extentOf(layer, placed.length);
    const { height } = extent;
    const rows = placed
      .slice(0, extent.rows)
      .map((one) => ({ ...one, texts: textsOf(layer, one) }));
    const columns = placeColumns(
      layer,
      (layer.rank ? [RANK_COLUMN, ...layer.columns] : layer.columns).map((column, i) => ({
        column,
        texts: rows.map(({ texts }) => texts[i] ?? ''),
      })),
      context.text,
    );
    const rowPieces = rows
      .sort((a, b) => depthOf(a) - depthOf(b))
      .map((one): Piece => {
        const y = extent.top + (one.place + one.row.shift) * stepOf(layer);
        const appearance = rowAppearance(layer, one, { columns, top: extent.top, height });
        return toPiece(one.row.id, contentOf(appearance, context), 0, y);
      });
    const decoration = decorationOf(layer);
    const box = { kind: 'rectangle', fill: background } as const;
    const appearance = { ...PLAIN, cornerRadius, shadows: decoration.shadows };
    const pieces: Piece[] = [
      ...(isVisiblePaint(background)
        ? [toPiece(' box', toContent(box, appearance, { width, height }, context.scale))]
        : []),
      ...(header.visible
        ? [toPiece(' header', contentOf(headerAppearance(layer, columns, height), context))]
        : []),
      ...rowPieces,
      ...frameOf(decoration, { width, height }, context.scale),
    ];
    return { width, height, pieces };
  };
}

function wordsOf({ columns, rows }: TableLayer): string {
  const cells = rows.flatMap((row) => Object.values(row.cells));
  return [...columns.map(({ title }) => title), ...cells, '#0123456789'].join(' ');
}

/** How the kind is drawn. */
export const TABLE_VIEW: KindView<TableLayer> = {
  create: createTableView,
  dependsOn: 'nothing',
  pictures: null,
  spans: (layer) => [toFontSpan(wordsOf(layer), layer)],
  size: 'own',
  isStretched: false,
};
