import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Size, WidthQuery } from '../../src/scene/layout/box.js';
import { layOut } from '../../src/scene/layout/lay-out.js';
import type { LayoutChild } from '../../src/scene/layout/layout-child.js';
import { mixBox, mixBoxes } from '../../src/scene/layout/mix-boxes.js';
import { layOutTree } from '../../src/scene/layout/tree.js';
import {
  LayoutSchema,
  SlotSchema,
  type LayoutInput,
  type SlotInput,
} from '../../src/scene/schema/layout.js';

function child(width: number, height: number, slot: SlotInput = {}): LayoutChild {
  return {
    slot: SlotSchema.parse(slot),
    leastSize: { width: 0, height: 0 },
    offset: { x: 0, y: 0 },
    measure: () => ({ width, height }),
  };
}

function place(
  layout: LayoutInput,
  width: WidthQuery,
  height: number | null,
  children: readonly LayoutChild[],
): { size: Size; boxes: number[][] } {
  const result = layOut(
    LayoutSchema.parse(layout),
    { width, height, isHeightDefinite: height !== null },
    children,
  );
  return {
    size: { width: result.width, height: result.height },
    boxes: result.boxes.map((box) => [box.x, box.y, box.width, box.height]),
  };
}

test('an absolute layout leaves its layers where they are and is as large as they reach', () => {
  const layer = { ...child(100, 50), offset: { x: 30, y: 20 } };
  assert.deepEqual(place({ type: 'absolute' }, 'max-content', null, [layer]), {
    size: { width: 130, height: 70 },
    boxes: [[0, 0, 100, 50]],
  });
});

test('a layer that is absolute takes no room in a flex group', () => {
  const { boxes, size } = place({ type: 'flex', gap: 10, padding: 5 }, 'max-content', null, [
    child(40, 20),
    child(500, 500, { absolute: true }),
    child(60, 30, { alignSelf: 'end' }),
  ]);
  assert.deepEqual(size, { width: 120, height: 40 });
  assert.deepEqual(boxes, [
    [5, 5, 40, 30],
    [0, 0, 500, 500],
    [55, 5, 60, 30],
  ]);
});

test('a text in a flex group is asked for its height at the width it gets', () => {
  const asked: [WidthQuery, number | null][] = [];
  const text: LayoutChild = {
    ...child(0, 0, { grow: 1, alignSelf: 'start' }),
    measure: (width, heightPx) => {
      asked.push([width, heightPx]);
      if (width === 'max-content') return { width: 400, height: 20 };
      if (width === 'min-content') return { width: 50, height: 160 };
      return { width, height: Math.ceil(400 / width) * 20 };
    },
  };
  const { boxes } = place({ type: 'flex' }, 250, null, [
    text,
    child(50, 10, { shrink: 0, alignSelf: 'start' }),
  ]);
  assert.deepEqual(boxes, [
    [0, 0, 200, 40],
    [200, 0, 50, 10],
  ]);
  assert.ok(asked.some(([width]) => width === 200));
});

test('layers fill a grid row by row, over holes and spans', () => {
  const { boxes } = place({ type: 'grid', columns: 3, gap: 10 }, 320, null, [
    child(10, 40, { columnSpan: 2 }),
    child(10, 20, { columnSpan: 2 }),
    child(10, 20),
    child(10, 20, { column: 3, row: 1 }),
  ]);
  assert.deepEqual(boxes, [
    [0, 0, 210, 40],
    [0, 50, 210, 20],
    [220, 50, 100, 20],
    [220, 0, 100, 40],
  ]);
});

test('five tiles stand in two rows, the shorter one in the middle', () => {
  const five = Array.from({ length: 5 }, () => child(1, 1));
  const { boxes } = place({ type: 'tiles', gap: 0 }, 1920, 1080, five);
  assert.deepEqual(
    boxes.map(([x, y]) => [x, y]),
    [
      [0, 180],
      [640, 180],
      [1280, 180],
      [320, 540],
      [960, 540],
    ],
  );
});

test('tiles without a size are as wide as the widest layer needs', () => {
  const { size } = place({ type: 'tiles', aspectRatio: 2, gap: 10 }, 'max-content', null, [
    child(100, 1),
    child(80, 1),
    child(20, 1),
  ]);
  assert.deepEqual(size, { width: 210, height: 110 });
});

test('a group without layers is as large as its padding', () => {
  for (const type of ['flex', 'grid', 'tiles'] as const)
    assert.deepEqual(place({ type, padding: 7 }, 'max-content', null, []), {
      size: { width: 14, height: 14 },
      boxes: [],
    });
});

test('groups eight deep are measured in a number of steps that does not double with every level', () => {
  let measured = 0;
  const place8 = (depth: number): Parameters<typeof layOutTree>[2][number] => {
    const node = { slot: SlotSchema.parse({ grow: 1 }), offset: { x: 0, y: 0 } };
    if (depth === 0)
      return {
        ...node,
        measure: () => {
          measured++;
          return { width: 10, height: 10 };
        },
      };
    const layout = LayoutSchema.parse({
      type: 'flex',
      direction: depth % 2 === 0 ? 'row' : 'column',
      align: 'center',
    });
    return { ...node, layout, children: [place8(depth - 1)] };
  };
  layOutTree(
    LayoutSchema.parse({ type: 'flex' }),
    { width: 800, height: 600, isHeightDefinite: true },
    [place8(8)],
  );
  assert.ok(measured > 0 && measured < 50, `${measured} times`);
});

test('boxes between two layouts move, appear where they will be and stay where they were', () => {
  const before = new Map([
    ['moved', { x: 0, y: 0, width: 10, height: 10 }],
    ['gone', { x: 1, y: 2, width: 3, height: 4 }],
  ]);
  const after = new Map([
    ['moved', { x: 100, y: 50, width: 20, height: 0 }],
    ['new', { x: 5, y: 6, width: 7, height: 8 }],
  ]);
  assert.deepEqual(
    [...mixBoxes(before, after, 0.5)],
    [
      ['moved', { x: 50, y: 25, width: 15, height: 5 }],
      ['gone', { x: 1, y: 2, width: 3, height: 4 }],
      ['new', { x: 5, y: 6, width: 7, height: 8 }],
    ],
  );
  const [from, to] = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x: 9, y: 9, width: 0, height: 0 },
  ];
  assert.deepEqual(mixBox(from, to, 0), from);
  assert.deepEqual(mixBox(from, to, 1), to);
  assert.equal(mixBox(from, to, 1.2).width, 0);
});

test('layouts and slots fill in their defaults and reject what they do not know', () => {
  assert.deepEqual(LayoutSchema.parse({ type: 'flex' }), {
    type: 'flex',
    direction: 'row',
    wrap: 'nowrap',
    gap: 0,
    padding: 0,
    justify: 'start',
    align: 'stretch',
    alignContent: 'stretch',
  });
  for (const wrong of [
    { type: 'flex', columns: 3 },
    { type: 'grid', columns: ['0fr'] },
    { type: 'grid', columns: [] },
    { type: 'grid', columns: ['2000fr'] },
    { type: 'flex', padding: { all: 3 } },
    { type: 'masonry' },
  ])
    assert.equal(LayoutSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
  for (const wrong of [{ width: '50' }, { width: '-5%' }, { column: 0 }, { grow: -1 }, { flex: 1 }])
    assert.equal(SlotSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
});
