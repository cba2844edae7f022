import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sheet, TAKEN_AT_MS } from './sheet.js';

type TickerInput = Extract<LayerInput, { type: 'ticker' }>;

const NEWS: TickerInput['items'] = [
  { id: 'a', text: 'Lot 43 opens at nine' },
  { id: 'b', text: 'Lisbon 24 °C', color: '#ffd84a', image: 'glow' },
  { id: 'c', text: 'مزاد اليوم', image: 'card' },
  { id: 'd', text: '次の作品', atMs: TAKEN_AT_MS + 2000 },
];

function ticker(y: number, fields: Partial<TickerInput>): LayerInput {
  return {
    id: `ticker${y}`,
    type: 'ticker',
    x: 10,
    y,
    width: 300,
    height: 32,
    fontSize: 16,
    items: NEWS,
    gap: 14,
    separator: '•',
    border: { width: 1, color: '#ffffff40' },
    ...fields,
  };
}

for (const timeMs of [1500, 4000])
  sheet(
    `ticker-queues-after-${timeMs}-ms`,
    [
      ticker(8, {}),
      ticker(48, { direction: 'right' }),
      ticker(88, { loop: false }),
      ticker(128, { speed: 0, separator: '' }),
    ],
    { timeMs },
  );

const LONG =
  'Two Lovers at Dusk, oil on canvas, 1887.\nProvenance: private collection, Lisbon.\nخط من النص';

function column(x: number, fields: Partial<TickerInput>): LayerInput {
  return {
    id: `column${x}`,
    type: 'ticker',
    x,
    y: 10,
    width: 90,
    height: 160,
    fontSize: 14,
    text: LONG,
    gap: 20,
    speed: 40,
    border: { width: 1, color: '#ffffff40' },
    ...fields,
  };
}

sheet(
  'ticker-columns',
  [
    column(10, { direction: 'up' }),
    column(115, { direction: 'down', align: 'right' }),
    column(220, {
      direction: 'up',
      items: NEWS,
      gap: 12,
      separator: '–',
      align: 'center',
      shadow: { x: 2, y: 2, blur: 2 },
    }),
  ],
  { timeMs: 3000 },
);
