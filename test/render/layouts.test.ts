import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sceneFrom } from '../support/engine.js';
import { image, nextId, rectangle, sheet, text } from './sheet.js';

type GroupInput = Extract<LayerInput, { type: 'group' }>;
type Fields = Partial<Omit<GroupInput, 'id' | 'type' | 'layers'>>;

const PANEL = { background: '#2c3a4a', cornerRadius: 6 };

function group(x: number, y: number, layers: LayerInput[], fields: Fields): LayerInput {
  return { id: nextId(), type: 'group', x, y, layers, ...PANEL, ...fields };
}

function chip(words: string, fields: Partial<GroupInput> = {}): LayerInput {
  return {
    ...{ id: nextId(), type: 'group', background: '#e07030', cornerRadius: 4 },
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
      ...{ width: 140, height: 36 },
      layout: { type: 'flex', gap: 6, padding: 6, align: 'center', justify: 'space-between' },
    },
  ),
  group(
    160,
    10,
    ['a', 'grows', 'b'].map((words, i) => chip(words, { slot: { grow: i === 1 ? 1 : 0 } })),
    {
      ...{ width: 150, height: 36 },
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
          ...{ background: null, slot: { grow: 1, basis: 0 } },
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
        ...{ width: 140, height: 70 },
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
          ...{ width: 70, height: 70 },
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
