import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import { FULL_MOTION_ASSET_IDS } from '../../src/demo/full-motion.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Filter, Gradient } from '../../src/scene/schema/style.js';
import { TILE, type Tile } from './tile.js';

const { background, host, artwork, badge } = AUCTION_ASSET_IDS;
const PANORAMA = FULL_MOTION_ASSET_IDS.background;

/** The picture with a green background, and its colour. */
export const GREEN_SCREEN_ID = 'sheet-green-screen';
export const GREEN_SCREEN_COLOR = '#00c050';

const WHOLE = { width: TILE.width, height: TILE.height } as const;
const MIDDLE = { x: TILE.width / 2, y: TILE.height / 2, anchor: { x: 0.5, y: 0.5 } } as const;

function ground(asset: string): LayerInput {
  return { id: 'ground', type: 'image', asset, fit: 'cover', ...WHOLE };
}

const FILTERS: readonly Filter[] = [
  { type: 'blur', radius: 4 },
  { type: 'brightness', amount: 1.5 },
  { type: 'contrast', amount: 1.8 },
  { type: 'saturation', amount: 2.2 },
  { type: 'hue', degrees: 120 },
  { type: 'grayscale', amount: 1 },
  { type: 'sepia', amount: 1 },
  { type: 'invert', amount: 1 },
];

const BLENDS = [
  'multiply',
  'screen',
  'overlay',
  'color-dodge',
  'difference',
  'luminosity',
] as const;

const STOPS = ['#4dabf7', '#9775fa', '#ff6b6b', '#ffd43b'].map((color, i) => ({
  at: i / 3,
  color,
}));
const GRADIENTS: Gradient[] = [
  { type: 'linear', angle: 135, stops: STOPS },
  { type: 'radial', center: { x: 0.5, y: 0.5 }, radius: 0.6, stops: STOPS },
  { type: 'conic', center: { x: 0.5, y: 0.5 }, angle: 0, stops: STOPS },
];

