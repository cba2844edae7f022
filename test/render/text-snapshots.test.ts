import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Gradient } from '../../src/scene/schema/style.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { assertSnapshot } from './snapshot.js';

/** How texts look, in the shipped fonts only: other scripts are compared with Chromium. */
const SIZE = { width: 480, height: 270 };
const memory = createSharedMemory();

type TextInput = Extract<LayerInput, { type: 'text' }>;
type Fields = Partial<Omit<TextInput, 'id' | 'type' | 'x' | 'y'>>;

let count = 0;

function at(x: number, y: number, fields: Fields): LayerInput {
  return { id: `text-${++count}`, type: 'text', x, y, fontSize: 20, ...fields };
}

/** A text in a box that is seen. */
function boxed(x: number, y: number, width: number, height: number, fields: Fields): LayerInput[] {
  const box = { x, y, width, height };
  return [
    { id: `box-${++count}`, type: 'shape', shape: 'rectangle', ...box, fill: '#00000060' },
    at(x, y, { width, height, ...fields }),
  ];
}

function sheet(name: string, layers: LayerInput[], timeMs = 0): void {
  test(`${name} looks as it was accepted`, async () => {
    const scene = sceneFrom({ id: 's', ...SIZE, background: '#304050', layers });
    await assertSnapshot(name, await renderStill(scene, { ...SIZE, timeMs, memory }));
  });
}

const WORDS = 'The quick brown fox jumps over the lazy dog.';

sheet('text-wrapping', [
  ...boxed(10, 10, 145, 120, { text: WORDS }),
  ...boxed(168, 10, 145, 120, { text: WORDS, align: 'center', verticalAlign: 'middle' }),
  ...boxed(326, 10, 145, 120, { text: WORDS, align: 'end', verticalAlign: 'bottom' }),
  ...boxed(10, 140, 145, 120, { text: `${WORDS}\nThe end.`, align: 'justify' }),
  ...boxed(168, 140, 145, 120, { text: 'Donaudampf\u00adschiffahrts\u00adgesellschaft' }),
  ...boxed(326, 140, 145, 120, { text: 'Aaaaaaaaaaaaaaaaaaaaaaaah!', lineHeight: 2 }),
]);

sheet('text-that-does-not-fit', [
  ...boxed(10, 10, 145, 60, { text: WORDS, maxLines: 2 }),
  ...boxed(168, 10, 145, 60, { text: WORDS, maxLines: 1, wrap: 'none' }),
  ...boxed(326, 10, 145, 60, { text: WORDS, fit: 'shrink' }),
  ...boxed(10, 90, 145, 60, { text: WORDS, fit: 'shrink', wrap: 'none' }),
  ...boxed(168, 90, 145, 60, { text: WORDS, fit: 'shrink', minFontSize: 16, maxLines: 2 }),
  ...boxed(326, 90, 145, 60, { text: 'Sold', fit: 'shrink', fontSize: 200, align: 'center' }),
  ...boxed(10, 170, 145, 30, { text: 'Too wide for its box', wrap: 'none' }),
]);

sheet('text-spans', [
  at(10, 10, {
    spans: [
      { text: 'Sold ', fontSize: 40, fontWeight: 800 },
      { text: 'for ' },
      { text: '14 ETH ', color: '#ffd84a', fontWeight: 700 },
      { text: 'again', strikethrough: true, fontStyle: 'italic' },
      { text: ' and ' },
      { text: 'again', underline: true, letterSpacing: 3 },
    ],
  }),
  ...boxed(10, 80, 300, 110, {
    spans: [
      { text: 'Spans are wrapped ' },
      { text: 'with all that they ', color: '#80c0ff', fontSize: 28 },
      { text: 'are, ' },
      { text: 'underlined over lines', underline: true },
      { text: '.' },
    ],
  }),
  ...boxed(330, 80, 130, 30, {
    spans: [{ text: 'Cut ' }, { text: 'in the second', color: '#ff8080' }],
    maxLines: 1,
    wrap: 'none',
  }),
  at(10, 210, { text: 'All underlined', underline: true, fontSize: 32 }),
]);

const SUNSET: Gradient = {
  type: 'linear',
  angle: 90,
  stops: [
    { at: 0, color: '#ffe060' },
    { at: 1, color: '#ff3080' },
  ],
};
const CENTER = { x: 0.5, y: 0.5 };

sheet('text-fills-and-strokes', [
  at(10, 10, { text: 'Gradient', fontSize: 44, fontWeight: 800, color: SUNSET }),
  at(250, 10, {
    text: 'Down',
    fontSize: 44,
    fontWeight: 800,
    color: { ...SUNSET, angle: 180 },
  }),
  at(10, 70, {
    text: 'Radial',
    fontSize: 44,
    fontWeight: 800,
    color: { type: 'radial', center: CENTER, radius: 0.5, stops: SUNSET.stops },
  }),
  at(250, 70, {
    text: 'Conic',
    fontSize: 44,
    fontWeight: 800,
    color: { type: 'conic', center: CENTER, angle: 0, stops: SUNSET.stops },
  }),
  at(10, 130, {
    text: 'Stroke',
    fontSize: 44,
    fontWeight: 800,
    stroke: { width: 4, color: '#102040' },
  }),
  at(250, 130, {
    text: 'Round 🎉',
    fontSize: 44,
    color: '#40c0ff',
    stroke: { width: 8, color: '#ffffff' },
  }),
  at(10, 200, {
    text: 'Two shadows',
    fontSize: 32,
    shadow: [
      { x: 0, y: 0, blur: 8, color: '#40ffff' },
      { x: 5, y: 5, blur: 0, color: '#a02080' },
    ],
  }),
  at(250, 200, {
    text: 'All of it',
    fontSize: 40,
    fontWeight: 800,
    color: SUNSET,
    stroke: { width: 3, color: '#000000' },
    shadow: { x: 4, y: 6, blur: 4 },
  }),
]);

sheet('text-boxes', [
  at(10, 10, { text: 'Next lot', box: {} }),
  at(150, 10, { text: 'Round', box: { color: '#d03050', padding: 14, cornerRadius: 100 } }),
  at(270, 10, {
    text: 'Wide padding',
    box: { color: '#207050', padding: { x: 40, y: 4 } },
    cornerRadius: 8,
  }),
  at(10, 90, {
    text: 'Gradient box\nof two lines',
    align: 'center',
    cornerRadius: 12,
    box: { color: SUNSET },
    border: { width: 3 },
    shadow: { x: 2, y: 2, blur: 2 },
  }),
  at(210, 90, {
    text: 'Wrapped inside of its padding',
    width: 200,
    box: { padding: 20 },
    align: 'center',
  }),
  at(10, 200, {
    text: 'Lower third',
    width: 300,
    height: 50,
    verticalAlign: 'middle',
    box: { color: '#10182080', padding: { x: 16, y: 0 } },
  }),
]);

sheet(
  'text-reveal-half-way',
  [
    at(10, 10, {
      text: 'One letter after the other',
      animations: [
        {
          property: 'reveal',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 2000, value: 1 },
          ],
        },
      ],
    }),
    at(10, 60, { text: 'Centred lines\nstay in their place', align: 'center', reveal: 0.7 }),
    at(10, 130, { text: 'Boxes are whole', box: {}, underline: true, reveal: 0.5 }),
    at(10, 200, { text: '👩‍🎨👍🏽🇪🇺❤️', fontSize: 32, reveal: 0.5 }),
  ],
  1000,
);
