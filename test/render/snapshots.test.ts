import type { LayerInput } from '../../src/scene/schema/layer.js';
import { image, mark, rectangle, sheet, still, text } from './sheet.js';
import { BLEND_MODES } from '../../src/scene/blend-modes.js';

sheet('shape-kinds', [
  rectangle(10, 10, 80, 60, { fill: '#e07030' }),
  rectangle(110, 10, 80, 60, { fill: '#30a0e0', cornerRadius: 16 }),
  rectangle(210, 10, 100, 60, { fill: '#30a0e0', cornerRadius: 1000 }),
  rectangle(10, 90, 80, 60, { shape: 'ellipse', fill: '#60c040' }),
  rectangle(40, 120, 80, 50, { shape: 'ellipse', fill: 'rgb(255 255 255 / 40%)' }),
  rectangle(140, 90, 70, 70, { shape: 'line', fill: '#ffffff', lineWidth: 6 }),
  rectangle(220, 100, 90, 0, { shape: 'line', fill: '#ffd040', lineWidth: 4 }),
  rectangle(265, 115, 0, 50, { shape: 'line', fill: '#ffd040', lineWidth: 1 }),
]);

sheet('shape-borders-and-shadows', [
  rectangle(20, 20, 70, 50, { fill: '#e07030', border: { width: 4, color: '#ffffff' } }),
  rectangle(120, 20, 70, 50, {
    fill: '#30a0e0',
    cornerRadius: 14,
    border: { width: 8, color: 'rgb(255 255 0 / 50%)' },
  }),
  rectangle(220, 20, 70, 50, {
    fill: '#808890',
    shadow: { x: 8, y: 8, blur: 0, color: '#000000' },
  }),
  rectangle(20, 100, 70, 50, {
    shape: 'ellipse',
    fill: '#60c040',
    border: { width: 5 },
    shadow: {},
  }),
  rectangle(120, 100, 70, 50, {
    fill: '#ffffff',
    cornerRadius: 10,
    shadow: { x: 0, y: 0, blur: 24, color: '#40c0ff' },
  }),
  rectangle(220, 100, 70, 50, {
    shape: 'line',
    fill: '#ffffff',
    lineWidth: 5,
    shadow: { x: 4, y: 4, blur: 3, color: '#000000' },
  }),
]);

sheet('text-styles', [
  text('Regular', 10, 8),
  text('Bold', 120, 8, { fontWeight: 700 }),
  text('Light', 200, 8, { fontWeight: 200 }),
  text('Italic', 10, 38, { fontStyle: 'italic' }),
  text('Bold italic', 100, 38, { fontStyle: 'italic', fontWeight: 700, color: '#ffd84a' }),
  text('spaced', 10, 68, { letterSpacing: 8 }),
  text('tight', 170, 68, { letterSpacing: -2 }),
  text('half seen', 225, 68, { color: 'rgb(255 255 255 / 50%)' }),
  text('Ärger Žluťoučký Ελλάς Привет ắ', 10, 98, { fontSize: 18 }),
  text('shipped', 10, 128, { fontFamily: 'no such font' }),
  text('big', 100, 118, { fontSize: 48, fontWeight: 900 }),
  text('print of eleven pixels', 180, 146, { fontSize: 11 }),
]);

sheet('text-emoji', [
  text('Sold! 🎉 14 ETH 🔨', 10, 10, { fontSize: 28 }),
  text('👩‍🎨👍🏽🇪🇺❤️🏳️‍🌈', 10, 60, { fontSize: 36 }),
  text('a🙂b🙃c', 10, 120, { fontSize: 24, letterSpacing: 4 }),
  text('🍏', 250, 110, { fontSize: 48, shadow: { x: 4, y: 4, blur: 4, color: '#000000' } }),
]);

sheet('text-lines', [
  rectangle(10, 10, 140, 76, { fill: '#00000060' }),
  text('left\nsecond line\n3', 10, 10, { width: 140 }),
  rectangle(170, 10, 140, 76, { fill: '#00000060' }),
  text('right\nsecond line\n3', 170, 10, { width: 140, align: 'right' }),
  rectangle(10, 100, 140, 70, { fill: '#00000060' }),
  text('centre\nsecond line', 10, 100, { width: 140, align: 'center', lineHeight: 1.6 }),
  text('centred\namong\nthemselves', 180, 100, { align: 'center', lineHeight: 1 }),
]);

