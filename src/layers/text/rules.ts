import { GUESSED_LINE } from '../../scene/load/guessed-line.js';
import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { TextLayer } from './schema.js';

/** Texts, as documents know them. */
export const TEXT_RULES: LayerRules<TextLayer> = {
  ...WHOLE_RULES,
  textFields: ['text', 'spans.*.text'],
  check: ({ text, spans }) =>
    text === undefined && spans === null
      ? [{ path: ['text'], message: 'is required when there are no spans' }]
      : [],
  coveredArea: ({ text, spans, fontSize }, width) => {
    const letters = spans?.reduce((sum, span) => sum + span.text.length, 0) ?? 0;
    const count = Math.max(text?.length ?? 0, letters);
    const letter = fontSize * GUESSED_LINE.width;
    const perLine = width > 0 ? Math.max(1, width / letter) : GUESSED_LINE.letters;
    const lines = Math.ceil(count / perLine);
    return Math.min(count, perLine) * letter * lines * fontSize * GUESSED_LINE.height;
  },
};
