import { none, unknown, type LayerDocument } from '../document.js';
import { ProgressLayerSchema } from './schema.js';

/** Bars, rings and segments, as documents know them. */
export const PROGRESS: LayerDocument<typeof ProgressLayerSchema> = {
  schema: ProgressLayerSchema,
  example: {
    id: 'goal',
    type: 'progress',
    value: 64,
    max: 100,
    x: 80,
    y: 960,
    width: 720,
    height: 32,
    cornerRadius: 16,
    label: { text: '{value} of {max}' },
  },
  textFields: ['label.text'],
  fixedFields: [],
  itemsById: null,
  check: ({ min, max }) =>
    max > min ? [] : [{ path: ['max'], message: 'must be greater than min' }],
  checkWritten: none,
  assets: none,
  parts: ({ style, segments }) => (style === 'segments' ? 1 + segments : 3),
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: true,
  coveredArea: unknown,
};