sheet('text-decorations', [
  text('Shadow', 20, 10, { fontSize: 32, shadow: { x: 3, y: 3, blur: 2, color: '#000000' } }),
  text('Glow', 180, 10, { fontSize: 32, shadow: { x: 0, y: 0, blur: 12, color: '#40c0ff' } }),
  text('Framed', 20, 70, { fontSize: 32, border: { width: 3, color: '#ffd84a' }, cornerRadius: 8 }),
  text('Anchored', 300, 170, { fontSize: 32, anchor: { x: 1, y: 1 }, border: { width: 1 } }),
  text('wide box', 180, 70, { width: 120, height: 40, align: 'center', border: { width: 2 } }),
]);

const TICKER: LayerInput = {
  id: 'ticker',
  type: 'ticker',
  text: 'Next: Lot 43 • Two Lovers at Dusk',
  x: 20,
  y: 20,
  width: 280,
  height: 30,
  fontSize: 20,
  speed: 100,
  gap: 40,
};

sheet(
  'ticker',
  [
    rectangle(20, 20, 280, 30, { fill: '#00000080' }),
    TICKER,
    { ...TICKER, id: 'back', y: 60, speed: -60, color: '#ffd84a', border: { width: 2 } },
    { ...TICKER, id: 'short', y: 100, text: '• go ', gap: 0, speed: 33 },
    {
      ...TICKER,
      id: 'shadow',
      y: 140,
      x: 100,
      width: 120,
      shadow: { x: 2, y: 2, blur: 2, color: '#f00' },
    },
  ],
  { timeMs: 2345 },
);

sheet(
  'clock-countdown-timer',
  [
    { id: 'clock', type: 'clock', x: 10, y: 10, fontSize: 28 },
    { id: 'date', type: 'clock', x: 10, y: 50, fontSize: 18, format: 'YYYY-MM-DD [at] h:mm A' },
    { id: 'zone', type: 'clock', x: 180, y: 10, fontSize: 28, timeZone: 'Asia/Kathmandu' },
    { id: 'left', type: 'countdown', to: '2024-05-05T15:00:00Z', x: 10, y: 80, fontSize: 28 },
    { id: 'over', type: 'countdown', to: '2024-05-05T14:00:00Z', x: 180, y: 80, fontSize: 28 },
    { id: 'timer', type: 'timer', x: 10, y: 120, fontSize: 36, format: 'mm:ss.cc', shadow: {} },
    {
      id: 'bid',
      type: 'timer',
      x: 190,
      y: 130,
      fontSize: 22,
      offsetMs: 12_000,
      format: '[Bid ]s[ ETH]',
      fontWeight: 700,
      color: '#ffd84a',
      border: { width: 1 },
    },
  ],
  { timeMs: 61_230 },
);

sheet('picture-sizes', [
  image('card', 10, 10),
  image('card', 110, 10, { width: 160, height: 120 }),
  image('card', 10, 90, { width: 30, height: 60 }),
  image('glow', 50, 90, { width: 60, height: 60 }),
  image('spectrum', 280, 10, { width: 30, height: 160 }),
  image('card', 110.5, 140.25, { width: 40, height: 30, animations: still('opacity', 1) }),
]);

sheet('picture-decorations', [
  image('card', 10, 10, { cornerRadius: 14 }),
  image('card', 110, 10, { border: { width: 5, color: '#ffd84a' }, cornerRadius: 10 }),
  image('card', 210, 10, { shadow: { x: 6, y: 6, blur: 6, color: '#000000' } }),
  image('glow', 10, 100, { shadow: { x: 6, y: 6, blur: 2, color: '#00ff00' } }),
  image('spectrum', 110, 90, { cornerRadius: 1000, border: { width: 3 }, shadow: {} }),
]);

sheet('placeholder', [
  image('missing', 10, 10, { width: 120, height: 70 }),
  image('missing', 150, 10, { width: 100, height: 100, cornerRadius: 20, border: { width: 4 } }),
  image('missing', 20, 100, { width: 100, height: 60, rotation: 10, shadow: {} }),
  image('missing', 270, 10, { width: 40, height: 150 }),
]);

sheet('picture-of-unknown-size', [image('missing', 0, 0)]);

