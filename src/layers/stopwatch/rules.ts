import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerRules } from '../kind-rules.js';
import type { StopwatchLayer } from './schema.js';

/** Clocks that are started and stopped, as documents know them. */
export const STOPWATCH_RULES: LayerRules<StopwatchLayer> = {
  textFields: ['finishedText'],
  fixedFields: ['startedAtMs', 'elapsedMs', 'countdownFromMs', 'laps'],
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
