import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sceneFrom } from '../support/engine.js';
import { image, nextId, rectangle, sheet, SIZE, still, text } from './sheet.js';

type GroupInput = Extract<LayerInput, { type: 'group' }>;

function group(
  x: number,
  y: number,
  layers: LayerInput[],
  fields: Partial<Omit<GroupInput, 'id' | 'type' | 'layers'>> = {},
): LayerInput {
  return { id: nextId(), type: 'group', x, y, layers, ...fields };
}

/** Two figures that lie on each other: as a group they fade as one. */
function pair(): LayerInput[] {
  return [
    rectangle(0, 0, 60, 40, { fill: '#e07030' }),
    rectangle(30, 20, 60, 40, { shape: 'ellipse', fill: '#30a0e0' }),
  ];
}

sheet('group-opacity-and-blend', [
  rectangle(0, 80, 320, 40, { fill: '#ffffff' }),
  group(10, 60, pair(), { opacity: 0.5 }),
  ...pair().map((layer) => ({
    ...layer,
    x: (layer.x ?? 0) + 115,
    y: (layer.y ?? 0) + 60,
    opacity: 0.5,
  })),
  group(220, 60, pair(), { blend: 'multiply' }),
]);

sheet('group-placing', [
  group(60, 50, pair(), { anchor: { x: 0.5, y: 0.5 }, rotation: 20 }),
  group(170, 10, pair(), { scale: 0.5 }),
  group(170, 60, [group(10, 10, pair(), { rotation: -30 }), text('nested', 0, 80)], { scale: 0.8 }),
  group(20, 110, pair(), { skewX: 20 }),
  rectangle(280, 20, 30, 30, { skewY: 20, fill: '#60c040' }),
]);

sheet('group-overflow', [
  group(10, 10, pair(), { width: 60, height: 40, overflow: 'hidden' }),
  group(110, 10, pair(), { width: 60, height: 40 }),
  group(210, 10, pair(), { width: 70, height: 50, overflow: 'hidden', cornerRadius: 20 }),
  group(60, 130, pair(), {
    width: 60,
    height: 40,
    overflow: 'hidden',
    rotation: 15,
    anchor: { x: 0.5, y: 0.5 },
  }),
  group(150, 100, [group(10, 10, pair(), { width: 50, height: 40, overflow: 'hidden' })], {
    width: 40,
    height: 60,
    overflow: 'hidden',
    opacity: 0.7,
  }),
]);

sheet('masks', [
  image('spectrum', 10, 10, {
    width: 90,
    height: 70,
    mask: { type: 'shape', shape: 'ellipse' },
  }),
  image('spectrum', 110, 10, {
    width: 90,
    height: 70,
    mask: {
      type: 'shape',
      shape: 'rectangle',
      x: 20,
      y: 10,
      width: 50,
      height: 50,
      cornerRadius: 12,
      inverted: true,
    },
  }),
  { ...text('MASK', 205, 15, { fontSize: 40, fontWeight: 900 }), id: 'word', visible: false },
  image('spectrum', 210, 10, { width: 110, height: 70, mask: { type: 'layer', layer: 'word' } }),
  { ...rectangle(10, 95, 140, 30, { fill: '#808080' }), id: 'grey', visible: false },
  group(10, 90, [rectangle(0, 0, 60, 60, { fill: '#ffd040' }), rectangle(70, 0, 60, 60)], {
    mask: { type: 'layer', layer: 'grey', mode: 'luma' },
  }),
  image('spectrum', 240, 130, {
    width: 80,
    height: 60,
    rotation: 25,
    anchor: { x: 0.5, y: 0.5 },
    blend: 'screen',
    mask: { type: 'shape', shape: 'rectangle', cornerRadius: 20 },
  }),
]);

const FILTERS: NonNullable<LayerInput['filters']> = [
  { type: 'blur', radius: 3 },
  { type: 'brightness', amount: 1.6 },
  { type: 'contrast', amount: 2 },
  { type: 'saturation', amount: 3 },
  { type: 'hue', degrees: 120 },
  { type: 'grayscale' },
  { type: 'sepia' },
  { type: 'invert' },
  { type: 'tint', color: '#ff4060', amount: 0.8 },
];

sheet(
  'filters',
  FILTERS.map((filter, i) =>
    image('spectrum', 10 + (i % 5) * 62, 10 + Math.floor(i / 5) * 60, {
      width: 54,
      height: 50,
      filters: [filter],
    }),
  ),
);

