import { GUESSED_LINE } from '../../scene/load/guessed-line.js';
import { none, one, type LayerRules } from '../kind-rules.js';
import type { TextLayer } from './schema.js';

/** Texts, as documents know them. */
export const TEXT_RULES: LayerRules<TextLayer> = {
  textFields: ['text', 'spans.*.text'],
  fixedFields: [],
  itemsById: null,
  check: ({ text, spans }) =>
    text === undefined && spans === null
      ? [{ path: ['text'], message: 'is required when there are no spans' }]
      : [],
  checkWritten: none,
  assets: none,
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: ({ text, spans, fontSize }, width) => {
    const letters = spans?.reduce((sum, span) => sum + span.text.length, 0) ?? 0;
    const count = Math.max(text?.length ?? 0, letters);
    const letter = fontSize * GUESSED_LINE.width;
    const perLine = width > 0 ? Math.max(1, width / letter) : GUESSED_LINE.letters;
    const lines = Math.ceil(count / perLine);
    return Math.min(count, perLine) * letter * lines * fontSize * GUESSED_LINE.height;
  },
};
