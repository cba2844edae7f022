import type { TableLayer } from './schema.js';

type Row = TableLayer['rows'][number];
type Cell = string | number | null;

/** A row and where it stands. */
export type PlacedRow = {
  readonly row: Row;
  /** Rows above it. */
  readonly place: number;
  /** From 1 on; rows that are sorted by the same value share it. */
  readonly rank: number;
};

/** What a row has in a column; null: nothing. */
export function cellOf(row: Row, columns: TableLayer['columns'], key: string): Cell {
  const { cells } = row;
  if (Array.isArray(cells)) return cells[columns.findIndex((column) => column.key === key)] ?? null;
  return Object.hasOwn(cells, key) ? (cells[key] ?? null) : null;
}

/** Numbers before texts, nothing at the end. */
function kindOf(cell: Cell): number {
  return typeof cell === 'number' ? 0 : cell === null ? 2 : 1;
}

/** Below 0 when `a` comes first. Texts go by their code points: the same on every machine. */
function compare(a: Cell, b: Cell, order: 'ascending' | 'descending'): number {
  if (kindOf(a) !== kindOf(b)) return kindOf(a) - kindOf(b);
  if (a === b || a === null || b === null) return 0;
  return a < b === (order === 'ascending') ? -1 : 1;
}

/** The rows of a table that are shown, from top to bottom. Rows of equal value stay in the order they are written in. */
export function placedRows(
  layer: Pick<TableLayer, 'rows' | 'columns' | 'sortBy' | 'maxRows'>,
): PlacedRow[] {
  const { rows, columns, sortBy } = layer;
  const values = rows.map((row) => ({
    row,
    value: sortBy === null ? null : cellOf(row, columns, sortBy.column),
  }));
  if (sortBy !== null) values.sort((a, b) => compare(a.value, b.value, sortBy.order));
  let rank = 1;
  const placed = values.map(({ row, value }, place): PlacedRow => {
    const isTied = sortBy !== null && place > 0 && values[place - 1]?.value === value;
    if (!isTied) rank = place + 1;
    return { row, place, rank };
  });
  return layer.maxRows === null ? placed : placed.slice(0, Math.max(1, Math.round(layer.maxRows)));
}
