import { AUCTION_ASSET_IDS } from '../../src/demo/auction.js';
import type { LayerType } from '../../src/scene/schema/layer.js';
import { MIDDLE, SHEET_MOMENT_MS, TILE, type Tile } from './tile.js';
import { VOTE_TILES } from './vote-tiles.js';

const { badge } = AUCTION_ASSET_IDS;

/** Tiles of what shows data, time or what people write. */
export const DATA_TILES = {
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
} satisfies { readonly [T in LayerType]?: readonly Tile[] };
