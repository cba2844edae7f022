import type { LayerInput, LayerType } from '../../scene/schema/layer.js';

type Example<T extends LayerType> = Extract<LayerInput, { type: T }>;

/** One layer of every kind, as a user may send it: the compiler asks for those that are missing. */
export const LAYER_EXAMPLES: { readonly [T in LayerType]: Example<T> } = {
  text: {
    ...{ id: 'bid', type: 'text', x: 80, y: 900, width: 720, fontSize: 64, fontWeight: 700 },
    spans: [
      { text: 'Current bid ' },
      { text: '{{bid.amount | currency:"EUR"}}', color: '#ffd84a' },
    ],
    stroke: { width: 4, color: '#000000' },
  },
  image: {
    ...{ id: 'lot', type: 'image', asset: 'lot-42', x: 80, y: 120, width: 640, height: 640 },
    ...{ cornerRadius: 24, shadow: { y: 12, blur: 40 } },
    filters: [{ type: 'saturation', amount: 1.2 }],
  },
  shape: {
    ...{ id: 'panel', type: 'shape', shape: 'rectangle', x: 60, y: 880, width: 800, height: 140 },
    fill: {
      type: 'linear',
      stops: [
        { at: 0, color: '#203050' },
        { at: 1, color: '#101828' },
      ],
    },
  },
  pattern: { id: 'bars', type: 'pattern', pattern: 'smpte-bars', width: 1920, height: 1080 },
  qr: { id: 'code', type: 'qr', text: 'https://example.com/lots/42', x: 1600, y: 760, width: 256 },
  progress: {
    ...{ id: 'goal', type: 'progress', value: 64, max: 100, x: 80, y: 960, width: 720 },
    ...{ height: 32, cornerRadius: 16, label: { text: '{value} of {max}' } },
  },
  table: {
    ...{ id: 'leaders', type: 'table', x: 1240, y: 120, width: 600, rank: true, maxRows: 5 },
    columns: [
      { key: 'name', title: 'Bidder' },
      {
        ...{ key: 'total', title: 'Total', width: 'auto', align: 'right', fontWeight: 700 },
        format: { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 },
      },
    ],
    rows: [
      { id: 'ada', cells: { name: 'Ada', total: 12400 } },
      { id: 'grace', cells: { name: 'Grace', total: 15100 }, color: '#ffd84a' },
    ],
    sortBy: { column: 'total' },
  },
  ticker: {
    ...{ id: 'news', type: 'ticker', text: 'Bids are binding', y: 1010, width: 1920, height: 64 },
    ...{ fontSize: 36, speed: 180 },
  },
  clock: { id: 'time', type: 'clock', timeZone: 'Europe/Paris', format: 'HH:mm', x: 1700, y: 40 },
  countdown: { id: 'left', type: 'countdown', to: '2030-01-01T00:00:00Z', x: 80, y: 40 },
  timer: { id: 'running', type: 'timer', format: 'mm:ss', x: 80, y: 40 },
  lottie: {
    ...{ id: 'confetti', type: 'lottie', asset: 'confetti', x: 600, y: 100 },
    ...{ width: 720, height: 720 },
  },
  stopwatch: {
    ...{ id: 'round', type: 'stopwatch', countdownFromMs: 90_000, format: 'm:ss', x: 80, y: 40 },
    finishedText: 'Time!',
  },
  chat: {
    ...{ id: 'chat', type: 'chat', x: 1400, y: 200, width: 460, height: 780, ttlMs: 120_000 },
    box: { color: '#00000099', padding: { x: 14, y: 8 }, cornerRadius: 12 },
    messages: [{ id: 'welcome', author: 'Mira', text: 'Good evening!' }],
  },
  scene: { id: 'camera', type: 'scene', scene: 'break', x: 1320, y: 40, width: 560, height: 315 },
  group: {
    ...{ id: 'guests', type: 'group', x: 60, y: 60, width: 1800, height: 960 },
    layout: { type: 'tiles', gap: 24 },
    layers: [
      { id: 'guest-1', type: 'shape', shape: 'rectangle', width: 16, height: 9, fill: '#304060' },
      { id: 'guest-2', type: 'shape', shape: 'rectangle', width: 16, height: 9, fill: '#604030' },
    ],
  },
};
