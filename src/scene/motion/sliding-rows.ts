import type { Layer, LayerOf } from '../schema/layer.js';
import { placedRows } from '../table-order.js';

type Table = LayerOf<'table'>;

/** Where the rows of a table stand, in rows from its top. */
function standsOf(table: Table): Map<string, number> {
  return new Map(placedRows(table).map(({ row, place }) => [row.id, place + row.shift]));
}

/** Whether rows that two versions of a layer show stand in different places. */
export function haveSlidingRows(before: Layer, after: Layer): boolean {
  if (before.type !== 'table' || after.type !== 'table') return false;
  const from = standsOf(before);
  return [...standsOf(after)].some(([id, stand]) => (from.get(id) ?? stand) !== stand);
}

/**
 * A table on its way from one version to another: rows that both show stand between the places that they have in
 * each, and slide as `progress` goes from 0 to 1. New ones are in their places at once.
 */
export function slidingRows(before: Table, after: Table, progress: number): Table {
  const [from, to] = [standsOf(before), standsOf(after)];
  const rows = after.rows.map((row) => {
    const [start, end] = [from.get(row.id), to.get(row.id)];
    if (start === undefined || end === undefined || start === end) return row;
    return { ...row, shift: row.shift + (start - end) * (1 - progress) };
  });
  return { ...after, rows };
}
