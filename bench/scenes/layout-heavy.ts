import { createRandom } from '../../src/demo/random.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';

const SEED = 11;
const CELLS = 24;
const TILES = 12;
const ROWS_IN_LIST = 10;
const COLORS = ['#24406c', '#5c2f6b', '#27605a', '#6b4a24', '#3c3c78', '#6b2f3c'];

function colorOf(i: number): string {
  return COLORS[i % COLORS.length] ?? '#24406c';
}

/** A lot as a card of a grid: a picture's place that grows, a title, and a row of price and badge. */
function cell(i: number, price: number): LayerInput {
  return {
    id: `cell-${i}`,
    type: 'group',
    background: colorOf(i),
    cornerRadius: 12,
    layout: { type: 'flex', direction: 'column', gap: 6, padding: 12 },
    layers: [
      {
        id: `picture-${i}`,
        type: 'shape',
        shape: 'ellipse',
        width: 40,
        height: 40,
        fill: '#ffffff40',
        slot: { grow: 1, minHeight: 20 },
      },
      { id: `title-${i}`, type: 'text', text: `Lot ${i + 1}`, fontSize: 20, fontWeight: 600 },
      {
        id: `foot-${i}`,
        type: 'group',
        layout: { type: 'flex', justify: 'space-between', align: 'center' },
        layers: [
          { id: `price-${i}`, type: 'text', text: `${price} ETH`, fontSize: 18, color: '#ffd84a' },
        ],
      },
    ],
  };
}

function tile(i: number): LayerInput {
  return {
    id: `tile-${i}`,
    type: 'group',
    background: colorOf(i + 3),
    overflow: 'hidden',
    layout: { type: 'flex', direction: 'column', justify: 'end', padding: 8 },
    layers: [{ id: `guest-${i}`, type: 'text', text: `Guest ${i + 1}`, fontSize: 18, maxLines: 1 }],
  };
}

/** A row of the list: it slides in at the end, and the others move up as the first one leaves. */
function row(number: number): LayerInput {
  return {
    id: `row-${number}`,
    type: 'group',
    background: '#ffffff18',
    cornerRadius: 8,
    layout: { type: 'flex', justify: 'space-between', align: 'center', padding: 12 },
    enter: { type: 'slide', direction: 'left', distance: 200, durationMs: 400 },
    exit: { type: 'fade', durationMs: 300 },
    layers: [
      { id: `bidder-${number}`, type: 'text', text: `Bidder ${number}`, fontSize: 22 },
      {
        id: `amount-${number}`,
        type: 'text',
        text: `${12 + number} ETH`,
        fontSize: 22,
        color: '#ffd84a',
      },
    ],
  };
}

/**
 * Two hundred layers in groups in groups: a flex page of a header, a grid of cards, tiles, and a list that gets and
 * loses a row every second while the others move to their new places.
 */
export function layoutHeavyScene(second: number): SceneInput {
  const random = createRandom(SEED);
  const prices = Array.from({ length: CELLS }, () => 1 + Math.floor(random() * 90));
  return {
    id: 'layout-heavy',
    background: '#0c1322',
    layers: [
      {
        id: 'page',
        type: 'group',
        width: 1920,
        height: 1080,
        layout: { type: 'flex', direction: 'column', gap: 24, padding: 32, align: 'stretch' },
        layers: [
          {
            id: 'header',
            type: 'group',
            layout: { type: 'flex', justify: 'space-between', align: 'center' },
            layers: [
              { id: 'heading', type: 'text', text: 'All lots', fontSize: 56, fontWeight: 800 },
              { id: 'time', type: 'clock', format: 'HH:mm:ss', fontSize: 44 },
            ],
          },
          {
            id: 'body',
            type: 'group',
            slot: { grow: 1, shrink: 1, minHeight: 0 },
            layout: { type: 'flex', gap: 24, align: 'stretch' },
            layers: [
              {
                id: 'grid',
                type: 'group',
                slot: { grow: 3, shrink: 1, basis: 0 },
                layout: { type: 'grid', columns: 6, rows: [1, 1, 1, 1].map(() => '1fr'), gap: 12 },
                layers: prices.map((price, i) => cell(i, price)),
              },
              {
                id: 'tiles',
                type: 'group',
                slot: { grow: 2, shrink: 1, basis: 0 },
                layout: { type: 'tiles', aspectRatio: 1.4, gap: 12 },
                layers: Array.from({ length: TILES }, (_, i) => tile(i)),
              },
              {
                id: 'list',
                type: 'group',
                slot: { width: 360, shrink: 0 },
                layout: { type: 'flex', direction: 'column', gap: 10 },
                layoutTransition: { durationMs: 500, easing: 'ease-in-out-cubic' },
                layers: Array.from({ length: ROWS_IN_LIST }, (_, i) => row(second + i)),
              },
            ],
          },
        ],
      },
    ],
  };
}
