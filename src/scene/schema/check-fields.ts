import { QR_CAPACITY_BYTES, qrBytes } from './layers/qr.js';
import type { Layer } from './layer.js';

/** What is wrong with a field, by its path in the layer. */
export type FieldComplaint = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** What the schema of a kind can not see field by field: how the fields of a layer fit together. */
export function checkFields(layer: Layer): FieldComplaint[] {
  switch (layer.type) {
    case 'text':
      return layer.text === undefined && layer.spans === null
        ? [{ path: ['text'], message: 'must be given when there are no spans' }]
        : [];
    case 'shape':
      return layer.shape === 'path' && layer.path === null
        ? [{ path: ['path'], message: 'must be given when the shape is path' }]
        : [];
    case 'qr': {
      const [bytes, most] = [qrBytes(layer.text), QR_CAPACITY_BYTES[layer.level]];
      return bytes <= most
        ? []
        : [
            {
              path: ['text'],
              message: `is ${bytes} bytes long; a QR code of level ${layer.level} holds ${most}: shorten it, or lower the level`,
            },
          ];
    }
    case 'progress':
      return layer.max > layer.min ? [] : [{ path: ['max'], message: 'must be over min' }];
    default:
      return [];
  }
}
