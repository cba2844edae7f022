import { complaintsAboutRepeated } from '../../scene/schema/repeated-names.js';
import { ROWS_BY_ID } from './sliding-rows.js';
import { none, unknown, type LayerRules, type FieldComplaint } from '../kind-rules.js';
import type { TableLayer } from './schema.js';

function check({ columns, rows, sortBy }: TableLayer): FieldComplaint[] {
  const keys = columns.map(({ key }) => key);
  const ids = rows.map(({ id }) => id);
  const unknown = rows.flatMap(({ cells }, i): FieldComplaint[] =>
    Array.isArray(cells)
      ? []
      : Object.keys(cells)
          .filter((key) => !keys.includes(key))
          .map((key) => ({ path: ['rows', i, 'cells', key], message: 'no column has this key' })),
  );
  return [
    ...complaintsAboutRepeated(keys, 'columns', 'key'),
    ...complaintsAboutRepeated(ids, 'rows', 'id'),
    ...unknown,
    ...(sortBy === null || keys.includes(sortBy.column)
      ? []
      : [{ path: ['sortBy', 'column'], message: 'no column has this key' }]),
  ];
}

/** Rows that are shown, each with an area behind it and a text for each column. */
function partsOf(layer: TableLayer): number {
  const step = Math.max(1, layer.rowHeight + layer.rowGap);
  const room = layer.height === undefined ? Infinity : Math.ceil(layer.height / step);
  const rows = Math.min(layer.rows.length, layer.maxRows ?? Infinity, room);
  const columns = layer.columns.length + (layer.rank ? 1 : 0);
  return 1 + (rows + (layer.header.visible ? 1 : 0)) * (1 + columns);
}

/** Rows and columns of texts, as documents know them. */
export const TABLE_RULES: LayerRules<TableLayer> = {
  textFields: ['columns.*.title', 'rows.*.cells.*'],
  fixedFields: [],
  itemsById: ROWS_BY_ID,
  check: check,
  checkWritten: none,
  assets: none,
  parts: partsOf,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: true,
  coveredArea: unknown,
};
