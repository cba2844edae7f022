import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTableView } from '../../src/layers/table/view.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { TableLayerSchema } from '../../src/layers/table/schema.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { nextId, sheet } from '../render/sheet.js';

type Fields = Omit<Extract<LayerInput, { type: 'table' }>, 'id' | 'type'>;

function table(fields: Fields): LayerInput {
  return { id: nextId(), type: 'table', fontSize: 14, rowHeight: 24, cellPadding: 8, ...fields };
}

const LEADERS: Fields['rows'] = [
  { id: 'ada', cells: { name: 'Ada Lovelace', bids: 12, total: 12400 } },
  { id: 'grace', cells: { name: 'Grace Hopper', bids: 9, total: 15100 }, color: '#ffd84a' },
  { id: 'joan', cells: { name: 'Joan Clarke of Bletchley', bids: 4, total: 8150.5 } },
  { id: 'mary', cells: { name: '山田 花子 🎉', bids: 4, total: 7000 } },
];

const SMALL_HEADER = { height: 20, fontSize: 11 };

sheet('table-leaderboard', [
  table({
    x: 10,
    y: 10,
    width: 300,
    rank: true,
    rowGap: 4,
    header: SMALL_HEADER,
    columns: [
      { key: 'name', title: 'Bidder', fontWeight: 600 },
      { key: 'bids', title: 'Bids', width: 50, align: 'center' },
      {
        key: 'total',
        title: 'Total',
        width: 'auto',
        align: 'right',
        fontWeight: 700,
        format: { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 },
      },
    ],
    rows: LEADERS,
    sortBy: { column: 'total' },
    rowColor: {
      type: 'linear',
      angle: 90,
      stops: [
        { at: 0, color: '#3b82f680' },
        { at: 1, color: '#3b82f610' },
      ],
    },
  }),
]);

sheet('table-styles', [
  table({
    x: 10,
    y: 10,
    width: 140,
    rowGap: 0,
    rowRadius: 0,
    background: '#0f172a',
    cornerRadius: 10,
    border: { width: 1, color: '#334155' },
    shadow: {},
    rowColor: 'transparent',
    zebraColor: '#ffffff10',
    rowHeight: 22,
    header: { ...SMALL_HEADER, background: '#1e293b', color: '#7dd3fc' },
    columns: [
      { key: 'team', title: 'Team' },
      { key: 'w', title: 'W', width: 36, align: 'right' },
      { key: 'l', title: 'L', width: 36, align: 'right' },
    ],
    rows: [
      { id: 'a', cells: ['North', 11, 2] },
      { id: 'b', cells: ['South', 9, 4] },
      { id: 'c', cells: ['East', 5, 8], color: '#34d399' },
      { id: 'd', cells: ['West', null, 13] },
    ],
  }),
  table({
    x: 170,
    y: 10,
    width: 140,
    header: { visible: false },
    rowGap: 3,
    rowRadius: 12,
    columns: [{ key: 'name' }, { key: 'score', align: 'right', width: 'auto' }],
    rows: [
      { id: 'a', cells: ['at rest', 1] },
      { id: 'b', cells: ['rising', 2], shift: 0.3, background: '#16a34a' },
      { id: 'c', cells: ['falling', 3], shift: -0.3, background: '#b91c1c' },
    ],
  }),
  table({
    x: 170,
    y: 105,
    width: 140,
    height: 60,
    rank: true,
    rowGap: 2,
    rowHeight: 18,
    header: { ...SMALL_HEADER, height: 18 },
    fontSize: 11,
    opacity: 0.6,
    columns: [{ key: 'name', title: 'No room for the third' }],
    rows: ['one', 'two', 'three'].map((id) => ({ id, cells: [id] })),
    shadow: { x: 2, y: 2, blur: 4, color: '#000000' },
  }),
  table({
    x: 10,
    y: 130,
    width: 140,
    header: { visible: false },
    rowHeight: 18,
    fontSize: 11,
    locale: 'de',
    rowGap: 2,
    columns: [{ key: 'name' }, { key: 'count', width: 'auto', align: 'right' }],
    rows: [
      { id: 'a', cells: ['שלום 14!', 1234.567] },
      { id: 'b', cells: ['long enough to be cut', 7] },
    ],
  }),
]);

const text = createTextEngine();
const viewTable = createTableView();

/** The bitmaps of a table by the names of its pieces. */
function contentsOf(fields: Fields): Map<string, string> {
  const layer = TableLayerSchema.parse({ id: 'a', type: 'table', ...fields });
  const nothing = (): null => null;
  const view = viewTable(layer, {
    sceneTimeMs: 0,
    wallOffsetMs: 0,
    heard: SILENCE,
    programTimeMs: 0,
    scale: 1,
    text,
    appearance: {},
    isBetweenPixels: false,
    picture: nothing,
    pictureOffset: nothing,
    videoFrame: () => null,
    livePicture: () => null,
    takenAtMs: 0,
  });
  return new Map(view.pieces.map(({ name, content }) => [name, content.key]));
}

const SCORES: Fields = {
  columns: [{ key: 'name' }, { key: 'score', width: 100 }],
  sortBy: { column: 'score' },
  rows: [
    { id: 'ada', cells: ['Ada', 30] },
    { id: 'grace', cells: ['Grace', 20] },
    { id: 'joan', cells: ['Joan', 10] },
  ],
};

function changedPieces(before: Fields, after: Fields): string[] {
  const known = contentsOf(before);
  return [...contentsOf(after)]
    .filter(([name, key]) => known.get(name) !== key)
    .map(([name]) => name);
}

test('a change of one row paints one row', () => {
  const [ada, , joan] = SCORES.rows ?? [];
  assert.ok(ada !== undefined && joan !== undefined);
  const rows = [ada, { id: 'grace', cells: ['Grace', 25] }, joan];
  assert.deepEqual(changedPieces(SCORES, { ...SCORES, rows }), ['grace']);
});

test('rows that change their places are not painted anew, unless they show them', () => {
  const rows = [
    { id: 'ada', cells: ['Ada', 30] },
    { id: 'grace', cells: ['Grace', 20] },
    { id: 'joan', cells: ['Joan', 50] },
  ];
  assert.deepEqual(changedPieces(SCORES, { ...SCORES, rows }), ['joan']);
  const ranked = { ...SCORES, rank: true };
  assert.deepEqual(changedPieces(ranked, { ...ranked, rows }).sort(), ['ada', 'grace', 'joan']);
});

test('a row that slides is the bitmap that it was', () => {
  const rows = (SCORES.rows ?? []).map((row) => ({ ...row, shift: 0.4 }));
  assert.deepEqual(changedPieces(SCORES, { ...SCORES, rows }), []);
});
