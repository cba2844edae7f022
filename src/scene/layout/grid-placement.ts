import type { Slot } from '../schema/layout.js';

/** The cells that an item covers; rows and columns count from 0. */
export type GridArea = {
  readonly column: number;
  readonly row: number;
  readonly columnSpan: number;
  readonly rowSpan: number;
};

/** Areas of all items, and how many columns and rows there are in the end. */
export type GridPlacement = {
  readonly areas: readonly GridArea[];
  readonly columns: number;
  readonly rows: number;
};

/**
 * Automatic placement row by row, never back into holes: https://www.w3.org/TR/css-grid-2/#auto-placement-algo with
 * `grid-auto-flow: row`.
 * @param slots in placing order
 * @param explicitColumns columns that the layout writes down; items that ask for more add some
 */
export function placeInGrid(
  slots: readonly Slot[],
  explicitColumns: number,
  explicitRows: number,
): GridPlacement {
  const taken = new TakenCells();
  const areas = new Map<number, GridArea>();
  const put = (index: number, column: number, row: number): void => {
    const slot = slots[index];
    if (slot === undefined) return;
    const area = { column, row, columnSpan: slot.columnSpan, rowSpan: slot.rowSpan };
    taken.add(area);
    areas.set(index, area);
  };
  const isFree = (slot: Slot, column: number, row: number): boolean =>
    taken.isFree({ column, row, columnSpan: slot.columnSpan, rowSpan: slot.rowSpan });

  for (const [i, { column, row }] of slots.entries())
    if (column !== undefined && row !== undefined) put(i, column - 1, row - 1);

  const endOfRow = new Map<number, number>();
  for (const [i, slot] of slots.entries()) {
    if (slot.column !== undefined || slot.row === undefined) continue;
    let column = endOfRow.get(slot.row) ?? 0;
    while (!isFree(slot, column, slot.row - 1)) column++;
    put(i, column, slot.row - 1);
    endOfRow.set(slot.row, column + slot.columnSpan);
  }

  let columns = explicitColumns;
  for (const { column, columnSpan } of areas.values())
    columns = Math.max(columns, column + columnSpan);
  for (const { column, columnSpan } of slots)
    columns = Math.max(columns, (column ?? 1) - 1 + columnSpan);

  const cursor = { column: 0, row: 0 };
  for (const [i, slot] of slots.entries()) {
    if (slot.row !== undefined) continue;
    if (slot.column !== undefined) {
      if (slot.column - 1 < cursor.column) cursor.row++;
      cursor.column = slot.column - 1;
      while (!isFree(slot, cursor.column, cursor.row)) cursor.row++;
    } else {
      while (
        cursor.column + slot.columnSpan > columns ||
        !isFree(slot, cursor.column, cursor.row)
      ) {
        cursor.column++;
        if (cursor.column + slot.columnSpan > columns) {
          cursor.column = 0;
          cursor.row++;
        }
      }
    }
    put(i, cursor.column, cursor.row);
  }

  const placed = slots.map((_, i) => areas.get(i) ?? EMPTY);
  const rows = Math.max(explicitRows, ...placed.map(({ row, rowSpan }) => row + rowSpan));
  return { areas: placed, columns, rows };
}

const EMPTY: GridArea = { column: 0, row: 0, columnSpan: 1, rowSpan: 1 };

class TakenCells {
  readonly #rows: boolean[][] = [];

  isFree({ column, row, columnSpan, rowSpan }: GridArea): boolean {
    for (let r = row; r < row + rowSpan; r++)
      for (let c = column; c < column + columnSpan; c++)
        if (this.#rows[r]?.[c] === true) return false;
    return true;
  }

  add({ column, row, columnSpan, rowSpan }: GridArea): void {
    for (let r = row; r < row + rowSpan; r++) {
      const cells = (this.#rows[r] ??= []);
      for (let c = column; c < column + columnSpan; c++) cells[c] = true;
    }
  }
}
