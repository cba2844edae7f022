import type { Gradient } from '../../src/scene/schema/style.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';

/** Size of a picture on the sheet, in pixels of the sheet. */
export const TILE = { width: 352, height: 198 } as const;

/** One picture of the sheet: layers in a box as large as `TILE`, and what they are. */
export type Tile = { readonly label: string; readonly layers: readonly LayerInput[] };

/** Pictures with a headline. */
export type Section = { readonly title: string; readonly tiles: readonly Tile[] };

/** The moment that the sheet shows: fixed, so that the same file comes of it every time. */
export const SHEET_MOMENT_MS = Date.UTC(2026, 5, 20, 20, 15, 42, 370);

/** Scene time of that moment, milliseconds. */
export const SHEET_TIME_MS = 83_400;

export const CENTRED = { anchor: { x: 0.5, y: 0.5 } } as const;

/** What stands in the middle of a tile. */
export const MIDDLE = { x: TILE.width / 2, y: TILE.height / 2, ...CENTRED } as const;

export const SUNSET: Gradient = {
  type: 'linear',
  angle: 135,
  stops: [
    { at: 0, color: '#ffb347' },
    { at: 0.5, color: '#ff5e62' },
    { at: 1, color: '#8e44ad' },
  ],
};

/** Colours of things that stand in a row. */
export const HUES = ['#ff6b6b', '#ffa94d', '#ffd43b', '#69db7c', '#4dabf7', '#9775fa', '#f783ac'];
