import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { checkTimeFormat } from '../../scene/schema/check-time-format.js';
import { DIGITS_OF_TIME } from '../../scene/load/digits-of-time.js';
import { none, one, type LayerDocument } from '../document.js';
import { CountdownLayerSchema } from './schema.js';

/** What is left until a moment, as documents know it. */
export const COUNTDOWN: LayerDocument<typeof CountdownLayerSchema> = {
  schema: CountdownLayerSchema,
  example: { id: 'left', type: 'countdown', to: '2030-01-01T00:00:00Z', x: 80, y: 40 },
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
