import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TableLayerSchema } from '../../src/layers/table/schema.js';
import { placedRows } from '../../src/layers/table/order.js';
import { complaintsAbout } from '../scene/complaints.js';

const COLUMNS = [{ key: 'name' }, { key: 'score' }];

/** Ids of the rows that are shown, with their ranks. */
function orderOf(fields: Record<string, unknown>): string {
  const layer = TableLayerSchema.parse({ id: 'a', type: 'table', columns: COLUMNS, ...fields });
  return placedRows(layer)
    .map(({ row, rank }) => `${row.id}:${rank}`)
    .join(' ');
}

const ROWS = [
  { id: 'ada', cells: ['Ada', 20] },
  { id: 'grace', cells: { name: 'Grace', score: 30 } },
  { id: 'joan', cells: { name: 'joan' } },
  { id: 'mary', cells: ['Mary', 20] },
  { id: 'lin', cells: ['Lin', 'out'] },
];

test('rows come as they are written, or sorted: numbers, then texts, then nothing', () => {
  assert.equal(orderOf({ rows: ROWS }), 'ada:1 grace:2 joan:3 mary:4 lin:5');
  assert.equal(
    orderOf({ rows: ROWS, sortBy: { column: 'score' } }),
    'grace:1 ada:2 mary:2 lin:4 joan:5',
  );
  assert.equal(
    orderOf({ rows: ROWS, sortBy: { column: 'score', order: 'ascending' } }),
    'ada:1 mary:1 grace:3 lin:4 joan:5',
  );
  assert.equal(
    orderOf({ rows: ROWS, sortBy: { column: 'name', order: 'ascending' } }),
    'ada:1 grace:2 lin:3 mary:4 joan:5',
  );
});

test('no more rows are shown than are wanted', () => {
  assert.equal(orderOf({ rows: ROWS, maxRows: 2, sortBy: { column: 'score' } }), 'grace:1 ada:2');
  assert.equal(orderOf({ rows: [], maxRows: 2 }), '');
});

function complaints(fields: Record<string, unknown>) {
  return complaintsAbout({ type: 'table', columns: COLUMNS, ...fields });
}

test('rows and columns differ, and cells belong to columns', () => {
  assert.deepEqual(complaints({ rows: ROWS }), {});
  assert.ok('rows.1.id' in complaints({ rows: [{ id: 'a' }, { id: 'a' }] }));
  assert.ok('columns.1.key' in complaints({ columns: [{ key: 'a' }, { key: 'a' }] }));
  assert.match(
    complaints({ rows: [{ id: 'a', cells: { total: 4 } }] })['rows.0.cells.total'] ?? '',
    /no column/,
  );
  assert.match(complaints({ sortBy: { column: 'total' } })['sortBy.column'] ?? '', /no column/);
  assert.ok('columns' in complaints({ columns: [] }));
});

test('widths are pixels, auto, or shares', () => {
  const width = (value: unknown) => complaints({ columns: [{ key: 'a', width: value }] });
  for (const value of [120, 'auto', '1fr', '2.5fr']) assert.deepEqual(width(value), {});
  for (const value of ['12px', '0fr', -1, null]) assert.notDeepEqual(width(value), {});
});

test('a format of numbers is one that Intl knows', () => {
  const format = (value: unknown) => complaints({ columns: [{ key: 'a', format: value }] });
  assert.deepEqual(format({ style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }), {});
  assert.deepEqual(format({ style: 'unit', unit: 'kilometer-per-hour' }), {});
  assert.match(format({ style: 'currency' })['columns.0.format'] ?? '', /currency/i);
  assert.match(format({ style: 'unit', unit: 'smoot' })['columns.0.format'] ?? '', /smoot/);
});

test('numbers in rows and columns move, but not what tells rows apart', () => {
  const moving = (property: string) =>
    complaints({
      rows: ROWS,
      animations: [{ property, keyframes: [{ atMs: 0, value: 1 }] }],
    });
  for (const property of ['rows.0.shift', 'rows.0.cells.1', 'rows.1.cells.score', 'rowHeight'])
    assert.deepEqual(moving(property), {}, property);
  assert.notDeepEqual(moving('rows.0.id'), {});
});
