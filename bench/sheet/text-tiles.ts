import type { LayerType } from '../../src/scene/schema/layer.js';
import { SUNSET, type Tile } from './tile.js';

/** Tiles of texts. */
export const TEXT_TILES = {
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
} satisfies { readonly [T in LayerType]?: readonly Tile[] };
