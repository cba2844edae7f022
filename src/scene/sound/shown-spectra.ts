import type { Layer } from '../schema/layer.js';
import { spectrumKey, type SpectrumWanted } from './heard.js';

/** The spectrum that a layer shows. Numbers that move are those of its document: the mixer knows no moment of a scene. */
export function spectrumOf({ strip, bands, fallMs }: SpectrumWanted): SpectrumWanted {
  return { strip, bands, fallMs };
}

/** The spectra that layers show, each once. */
export function spectraIn(layers: Iterable<Layer>): SpectrumWanted[] {
  const wanted = new Map<string, SpectrumWanted>();
  for (const layer of layers)
    if (layer.type === 'spectrum') wanted.set(spectrumKey(layer), spectrumOf(layer));
  return [...wanted.values()];
}
