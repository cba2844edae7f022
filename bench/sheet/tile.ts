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
