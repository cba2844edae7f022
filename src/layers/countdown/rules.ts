import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerRules } from '../kind-rules.js';
import type { CountdownLayer } from './schema.js';

/** What is left until a moment, as documents know it. */
export const COUNTDOWN_RULES: LayerRules<CountdownLayer> = {
  textFields: ['finishedText'],
  fixedFields: [],
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
