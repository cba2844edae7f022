import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS } from '../../src/demo/full-motion.js';
import type { LayerInput, LayerType } from '../../src/scene/schema/layer.js';
import type { Gradient } from '../../src/scene/schema/style.js';
import { LOTTIE_ID } from './lottie-file.js';
import { SHEET_MOMENT_MS, TILE, type Tile } from './tile.js';
import { VOTE_TILES } from './vote-tiles.js';

/** The scene that is shown in one of the tiles. */
export const INNER_SCENE_ID = 'auction';

const CENTRED = { anchor: { x: 0.5, y: 0.5 } } as const;
const MIDDLE = { x: TILE.width / 2, y: TILE.height / 2, ...CENTRED } as const;
const { background, host, artwork, badge } = AUCTION_ASSET_IDS;

const SUNSET: Gradient = {
  type: 'linear',
  angle: 135,
  stops: [
    { at: 0, color: '#ffb347' },
    { at: 0.5, color: '#ff5e62' },
    { at: 1, color: '#8e44ad' },
  ],
};

function figure(i: number, fields: Partial<Extract<LayerInput, { type: 'shape' }>>): LayerInput {
  const [x, y] = [24 + (i % 3) * 108, 14 + Math.floor(i / 3) * 92];
  const base = { id: `figure-${i}`, type: 'shape', shape: 'star', x, y } as const;
  return { ...base, width: 88, height: 78, fill: SUNSET, ...fields };
}

function box(id: string, fill: string, more: Record<string, unknown> = {}): LayerInput {
  return {
    id,
    type: 'shape',
    shape: 'rectangle',
    width: 44,
    height: 34,
    cornerRadius: 6,
    fill,
    ...more,
  };
}

const HUES = ['#ff6b6b', '#ffa94d', '#ffd43b', '#69db7c', '#4dabf7', '#9775fa', '#f783ac'];

function boxes(count: number, more: Record<string, unknown> = {}): LayerInput[] {
  return Array.from({ length: count }, (_, i) =>
    box(`box-${i}`, HUES[i % HUES.length] ?? '#ffffff', more),
  );
}

/** What has no size of its own fills its cell. */
function area(id: string, background: string, slot: NonNullable<LayerInput['slot']>): LayerInput {
  return { id, type: 'group', background, cornerRadius: 8, slot, layers: [] };
}

const INSIDE = { x: 16, y: 16, width: TILE.width - 32, height: TILE.height - 32 } as const;

