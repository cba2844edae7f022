import { modulePxProblem } from './module-size.js';
import { none, one, type LayerDocument } from '../document.js';
import { QR_CAPACITY_BYTES, qrBytes, QrLayerSchema } from './schema.js';

/** QR codes, as documents know them. */
export const QR: LayerDocument<typeof QrLayerSchema> = {
  schema: QrLayerSchema,
  example: {
    id: 'code',
    type: 'qr',
    text: 'https://example.com/lots/42',
    x: 1600,
    y: 760,
    width: 256,
  },
  textFields: ['text'],
  fixedFields: [],
  itemsById: null,
  check: ({ text, level }) => {
    const [bytes, most] = [qrBytes(text), QR_CAPACITY_BYTES[level]];
    if (bytes <= most) return [];
    const message = `has ${bytes} bytes; a QR code of level ${level} can hold at most ${most}: shorten the text, or lower the level`;
    return [{ path: ['text'], message }];
  },
  checkWritten: (layer, unitPx) => {
    // What variables and layouts make of it is only known when it is shown.
    const isKnown = !layer.text.includes('{{') && Object.keys(layer.bindings).length === 0;
    if (!isKnown || layer.slot !== null) return [];
    const message = modulePxProblem(layer, layer.scale * unitPx);
    return message === null ? [] : [{ path: ['text'], message }];
  },
  assets: none,
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: (_, width) => width * width,
};
