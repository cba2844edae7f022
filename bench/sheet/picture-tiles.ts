import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import type { LayerInput, LayerType } from '../../src/scene/schema/layer.js';
import { LOTTIE_ID } from './lottie-file.js';
import { VIDEO_ID } from './video-file.js';
import { HUES, MIDDLE, SUNSET, TILE, type Tile } from './tile.js';

const { host, artwork } = AUCTION_ASSET_IDS;

function figure(i: number, fields: Partial<Extract<LayerInput, { type: 'shape' }>>): LayerInput {
  const [x, y] = [24 + (i % 3) * 108, 14 + Math.floor(i / 3) * 92];
  const base = { id: `figure-${i}`, type: 'shape', shape: 'star', x, y } as const;
  return { ...base, width: 88, height: 78, fill: SUNSET, ...fields };
}

/** Tiles of pictures and figures. */
export const PICTURE_TILES = {
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
  // A sheet has nothing live: it shows what there is before an input sends.
  input: [
    {
      label: 'input: before it sends',
      layers: [
        { id: 'input', type: 'input', input: 'none', width: 352, height: 198, cornerRadius: 16 },
      ],
    },
  ],
  video: [
    {
      label: 'video: fit, corners, speed, in and out',
      layers: [
        {
          id: 'plain',
          type: 'video',
          asset: VIDEO_ID,
          x: 16,
          y: 24,
          width: 180,
          height: 150,
          fit: 'cover',
          inMs: 500,
          outMs: 1500,
        },
        {
          id: 'framed',
          type: 'video',
          asset: VIDEO_ID,
          x: 214,
          y: 54,
          width: 122,
          height: 90,
          fit: 'cover',
          cornerRadius: 18,
          border: { width: 4, color: '#ffffff' },
          speed: 2,
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
} satisfies { readonly [T in LayerType]?: readonly Tile[] };
