import { modulePxProblem } from './module-size.js';
import { none, one, type LayerRules } from '../kind-rules.js';
import { QR_CAPACITY_BYTES, qrBytes } from './capacity.js';
import type { QrLayer } from './schema.js';

/** QR codes, as documents know them. */
export const QR_RULES: LayerRules<QrLayer> = {
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