sheet('rotation-and-anchor', [
  image('card', 60, 50, { rotation: 30, anchor: { x: 0.5, y: 0.5 } }),
  ...mark(60, 50),
  image('card', 130, 20, { rotation: 20 }),
  ...mark(130, 20),
  text('turned', 270, 60, { rotation: -30, anchor: { x: 0.5, y: 0.5 }, fontSize: 28 }),
  ...mark(270, 60),
  rectangle(60, 170, 70, 30, {
    rotation: -15,
    anchor: { x: 0, y: 1 },
    cornerRadius: 8,
    border: { width: 3, color: '#e07030' },
  }),
  ...mark(60, 170),
  image('card', 210, 130, { rotation: 90, anchor: { x: 0.5, y: 0.5 } }),
  ...mark(210, 130),
  image('card', 290, 140, { rotation: 180, anchor: { x: 1, y: 0 }, scale: 0.5 }),
  ...mark(290, 140),
]);

sheet('scale', [
  image('card', 10, 10, { scale: 0.5 }),
  image('card', 60, 10, { scale: 1.5 }),
  image('card', 260, 50, { scale: 0.75, anchor: { x: 0.5, y: 0.5 } }),
  ...mark(260, 50),
  text('twice', 10, 110, { scale: 2 }),
  // Larger at another time: what is seen is the large bitmap, scaled down.
  text('grows', 120, 110, {
    animations: [
      {
        property: 'scale',
        keyframes: [
          { atMs: 0, value: 1.5 },
          { atMs: 1000, value: 3 },
        ],
      },
    ],
  }),
  rectangle(230, 110, 30, 20, {
    scale: 2.5,
    cornerRadius: 6,
    border: { width: 2, color: '#e07030' },
    shadow: { x: 2, y: 2, blur: 2 },
  }),
]);

sheet('opacity', [
  image('spectrum', 0, 0, { width: 320, height: 180 }),
  ...[1, 0.75, 0.5, 0.25, 0.05].map((opacity, i) =>
    rectangle(10 + i * 62, 10, 50, 70, { opacity }),
  ),
  ...[1, 0.6, 0.3].map((opacity, i) => image('card', 10 + i * 100, 100, { opacity })),
]);

sheet('blend-modes', [
  image('spectrum', 0, 0, { width: 320, height: 180 }),
  ...BLEND_MODES.flatMap((blend, i) => {
    const [x, y] = [(i % 6) * 53 + 2, Math.floor(i / 6) * 60 + 2];
    return [
      image('glow', x, y, { width: 50, height: 56, blend }),
      text(blend, x, y + 40, { fontSize: 8 }),
    ];
  }),
]);

sheet(
  'portrait-scene-in-a-landscape',
  [
    rectangle(0, 0, 180, 320, { fill: '#304860' }),
    text('portrait', 90, 160, { anchor: { x: 0.5, y: 0.5 }, fontSize: 40 }),
    rectangle(-40, 250, 260, 30, { fill: '#e07030' }),
  ],
  { scene: { width: 180, height: 320, background: '#203020' } },
);

sheet(
  'scene-of-another-size',
  [
    image('card', 100, 100, { width: 600, height: 450, cornerRadius: 60 }),
    text('1920 x 1080', 1100, 200, { fontSize: 120 }),
    rectangle(1100, 500, 600, 300, {
      border: { width: 12, color: '#e07030' },
      shadow: { x: 20, y: 20, blur: 30 },
    }),
  ],
  { scene: { width: 1920, height: 1080 } },
);

sheet(
  'animations-half-way',
  [
    image('glow', 20, 20, {
      animations: [
        {
          property: 'x',
          keyframes: [
            { atMs: 0, value: 20, easing: 'ease-out' },
            { atMs: 2000, value: 240 },
          ],
        },
      ],
    }),
    rectangle(20, 100, 40, 40, {
      animations: [
        {
          property: 'fill',
          keyframes: [
            { atMs: 0, value: '#ff0000' },
            { atMs: 2000, value: '#0000ff' },
          ],
        },
        {
          property: 'width',
          keyframes: [
            { atMs: 0, value: 40 },
            { atMs: 2000, value: 140 },
          ],
        },
        {
          property: 'cornerRadius',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 2000, value: 40 },
          ],
        },
      ],
    }),
    text('turning', 250, 130, {
      anchor: { x: 0.5, y: 0.5 },
      animations: [
        {
          property: 'rotation',
          repeat: 'forever',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 8000, value: 360 },
          ],
        },
      ],
    }),
  ],
  { timeMs: 1000 },
);
