import { DIGITS_OF_TIME } from '../scene/load/digits-of-time.js';
import { guessedLineArea } from '../scene/load/guessed-line.js';
import { checkTimeFormat } from '../scene/schema/check-time-format.js';
import { none, one, type LayerRules } from './kind-rules.js';

/** What all kinds have in common that show a duration which goes on by itself, as one line of text. */
export const TIME_RULES: Omit<
  LayerRules<{ readonly format: string; readonly fontSize: number }>,
  'textFields' | 'fixedFields'
> = {
  itemsById: null,
  check: none,
  checkWritten: ({ format }) => checkTimeFormat(format, 'duration'),
  assets: none,
  parts: one,
  itemsPerPart: DIGITS_OF_TIME,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: guessedLineArea,
};
