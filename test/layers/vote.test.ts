import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Gradient } from '../../src/scene/schema/style.js';
import { nextId, sheet } from '../render/sheet.js';

type Vote = Extract<LayerInput, { type: 'vote' }>;

function vote(x: number, y: number, fields: Partial<Vote>): Vote {
  return {
    id: nextId(),
    type: 'vote',
    x,
    y,
    width: 145,
    height: 75,
    fontSize: 13,
    gap: 6,
    ...fields,
  };
}

const OPTIONS: NonNullable<Vote['options']> = [
  { id: 'a', label: 'Sell now', value: 412 },
  { id: 'b', label: 'Wait for one more bid, or for two', value: 655, color: '#34d399' },
  { id: 'c', label: 'Withdraw', value: 98 },
];

const WARM: Gradient = {
  type: 'linear',
  angle: 90,
  stops: [
    { at: 0, color: '#f472b6' },
    { at: 1, color: '#facc15' },
  ],
};

sheet('votes', [
  vote(10, 8, { options: OPTIONS }),
  vote(165, 8, {
    options: OPTIONS,
    order: 'descending',
    figures: '{count} ({percent})',
    labels: 'inside',
    winner: { fill: '#be123c', color: '#fde68a', fontWeight: 800 },
    barRadius: 4,
  }),
  vote(10, 93, {
    options: [
      { id: 'a', label: 'כן', value: 34 },
      { id: 'b', label: 'אולי מחר בבוקר, אם לא ירד גשם', value: 34 },
      { id: 'c', label: 'לא', value: 12 },
    ],
    scaleTo: 'largest',
  }),
  vote(165, 93, {
    options: OPTIONS,
    orientation: 'vertical',
    figures: '{count}',
    background: '#00000080',
    padding: 6,
    cornerRadius: 10,
    border: { width: 2, color: '#38bdf8' },
    shadow: {},
    fill: WARM,
    winner: null,
  }),
]);

sheet('votes-of-all-sizes', [
  vote(10, 8, { options: OPTIONS.map((option) => ({ ...option, value: 0 })), height: 60 }),
  vote(165, 8, { options: [{ id: 'only', label: 'The only one', value: 3 }], height: 40 }),
  vote(165, 52, { options: [], background: '#ffffff20', height: 16, cornerRadius: 8 }),
  vote(10, 74, {
    options: Array.from({ length: 20 }, (_, i) => ({
      id: `o${i}`,
      label: `No ${i + 1}`,
      value: i * i,
    })),
    height: 100,
    figures: '{count}',
  }),
  vote(165, 74, {
    options: Array.from({ length: 20 }, (_, i) => ({
      id: `o${i}`,
      label: `${i + 1}`,
      value: 20 - i,
    })),
    height: 100,
    orientation: 'vertical',
    figures: '{count}',
    scaleTo: 'largest',
    direction: 'rtl',
    opacity: 0.7,
    rotation: -3,
  }),
]);
