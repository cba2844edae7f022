import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerDocument } from '../document.js';
import { TimerLayerSchema } from './schema.js';

/** How long a scene has been on air, as documents know it. */
export const TIMER: LayerDocument<typeof TimerLayerSchema> = {
  schema: TimerLayerSchema,
  example: { id: 'running', type: 'timer', format: 'mm:ss', x: 80, y: 40 },
  textFields: [],
  fixedFields: ['offsetMs'],
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
