import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerDocument } from '../document.js';
import { StopwatchLayerSchema } from './schema.js';

/** Clocks that are started and stopped, as documents know them. */
export const STOPWATCH: LayerDocument<typeof StopwatchLayerSchema> = {
  schema: StopwatchLayerSchema,
  example: {
    id: 'round',
    type: 'stopwatch',
    countdownFromMs: 90_000,
    format: 'm:ss',
    x: 80,
    y: 40,
    finishedText: 'Time!',
  },
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
