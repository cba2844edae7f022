import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sheet, TAKEN_AT_MS } from './sheet.js';

type ClockInput = Extract<LayerInput, { type: 'clock' }>;

function clock(x: number, y: number, intl: ClockInput['intl'], timeZone = 'UTC'): LayerInput {
  return { id: `c${x}-${y}`, type: 'clock', x, y, fontSize: 15, intl, timeZone };
}

sheet('clocks-in-languages', [
  clock(10, 8, { locale: 'en-US', dateStyle: 'full' }),
  clock(10, 32, { locale: 'de-DE', dateStyle: 'full', timeStyle: 'medium' }, 'Europe/Berlin'),
  clock(10, 56, { locale: 'fr-FR', weekday: 'long', hour: '2-digit', minute: '2-digit' }),
  clock(10, 80, { locale: 'ja-JP', dateStyle: 'full' }, 'Asia/Tokyo'),
  clock(10, 104, { locale: 'ar-EG', dateStyle: 'full' }),
  clock(10, 128, { locale: 'th-TH', dateStyle: 'long' }),
  clock(10, 152, { locale: 'en-US', timeStyle: 'long' }, 'America/New_York'),
  clock(200, 152, { locale: 'hi-IN', timeStyle: 'short', numberingSystem: 'deva' }),
]);

const to = '2024-05-05T14:07:00Z';
const WATCH = { type: 'stopwatch', fontSize: 24 } as const;

sheet('countdowns-and-stopwatches', [
  { id: 'hold', type: 'countdown', to, x: 10, y: 8, fontSize: 24 },
  { id: 'up', type: 'countdown', to, x: 10, y: 42, fontSize: 24, onEnd: 'countUp', color: '#f66' },
  { id: 'text', type: 'countdown', to, x: 10, y: 76, fontSize: 24, finishedText: 'We are live!' },
  { id: 'hide', type: 'countdown', to, x: 10, y: 110, fontSize: 24, onEnd: 'hide' },
  { id: 'fresh', ...WATCH, x: 180, y: 8 },
  { id: 'runs', ...WATCH, x: 180, y: 42, startedAtMs: TAKEN_AT_MS - 61_230, color: '#8f8' },
  {
    id: 'lap',
    ...WATCH,
    x: 180,
    y: 76,
    startedAtMs: TAKEN_AT_MS - 61_230,
    show: 'lap',
    laps: [20_000, 55_000],
  },
  { id: 'game', ...WATCH, x: 180, y: 110, format: 'm:ss', countdownFromMs: 720_000 },
  {
    id: 'over',
    ...WATCH,
    x: 180,
    y: 144,
    countdownFromMs: 5000,
    elapsedMs: 6000,
    finishedText: 'TIME!',
    fontWeight: 800,
    color: '#ffd84a',
  },
]);
