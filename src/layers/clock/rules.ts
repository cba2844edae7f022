import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerRules } from '../kind-rules.js';
import type { ClockLayer } from './schema.js';

/** The time of day, as documents know it. */
export const CLOCK_RULES: LayerRules<ClockLayer> = {
  textFields: [],
  fixedFields: ['intl'],
  itemsById: null,
  check: none,
  checkWritten: ({ intl, format }) => (intl === null ? checkTimeFormat(format, 'moment') : []),
  assets: none,
  parts: one,
  itemsPerPart: DIGITS_OF_TIME,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: guessedLineArea,
};
