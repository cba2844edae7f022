import { LOAD_LIMITS } from '../limits.js';
import type { Load } from './scene-load.js';

export type LoadMeasure = keyof typeof LOAD_LIMITS;

/** What is counted, as messages say it after the figure, and what counts. */
export const LOAD_MEASURES: {
  readonly [M in LoadMeasure]: { readonly noun: string; readonly how: string };
} = {
  layers: {
    noun: 'layers',
    how: 'nested scenes, groups, table cells, messages and items counted as often as they are shown',
  },
  moving: {
    noun: 'layers that move',
    how: 'those with animations, clocks, tickers, chats, and all in a group or scene that moves, counted as often as they are shown',
  },
  items: { noun: 'draw items', how: 'layers with what masks, buffers and filters add to them' },
  workMs: { noun: 'ms', how: 'to draw it once at 1920x1080' },
  depth: { noun: 'groups and scenes', how: 'in each other' },
  buffers: {
    noun: 'buffers at once',
    how: 'for masks, blend modes, and groups that fade or have round corners',
  },
};

/** The one that says most comes first. */
const ORDER = ['layers', 'depth', 'buffers', 'moving', 'items', 'workMs'] as const;

/** Of what a load has more than can be shown; null: of nothing. */
export function excessOf(load: Load): LoadMeasure | null {
  return ORDER.find((measure) => load[measure] > LOAD_LIMITS[measure]) ?? null;
}
