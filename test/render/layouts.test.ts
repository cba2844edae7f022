import assert from 'node:assert/strict';
import { after as afterAll, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { restage } from '../../src/scene/motion/restage.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { createTestPictures } from './pictures.js';
import { image, nextId, rectangle, sheet, SIZE, text } from './sheet.js';
import { assertSnapshot } from './snapshot.js';

const memory = createSharedMemory();
const { pictures, remove } = await createTestPictures();
afterAll(remove);

type GroupInput = Extract<LayerInput, { type: 'group' }>;
type Fields = Partial<Omit<GroupInput, 'id' | 'type' | 'layers'>>;

const PANEL = { background: '#2c3a4a', cornerRadius: 6 };

function group(x: number, y: number, layers: LayerInput[], fields: Fields): LayerInput {
  return { id: nextId(), type: 'group', x, y, layers, ...PANEL, ...fields };
}

function chip(words: string, fields: Partial<GroupInput> = {}): LayerInput {
  return {
    id: nextId(),
    type: 'group',
    background: '#e07030',
    cornerRadius: 4,
    layout: { type: 'flex', padding: { top: 2, bottom: 2, left: 6, right: 6 } },
    layers: [text(words, 0, 0, { fontSize: 11 })],
    ...fields,
  };
}

sheet('layout-flex', [
  group(
    10,
    10,
    ['one', 'two', 'three'].map((words) => chip(words)),
    {
      width: 140,
      height: 36,
      layout: { type: 'flex', gap: 6, padding: 6, align: 'center', justify: 'space-between' },
    },
  ),
  group(
    160,
    10,
    ['a', 'grows', 'b'].map((words, i) => chip(words, { slot: { grow: i === 1 ? 1 : 0 } })),
    {
      width: 150,
      height: 36,
      layout: { type: 'flex', gap: 6, padding: 6 },
    },
  ),
  group(
    10,
    56,
    'these chips wrap when the line is full'.split(' ').map((words) => chip(words)),
    {
      width: 140,
      layout: { type: 'flex', wrap: 'wrap', gap: 6, padding: 6, align: 'start' },
    },
  ),
  group(
    160,
    56,
    [
      image('spectrum', 0, 0, { slot: { width: '40%', alignSelf: 'start' } }),
      group(
        0,
        0,
        [
          text('A title', 0, 0, { fontSize: 16 }),
          text('and words below it that wrap inside of what is left', 0, 0, { fontSize: 11 }),
        ],
        {
          background: null,
          slot: { grow: 1, basis: 0 },
          layout: { type: 'flex', direction: 'column', gap: 4 },
        },
      ),
    ],
    { width: 150, layout: { type: 'flex', gap: 8, padding: 8 } },
  ),
]);

sheet(
  'layout-grid-and-tiles',
  [
    group(
      10,
      10,
      ['a', 'b', 'c', 'd', 'e'].map((words) => chip(words)),
      {
        width: 140,
        height: 70,
        layout: { type: 'grid', columns: [40, '1fr', '2fr'], gap: 5, padding: 5 },
      },
    ),
    ...[3, 5].map((count, i) =>
      group(
        160 + i * 80,
        10,
        Array.from({ length: count }, (_, n) =>
          rectangle(0, 0, 10, 10, { fill: n % 2 ? '#30a0e0' : '#60c040' }),
        ),
        {
          width: 70,
          height: 70,
          layout: { type: 'tiles', gap: 4, padding: 4, aspectRatio: 1.4 },
        },
      ),
    ),
    group(
      10,
      90,
      Array.from({ length: 7 }, () => ({ id: nextId(), type: 'scene' as const, scene: 'inner' })),
      { width: 300, height: 80, layout: { type: 'tiles', gap: 6, padding: 6 } },
    ),
  ],
  {
    nested: {
      inner: sceneFrom({
        id: 'inner',
        width: 160,
        height: 90,
        background: '#402060',
        layers: [text('cam', 40, 20, { fontSize: 40 })],
      }),
    },
  },
);

test('a layout on its way looks as it was accepted', async () => {
  const guest = (id: string, fill: string): LayerInput => ({
    ...rectangle(0, 0, 60, 24, { fill }),
    id,
  });
  const photo: LayerInput = {
    ...image('spectrum', 0, 0),
    id: 'photo',
    slot: { width: 90, height: 50 },
  };
  const stack = (direction: 'row' | 'column', layers: LayerInput[]): LayerInput => ({
    id: 'stack',
    type: 'group',
    x: 20,
    y: 20,
    width: 280,
    height: 140,
    background: '#2c3a4a',
    layoutTransition: { durationMs: 1000, easing: 'linear' },
    layers,
    layout: { type: 'flex', direction, gap: 6, padding: 6, align: 'center' },
  });
  const document = { id: 's', ...SIZE, background: '#182028' };
  const before = sceneFrom({
    ...document,
    layers: [stack('row', [guest('a', '#e07030'), photo])],
  });
  const after = sceneFrom({
    ...document,
    layers: [
      stack('column', [
        { ...photo, slot: { width: 160, height: 64 } },
        guest('a', '#e07030'),
        guest('b', '#60c040'),
      ]),
    ],
  });
  const stage = restage(EMPTY_STAGE, { before, after, atMs: 0, transition: null, takenAtMs: 0 });
  const options = { ...SIZE, pictures, memory, stage };
  await assertSnapshot('layout-on-its-way', await renderStill(after, { ...options, timeMs: 400 }));
  const arrived = await renderStill(after, { ...options, timeMs: 1000 });
  const settled = await renderStill(after, { ...SIZE, pictures, memory, timeMs: 1000 });
  assert.deepEqual(arrived.i420, settled.i420);
});
