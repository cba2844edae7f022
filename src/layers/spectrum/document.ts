import type { LayerDocument } from '../document.js';
import { SpectrumLayerSchema } from './schema.js';

/** Spectra, as documents know them. */
export const SPECTRUM: LayerDocument<typeof SpectrumLayerSchema> = {
  schema: SpectrumLayerSchema,
  example: {
    id: 'waves',
    type: 'spectrum',
    strip: 'bus:music',
    x: 0,
    y: 840,
    width: 1920,
    height: 240,
    bands: 48,
    cornerRadius: 8,
    fill: '#a78bfa',
  },
};
