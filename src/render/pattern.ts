import type { LayerOf } from '../scene/schema/layer.js';

/** A test picture; lengths are in units of the layer. */
export type PatternDrawing = { readonly kind: 'pattern' } & Readonly<
  Pick<LayerOf<'pattern'>, 'pattern' | 'cellSize' | 'lineWidth' | 'color' | 'background' | 'seed'>
>;
