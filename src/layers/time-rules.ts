import { DIGITS_OF_TIME } from '../scene/load/digits-of-time.js';
import { guessedLineArea } from '../scene/load/guessed-line.js';
import { checkTimeFormat } from '../scene/schema/check-time-format.js';
import { WHOLE_RULES, type LayerRules } from './kind-rules.js';

/** What all kinds have in common that show a time which goes on by itself, as one line of text: a duration, if they say nothing else. */
export const TIME_RULES: LayerRules<{ readonly format: string; readonly fontSize: number }> = {
  ...WHOLE_RULES,
  checkWritten: ({ format }) => checkTimeFormat(format, 'duration'),
  itemsPerPart: DIGITS_OF_TIME,
  isMoving: true,
  coveredArea: guessedLineArea,
};