/** Tiles for every kind of layer: the compiler asks for those that are missing. */
export const KIND_TILES: { readonly [T in LayerType]: readonly Tile[] } = {
  text: [
    {
      label: 'text: spans, strokes, gradients',
      layers: [
        {
          id: 'rich',
          type: 'text',
          x: 20,
          y: 18,
          width: 312,
          fontSize: 44,
          fontWeight: 800,
          spans: [
            { text: 'Going ' },
            { text: 'twice', color: SUNSET },
            { text: '\nfor ', fontSize: 28, fontWeight: 400 },
            { text: '14.50 ETH', fontSize: 36, color: '#ffd84a', underline: true },
          ],
          stroke: { width: 2, color: '#00000090' },
          shadow: { y: 4, blur: 10 },
        },
        {
          id: 'boxed',
          type: 'text',
          x: 20,
          y: 138,
          text: 'with a box behind it',
          fontSize: 20,
          box: { color: '#4dabf780', padding: { x: 12, y: 6 }, cornerRadius: 12 },
        },
      ],
    },
    {
      label: 'text: any script, wrapped, ellipsis',
      layers: [
        {
          id: 'scripts',
          type: 'text',
          x: 20,
          y: 16,
          width: 312,
          fontSize: 21,
          maxLines: 6,
          text: 'Ελληνικά · Кириллица · Tiếng Việt\nمرحبا بالعالم · שלום עולם\nनमस्ते दुनिया · สวัสดีชาวโลก\nこんにちは · 你好 · 안녕하세요\n👩🏽‍🚀 👨‍👩‍👧‍👦 🇫🇷 and a line that is so long that it must be wrapped, and then cut off somewhere',
        },
      ],
    },
    {
      label: 'text: justified, spaced, shrunk to fit',
      layers: [
        {
          id: 'justified',
          type: 'text',
          x: 20,
          y: 16,
          width: 312,
          fontSize: 18,
          align: 'justify',
          maxLines: 4,
          color: '#d8e0f0',
          text: 'Lines are broken where Unicode allows it, spread to both edges, cut off with an ellipsis, or made smaller until they fit their box, whatever they say.',
        },
        {
          id: 'spaced',
          type: 'text',
          x: 20,
          y: 112,
          text: 'SOLD',
          fontSize: 26,
          fontWeight: 700,
          letterSpacing: 14,
          color: '#69db7c',
        },
        {
          id: 'shrunk',
          type: 'text',
          x: 20,
          y: 150,
          width: 312,
          height: 34,
          fontSize: 40,
          text: 'A headline that is much too long',
          fit: 'shrink',
          fontWeight: 800,
        },
      ],
    },
  ],
  image: [
    {
      label: 'image: fit, focus, crop',
      layers: [
        {
          id: 'cover',
          type: 'image',
          asset: artwork,
          x: 16,
          y: 20,
          width: 100,
          height: 158,
          fit: 'cover',
          focus: { x: 0.5, y: 0.3 },
          cornerRadius: 10,
        },
        {
          id: 'contain',
          type: 'image',
          asset: host,
          x: 126,
          y: 20,
          width: 100,
          height: 158,
          fit: 'contain',
        },
        {
          id: 'crop',
          type: 'image',
          asset: artwork,
          x: 236,
          y: 20,
          width: 100,
          height: 158,
          fit: 'cover',
          crop: { x: 190, y: 170, width: 250, height: 250 },
          cornerRadius: 50,
        },
      ],
    },
  ],
  lottie: [
    {
      label: 'lottie: loop, speed, segment',
      layers: [
        {
          id: 'lottie',
          type: 'lottie',
          asset: LOTTIE_ID,
          x: 0,
          y: 0,
          width: TILE.width,
          height: TILE.height,
        },
      ],
    },
  ],
  shape: [
    {
      label: 'shape: figures, paths, dashes',
      layers: [
        figure(0, {}),
        figure(1, { shape: 'polygon', pointCount: 6, stroke: { width: 5, color: '#ffffff' } }),
        figure(2, {
          shape: 'ellipse',
          fill: 'transparent',
          stroke: { width: 8, color: '#ffd84a', dash: [18, 10], cap: 'round' },
        }),
        figure(3, { shape: 'rectangle', cornerRadius: 22 }),
        figure(4, {
          shape: 'path',
          viewBox: { x: 0, y: 0, width: 24, height: 24 },
          path: 'M12 21 C2 13 2 4 8 4 C10 4 11.5 5 12 7 C12.5 5 14 4 16 4 C22 4 22 13 12 21 Z',
        }),
        figure(5, {
          shape: 'star',
          pointCount: 12,
          innerRadius: 0.7,
          fill: {
            type: 'conic',
            stops: HUES.map((color, i) => ({ at: i / (HUES.length - 1), color })),
          },
        }),
      ],
    },
  ],
  pattern: [
    {
      label: 'pattern: bars and test pictures',
      layers: [
        {
          id: 'bars',
          type: 'pattern',
          pattern: 'smpte-bars',
          x: 0,
          y: 0,
          width: TILE.width,
          height: TILE.height,
        },
      ],
    },
  ],
  qr: [
    {
      label: 'qr: crisp at any size',
      layers: [
        {
          id: 'code',
          type: 'qr',
          text: 'https://example.com/lots/42',
          ...MIDDLE,
          width: 164,
          height: 164,
          cornerRadius: 12,
          dark: '#1a1033',
        },
      ],
    },
  ],
  progress: [
    {
      label: 'progress: bar, ring, segments',
      layers: [
        {
          id: 'ring',
          type: 'progress',
          style: 'ring',
          x: 24,
          y: 29,
          width: 140,
          height: 140,
          value: 0.72,
          fill: SUNSET,
          thickness: 18,
          label: { fontSize: 30, fontWeight: 700 },
        },
        {
          id: 'bar',
          type: 'progress',
          x: 188,
          y: 56,
          width: 140,
          height: 22,
          value: 0.6,
          cornerRadius: 11,
        },
        {
          id: 'segments',
          type: 'progress',
          style: 'segments',
          x: 188,
          y: 118,
          width: 140,
          height: 26,
          value: 0.7,
          fill: '#69db7c',
        },
      ],
    },
  ],
  table: [
    {
      label: 'table: ranks, formats, rows that slide',
      layers: [
        {
          id: 'table',
          type: 'table',
          x: 14,
          y: 12,
          width: 324,
          height: 176,
          fontSize: 18,
          rank: true,
          sortBy: { column: 'bid' },
          rowHeight: 40,
          cellPadding: 10,
          header: { height: 28, fontSize: 14 },
          columns: [
            { key: 'name', title: 'Bidder' },
            { key: 'bid', title: 'ETH', width: 'auto', align: 'right', color: '#ffd84a' },
          ],
          rows: [
            { id: 'mira', cells: { name: 'Mira', bid: 14.5 } },
            { id: 'otto', cells: { name: 'Otto', bid: 21 }, background: '#ff5e6266' },
            { id: 'agatha', cells: { name: 'Agatha', bid: 18.25 } },
          ],
        },
      ],
    },
  ],
  vote: VOTE_TILES,
  ticker: [
    {
      label: 'ticker: four directions, a queue',
      layers: [
        {
          id: 'strip',
          type: 'shape',
          shape: 'rectangle',
          y: 70,
          width: TILE.width,
          height: 58,
          fill: '#00000080',
        },
        {
          id: 'ticker',
          type: 'ticker',
          y: 72,
          width: TILE.width,
          height: 54,
          fontSize: 32,
          text: 'Next: Two Lovers at Dusk  •  All bids are binding  •',
        },
      ],
    },
  ],
  clock: [
    {
      label: 'clock: zones and languages',
      layers: [
        {
          id: 'clock',
          type: 'clock',
          timeZone: 'Europe/Paris',
          format: 'HH:mm:ss',
          ...MIDDLE,
          y: 78,
          fontSize: 64,
          fontWeight: 700,
        },
        {
          id: 'date',
          type: 'clock',
          timeZone: 'Asia/Tokyo',
          format: 'YYYY-MM-DD HH:mm',
          ...MIDDLE,
          y: 144,
          fontSize: 24,
          color: '#ffffffa0',
        },
      ],
    },
  ],
  countdown: [
    {
      label: 'countdown',
      layers: [
        {
          id: 'until',
          type: 'text',
          text: 'The sale begins in',
          ...MIDDLE,
          y: 56,
          fontSize: 24,
          color: '#ffffffa0',
        },
        {
          id: 'countdown',
          type: 'countdown',
          to: '2026-06-20T21:00:00Z',
          ...MIDDLE,
          y: 116,
          format: 'mm:ss',
          fontSize: 76,
          fontWeight: 800,
          color: '#ff8787',
        },
      ],
    },
  ],
  timer: [
    {
      label: 'timer: since the scene is on air',
      layers: [
        {
          id: 'timer',
          type: 'timer',
          format: 'mm:ss.cc',
          ...MIDDLE,
          fontSize: 64,
          fontWeight: 600,
        },
      ],
    },
  ],
  stopwatch: [
    {
      label: 'stopwatch: started and stopped by calls',
      layers: [
        {
          id: 'stopwatch',
          type: 'stopwatch',
          format: 'm:ss',
          countdownFromMs: 90_000,
          startedAtMs: SHEET_MOMENT_MS - 20_000,
          ...MIDDLE,
          fontSize: 84,
          fontWeight: 800,
          color: '#69db7c',
        },
      ],
    },
  ],
  chat: [
    {
      label: 'chat: authors, emotes, motion',
      layers: [
        {
          id: 'chat',
          type: 'chat',
          x: 14,
          y: 10,
          width: 324,
          height: 178,
          fontSize: 19,
          spacing: 8,
          box: { color: '#00000070', padding: { x: 12, y: 6 }, cornerRadius: 12 },
          messages: [
            { id: 'a', author: 'Mira', text: 'look at those brush strokes' },
            {
              id: 'b',
              author: 'Anton',
              text: 'star 14 ETH and it is mine star',
              emotes: [{ token: 'star', asset: badge }],
            },
            { id: 'c', author: 'Zsófia', text: 'the apple is so green 🍏' },
            { id: 'd', author: 'Otto', text: 'going once, going twice!' },
          ],
        },
      ],
    },
  ],
  scene: [
    {
      label: 'scene: one in another',
      layers: [
        { id: 'ground', type: 'image', asset: background, width: TILE.width, height: TILE.height },
        {
          id: 'scene',
          type: 'scene',
          scene: INNER_SCENE_ID,
          ...MIDDLE,
          width: 300,
          height: 168.75,
          cornerRadius: 12,
          rotation: -4,
        },
      ],
    },
  ],
  group: [
    {
      label: 'group: flex layout',
      layers: [
        {
          id: 'flex',
          type: 'group',
          ...INSIDE,
          layout: { type: 'flex', wrap: 'wrap', gap: 8, alignContent: 'center' },
          layers: boxes(13).map((layer, i) => ({ ...layer, slot: { grow: (i % 3) + 1 } })),
        },
      ],
    },
    {
      label: 'group: grid layout',
      layers: [
        {
          id: 'grid',
          type: 'group',
          ...INSIDE,
          layout: {
            type: 'grid',
            columns: ['1fr', '2fr', '1fr'],
            rows: ['1fr', '1fr', '1fr'],
            gap: 8,
          },
          layers: [
            area('a', '#ff6b6b', { columnSpan: 2 }),
            area('b', '#ffa94d', { rowSpan: 2 }),
            area('c', '#4dabf7', {}),
            area('d', '#69db7c', {}),
            area('e', '#9775fa', { columnSpan: 3 }),
          ],
        },
      ],
    },
    {
      label: 'group: tiles layout',
      layers: [
        {
          id: 'tiles',
          type: 'group',
          ...INSIDE,
          layout: { type: 'tiles', gap: 8 },
          layers: FULL_MOTION_ASSET_IDS.sprites.slice(0, 5).map((asset, i): LayerInput => ({
            id: `guest-${i}`,
            type: 'group',
            background: `${HUES[i] ?? '#ffffff'}66`,
            cornerRadius: 10,
            layout: { type: 'flex', justify: 'center', align: 'center' },
            layers: [{ id: `face-${i}`, type: 'image', asset, width: 60, height: 60 }],
          })),
        },
      ],
    },
  ],
};
