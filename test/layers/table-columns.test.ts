import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { fitColumns, placeColumns } from '../../src/layers/table/columns.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { TableLayerSchema } from '../../src/layers/table/schema.js';

registerShippedFonts();
const engine = createTextEngine();
const PADDING = 16;

type Width = number | 'auto' | `${number}fr`;

/** The room for the texts of each column in a table of one row. */
function roomsOf(width: number, cells: readonly (readonly [text: string, width: Width])[]) {
  const columns = cells.map(([, own], i) => ({ key: `c${i}`, width: own }));
  const layer = TableLayerSchema.parse({
    id: 't',
    type: 'table',
    width,
    columns,
    cellPadding: PADDING,
    fontSize: 24,
  });
  const placed = placeColumns(
    layer,
    layer.columns.map((column, i) => ({ column, texts: [cells[i]?.[0] ?? ''] })),
    engine,
  );
  return placed.map((column) => column.width - 2 * PADDING);
}

/** How wide a text is alone. */
function alone(text: string): number {
  const [room = 0] = roomsOf(8000, [[text, 'auto']]);
  return room;
}

const NAME = 'Maximilian Alexander von Habsburg-Lothringen of Bohemia jun.';

test('a long name gives way, and the figures beside it stay whole', () => {
  const figures = ['111111', '12.5 %', "90+4'", '€1,234', '3:2'];
  const rooms = roomsOf(700, [[NAME, 'auto'], ...figures.map((text) => [text, 'auto'] as const)]);
  for (const [i, text] of figures.entries())
    assert.ok((rooms[i + 1] ?? 0) >= alone(text) - 0.01, `${text} has ${rooms[i + 1]} px`);
  const all = rooms.reduce((sum, room) => sum + room + 2 * PADDING, 0);
  assert.ok(Math.abs(all - 700) < 0.01);
  assert.ok((rooms[0] ?? 0) > 100);
});

test('of two names the longer one gives way, also as a share of the room', () => {
  const rooms = roomsOf(500, [
    [NAME, 'auto'],
    ['ARS', 'auto'],
    ['12', 'auto'],
  ]);
  assert.ok((rooms[1] ?? 0) >= alone('ARS') - 0.01);
  const shared = roomsOf(400, [
    [NAME, '1fr'],
    ['1,234,567,890', '1fr'],
    ['7', '1fr'],
  ]);
  assert.ok((shared[1] ?? 0) >= alone('1,234,567,890') - 0.01, String(shared[1]));
  assert.ok((shared[2] ?? 0) >= alone('7') - 0.01);
});

test('columns of equal shares stay equal as long as their figures fit', () => {
  const rooms = roomsOf(600, [
    ['Ada', '1fr'],
    ['1', '1fr'],
    ['22', '2fr'],
  ]);
  assert.deepEqual(
    rooms.map((room) => Math.round(room + 2 * PADDING)),
    [150, 150, 300],
  );
});

test('columns never take more than there is, and none gives way that is narrower than another', () => {
  const wish = fc
    .record({ least: fc.nat(200), more: fc.nat(600), isFigure: fc.boolean() })
    .map(({ least, more, isFigure }) => ({
      least: isFigure ? least : 0,
      natural: least + more,
    }));
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 8 }), fc.nat(2000), (wishes, room) => {
      const widths = fitColumns(wishes, room);
      const sum = widths.reduce((a, b) => a + b, 0);
      const needed = wishes.reduce((a, { natural }) => a + natural, 0);
      assert.ok(sum <= room + 1e-3 || needed <= room);
      assert.ok(sum >= Math.min(room, needed) - 1 || wishes.every(({ least }) => least > 0));
      const least = wishes.reduce((a, one) => a + one.least, 0);
      for (const [i, width] of widths.entries()) {
        const own = wishes[i];
        assert.ok(own !== undefined && width <= own.natural + 1e-9);
        if (least <= room) assert.ok(width >= own.least - 1e-3);
        if (width < own.natural - 1e-3 && width > own.least + 1e-3)
          assert.ok(
            widths.every((other, k) => other <= width + 1e-3 || wishes[k]?.least === other),
          );
      }
    }),
  );
});
