import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import { MAX_LINE_PARTS } from './line-parts.js';
import type { SpectrumLayer } from './schema.js';

const ITEMS_PER_PART = 4;

/** Of a line: the line itself, and what is below it in two pieces. A bar with round ends is two. */
function mostPieces({ style, bands, order }: SpectrumLayer): number {
  return style === 'line' ? 3 * MAX_LINE_PARTS : 2 * bands * (order === 'symmetric' ? 2 : 1);
}

/** Spectra, as documents know them. */
export const SPECTRUM_RULES: LayerRules<SpectrumLayer> = {
  ...WHOLE_RULES,
  // What is measured does not depend on a moment of the scene.
  fixedFields: ['bands', 'fallMs'],
  // Four pieces are about as much to plan as another layer.
  parts: (layer) => 1 + Math.ceil(mostPieces(layer) / ITEMS_PER_PART),
  itemsPerPart: ITEMS_PER_PART,
  isMoving: true,
  hasOverlaps: true,
};
