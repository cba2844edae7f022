import { shareOf, type Heard } from '../../scene/sound/heard.js';
import { spectrumOf } from '../../scene/sound/shown-spectra.js';
import type { SpectrumLayer } from './schema.js';

/** How many columns a spectrum has. */
export function columnCount({ bands, order }: Pick<SpectrumLayer, 'bands' | 'order'>): number {
  return order === 'symmetric' ? 2 * bands : bands;
}

/** How full the columns are, from left to right: shares of their length, 0 to 1. */
export function columnShares(layer: SpectrumLayer, heard: Heard): number[] {
  const { bands, order, floorDb } = layer;
  const amplitudes = heard.spectrum(spectrumOf(layer));
  const rising = Array.from({ length: bands }, (_, band) =>
    shareOf(amplitudes?.[band] ?? 0, floorDb),
  );
  switch (order) {
    case 'rising':
      return rising;
    case 'falling':
      return rising.reverse();
    case 'symmetric':
      return [...rising.toReversed(), ...rising];
  }
}