/** What every layer can be given. */
export const STYLE_TILES: readonly Tile[] = [
  {
    label: 'borders and several shadows',
    layers: [
      {
        id: 'card',
        type: 'image',
        asset: artwork,
        ...MIDDLE,
        width: 128,
        height: 128,
        cornerRadius: 26,
        border: { width: 5, color: '#ffffff' },
        shadow: [
          { x: -26, y: 0, blur: 40, color: '#ff5e62' },
          { x: 26, y: 0, blur: 40, color: '#4dabf7' },
          { x: 0, y: 14, blur: 30, color: '#000000c0' },
        ],
      },
    ],
  },
  {
    label: 'filters: blur, hue, sepia, …',
    layers: FILTERS.map((filter, i): LayerInput => ({
      id: `filter-${i}`,
      type: 'image',
      asset: artwork,
      filters: [filter],
      x: 14 + (i % 4) * 82,
      y: 14 + Math.floor(i / 4) * 87,
      width: 78,
      height: 83,
      fit: 'cover',
    })),
  },
  {
    label: 'masks: figures and layers, alpha or luma',
    layers: [
      {
        id: 'oval',
        type: 'image',
        asset: host,
        x: 8,
        y: 8,
        width: 160,
        height: 182,
        fit: 'cover',
        focus: { x: 0.5, y: 0.2 },
        mask: { type: 'shape', shape: 'ellipse', x: 8, y: 4, width: 144, height: 174 },
      },
      {
        id: 'star',
        type: 'image',
        asset: badge,
        visible: false,
        x: 176,
        y: 14,
        width: 168,
        height: 168,
      },
      {
        id: 'masked',
        type: 'image',
        asset: artwork,
        x: 180,
        y: 18,
        width: 160,
        height: 160,
        mask: { type: 'layer', layer: 'star', mode: 'alpha' },
      },
    ],
  },
  {
    label: 'chroma key',
    layers: [
      ground(PANORAMA),
      {
        id: 'raw',
        type: 'image',
        asset: GREEN_SCREEN_ID,
        x: 20,
        y: 16,
        width: 126,
        height: 168,
        cornerRadius: 10,
      },
      {
        id: 'keyed',
        type: 'image',
        asset: GREEN_SCREEN_ID,
        x: 196,
        y: 16,
        width: 136,
        height: 182,
        chromaKey: { color: GREEN_SCREEN_COLOR, similarity: 0.22, spill: 0.08 },
      },
    ],
  },
  {
    label: 'blend modes of CSS',
    layers: [
      ground(PANORAMA),
      ...BLENDS.map((blend, i): LayerInput => ({
        id: `blend-${i}`,
        type: 'shape',
        shape: 'ellipse',
        blend,
        fill: '#ff8a3d',
        x: 22 + (i % 3) * 108,
        y: 12 + Math.floor(i / 3) * 92,
        width: 92,
        height: 82,
      })),
    ],
  },
  {
    label: 'turned, leaning, in perspective',
    layers: [
      {
        id: 'turned',
        type: 'image',
        asset: artwork,
        x: 66,
        y: 99,
        width: 92,
        height: 92,
        anchor: { x: 0.5, y: 0.5 },
        rotation: -14,
      },
      {
        id: 'leaning',
        type: 'image',
        asset: artwork,
        x: 176,
        y: 99,
        width: 86,
        height: 92,
        anchor: { x: 0.5, y: 0.5 },
        skewX: -16,
      },
      {
        id: 'tilted',
        type: 'image',
        asset: artwork,
        x: 282,
        y: 99,
        width: 112,
        height: 112,
        anchor: { x: 0.5, y: 0.5 },
        rotationY: 48,
        rotationX: 12,
        perspective: 300,
      },
    ],
  },
  {
    label: 'a group faded as one',
    layers: [
      ground(background),
      {
        id: 'faded',
        type: 'group',
        x: 0,
        y: 0,
        ...WHOLE,
        opacity: 0.6,
        layers: ['#ff6b6b', '#ffd43b', '#4dabf7'].map((fill, i): LayerInput => ({
          id: `disc-${i}`,
          type: 'shape',
          shape: 'ellipse',
          fill,
          x: 56 + 66 * i,
          y: 46,
          width: 108,
          height: 108,
        })),
      },
    ],
  },
  {
    label: 'gradients: linear, radial, conic',
    layers: GRADIENTS.map((fill, i): LayerInput => ({
      id: `gradient-${i}`,
      type: 'shape',
      shape: 'rectangle',
      cornerRadius: 16,
      fill,
      x: 18 + i * 108,
      y: 49,
      width: 100,
      height: 100,
    })),
  },
  {
    label: 'onError: placeholder, fallback, …',
    layers: [
      {
        id: 'missing',
        type: 'image',
        asset: 'not-there',
        x: 24,
        y: 34,
        width: 144,
        height: 130,
      },
      {
        id: 'also-missing',
        type: 'image',
        asset: 'not-there',
        onError: 'fallback',
        fallback: 'stand-in',
        x: 184,
        y: 34,
        width: 144,
        height: 130,
      },
      {
        id: 'stand-in',
        type: 'image',
        asset: artwork,
        visible: false,
        x: 184,
        y: 34,
        width: 144,
        height: 130,
        fit: 'cover',
        cornerRadius: 10,
      },
    ],
  },
  {
    label: 'keyframes, springs, enter and exit',
    layers: Array.from({ length: 14 }, (_, i): LayerInput => ({
      id: `trail-${i}`,
      type: 'shape',
      shape: 'star',
      fill: '#ffd84a',
      width: 46,
      height: 46,
      anchor: { x: 0.5, y: 0.5 },
      opacity: (i + 1) / 14,
      rotation: i * 13,
      x: 36 + i * 21.5,
      y: 158 - 116 * Math.abs(Math.sin(i * 0.52)) * (0.5 + 0.5 * (i / 13)),
    })),
  },
];
