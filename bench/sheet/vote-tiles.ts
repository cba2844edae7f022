import type { Tile } from './tile.js';

/** Polls: lying bars by their votes, and upright ones with a tie. */
export const VOTE_TILES: readonly Tile[] = [
  {
    label: 'vote: bars that glide, the winner marked',
    layers: [
      {
        id: 'vote',
        type: 'vote',
        x: 16,
        y: 14,
        width: 190,
        height: 170,
        fontSize: 18,
        gap: 10,
        order: 'descending',
        figures: '{percent}',
        barRadius: 6,
        options: [
          { id: 'apple', label: 'The apple', value: 412, color: '#f783ac' },
          { id: 'lovers', label: 'Two Lovers', value: 655 },
          { id: 'none', label: 'Neither of them', value: 98 },
        ],
      },
      {
        id: 'upright',
        type: 'vote',
        x: 222,
        y: 14,
        width: 116,
        height: 170,
        fontSize: 15,
        orientation: 'vertical',
        figures: '{count}',
        scaleTo: 'largest',
        gap: 10,
        options: [
          { id: 'a', label: 'A', value: 21 },
          { id: 'b', label: 'B', value: 34 },
          { id: 'c', label: 'C', value: 34 },
        ],
      },
    ],
  },
];
