import type { ItemsById } from '../kind-rules.js';
import { placedRows } from './order.js';
import type { TableLayer } from './schema.js';

/** Where the rows of a table stand, in rows from its top. */
function standsOf(table: TableLayer): Map<string, number> {
  return new Map(placedRows(table).map(({ row, place }) => [row.id, place + row.shift]));
}

/** Rows that two versions of a table show slide from where they stand in one to where in the other. New ones are in their places at once. */
export const ROWS_BY_ID: ItemsById<TableLayer> = {
  field: 'rows',
  differ(before, after) {
    const from = standsOf(before);
    return [...standsOf(after)].some(([id, stand]) => (from.get(id) ?? stand) !== stand);
  },
  mixed(before, after, progress) {
    const [from, to] = [standsOf(before), standsOf(after)];
    const rows = after.rows.map((row) => {
      const [start, end] = [from.get(row.id), to.get(row.id)];
      if (start === undefined || end === undefined || start === end) return row;
      return { ...row, shift: row.shift + (start - end) * (1 - progress) };
    });
    return { ...after, rows };
  },
};
