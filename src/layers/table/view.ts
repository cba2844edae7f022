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
  const step = layer.rowHeight + layer.rowGap;
  const top = layer.header.visible ? layer.header.height + layer.rowGap : 0;
  const height = layer.height ?? Math.max(1, top + count * step - layer.rowGap);
  const room = Math.floor((height - top + layer.rowGap) / step + 1e-6);
  return { rows: Math.max(0, Math.min(count, room)), top, height };
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
    const { width, header, cornerRadius, background, rowRadius, fontFamily, fontStyle } = layer;
    const placed = placedRows(layer);
    const { rows, top, height } = extentOf(layer, placed.length);
    const shown = placed.slice(0, rows);
    const texts = shown.map((one) => textsOf(layer, one));
    const columns = placeColumns(
      layer,
      (layer.rank ? [RANK_COLUMN, ...layer.columns] : layer.columns).map((column, i) => ({
        column,
        texts: texts.map((row) => row[i] ?? ''),
      })),
      context.text,
    );
    const decoration = decorationOf(layer);
    const hasBox = isVisiblePaint(background);
    // What has no area of its own throws the shadows of its rows.
    const rowShadows = hasBox ? [] : decoration.shadows;
    const cell = (column: PlacedColumn, text: string, color: string): RowCell => ({
      text,
      align: column.align,
      fontFamily,
      fontStyle,
      color,
      digits: layer.digits,
      fontSize: column.fontSize,
      fontWeight: column.fontWeight,
      x: column.x + layer.cellPadding,
      width: Math.max(0, column.width - 2 * layer.cellPadding),
    });

    // What ends with the table has its corners.
    const corners = (y: number, rowHeight: number): RowAppearance['cornerRadius'] => [
      y <= 0 ? Math.max(rowRadius, cornerRadius) : rowRadius,
      y + rowHeight >= height ? Math.max(rowRadius, cornerRadius) : rowRadius,
    ];
    const step = layer.rowHeight + layer.rowGap;
    const rowPieces = shown
      .map((one, i) => ({ one, cells: texts[i] ?? [] }))
      .sort((a, b) => depthOf(a.one) - depthOf(b.one))
      .map(({ one: { row, place }, cells }) => {
        const restY = top + place * step;
        const striped = place % 2 === 1 ? (layer.zebraColor ?? layer.rowColor) : layer.rowColor;
        const appearance: RowAppearance = {
          width,
          height: layer.rowHeight,
          background: row.background ?? striped,
          cornerRadius: corners(restY, layer.rowHeight),
          shadows: rowShadows,
          cells: columns.map((column, i) =>
            cell(column, cells[i] ?? '', row.color ?? column.color ?? layer.color),
          ),
        };
        const y = restY + row.shift * step;
        return toPiece(row.id, contentOf(appearance, context), 0, y);
      });
    const headerAppearance: RowAppearance = {
      width,
      height: header.height,
      background: header.background,
      shadows: [],
      cornerRadius: corners(0, header.height),
      cells: columns.map((column) => ({
        ...cell(column, column.title, header.color),
        fontSize: header.fontSize,
        fontWeight: header.fontWeight,
      })),
    };
    const box = { kind: 'rectangle', fill: background } as const;
    const appearance = { ...PLAIN, cornerRadius, shadows: decoration.shadows };
    const pieces: Piece[] = [
      ...(hasBox
        ? [toPiece(' box', toContent(box, appearance, { width, height }, context.scale))]
        : []),
      ...(header.visible ? [toPiece(' header', contentOf(headerAppearance, context))] : []),
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