sheet('filters-of-groups-and-in-motion', [
  group(10, 10, pair(), { filters: [{ type: 'grayscale' }] }),
  group(120, 10, pair(), { filters: [{ type: 'hue', degrees: 90 }], opacity: 0.6 }),
  image('spectrum', 220, 10, {
    width: 90,
    height: 60,
    filters: [{ type: 'brightness', amount: 1 }],
    animations: still('filters.0.amount', 0.4),
  }),
  text('blurred', 10, 100, { fontSize: 30, filters: [{ type: 'blur', radius: 2 }] }),
  text('glow', 150, 100, {
    fontSize: 30,
    shadow: [
      { x: 0, y: 0, blur: 12, color: '#40c0ff' },
      { x: 3, y: 3, blur: 0, color: '#c02040' },
    ],
  }),
  rectangle(240, 100, 60, 60, {
    fill: '#e07030',
    filters: [
      { type: 'invert', amount: 1 },
      { type: 'blur', radius: 6 },
    ],
  }),
]);

const INNER = sceneFrom({
  id: 'inner',
  width: 160,
  height: 90,
  background: '#402060',
  layers: [
    text('inner', 10, 10, { fontSize: 30 }),
    rectangle(120, 60, 80, 80, { fill: '#ffd040' }),
  ],
});

function scene(x: number, y: number, fields: object = {}): LayerInput {
  return { id: nextId(), type: 'scene', scene: 'inner', x, y, ...fields };
}

sheet(
  'scenes-in-scenes',
  [
    scene(10, 10, { width: 120, height: 90 }),
    scene(150, 10, { width: 80, height: 45, cornerRadius: 10 }),
    scene(270, 60, { width: 96, height: 54, rotation: 30, anchor: { x: 0.5, y: 0.5 } }),
    scene(20, 110, { width: 100, height: 60, opacity: 0.5 }),
    scene(150, 110, { scale: 0.6, filters: [{ type: 'sepia' }] }),
  ],
  { nested: { inner: INNER }, scene: { ...SIZE } },
);

sheet('group-frames-shadows-and-blurs', [
  group(10, 10, [text('card', 10, 8)], {
    width: 80,
    height: 40,
    background: '#304860',
    cornerRadius: 10,
    border: { width: 2 },
    shadow: { x: 4, y: 6, blur: 6, color: '#000000' },
  }),
  group(120, 10, pair(), { shadow: { x: 6, y: 6, blur: 4, color: '#000000' } }),
  group(230, 10, pair(), { filters: [{ type: 'blur', radius: 4 }] }),
  group(70, 130, pair(), {
    anchor: { x: 0.5, y: 0.5 },
    rotation: 20,
    scale: 0.8,
    opacity: 0.8,
    filters: [{ type: 'grayscale' }, { type: 'blur', radius: 1.5 }],
    shadow: [{ x: 0, y: 0, blur: 16, color: '#40c0ff' }],
  }),
  group(140, 100, [group(5, 5, pair(), { shadow: {} }), rectangle(60, 50, 30, 10)], {
    mask: { type: 'shape', shape: 'ellipse' },
    filters: [{ type: 'blur', radius: 1 }],
  }),
]);

const CENTRED = { anchor: { x: 0.5, y: 0.5 } };

sheet('perspective', [
  image('spectrum', 60, 50, {
    ...CENTRED,
    width: 100,
    height: 70,
    rotationY: 50,
    perspective: 200,
  }),
  image('card', 170, 50, { ...CENTRED, width: 90, height: 70, rotationX: 50, perspective: 200 }),
  group(270, 50, [...pair(), text('turned', 0, 60)], {
    ...CENTRED,
    rotationX: -30,
    rotationY: -40,
    rotation: 10,
    perspective: 250,
    filters: [{ type: 'brightness', amount: 1.2 }],
  }),
  {
    id: nextId(),
    type: 'ticker',
    text: 'runs into the distance',
    x: 100,
    y: 135,
    ...CENTRED,
    width: 160,
    height: 40,
    fontSize: 28,
    rotationY: 60,
    perspective: 150,
  },
  image('card', 260, 135, {
    ...CENTRED,
    width: 90,
    height: 70,
    rotationY: 180,
    mask: { type: 'shape', shape: 'ellipse' },
  }),
]);
