import { MAX_SPECTRA, toHeardKey, type HeardKey, type HeardWriter } from '../memory/heard-sound.js';
import { spectrumKey, type SpectrumWanted } from '../scene/sound/heard.js';
import type { StripKey } from '../scene/sound/levels.js';
import { SpectrumMeter, SpectrumTap, SpectrumWorkshop } from './spectrum-meter.js';

type Spectrum = { readonly name: string; readonly key: HeardKey; readonly meter: SpectrumMeter };

/** The spectra of one strip, all of which are made of the same samples. */
type OfStrip = { readonly tap: SpectrumTap; readonly spectra: readonly Spectrum[] };

/** Whatever has the samples of a strip. */
type Tapped = { tap: SpectrumTap | null };

/** The spectra that are wanted, strip by strip. Those of strips that are not there fall silent. */
export class StripSpectra {
  #workshop: SpectrumWorkshop | null = null;
  readonly #strips = new Map<StripKey, OfStrip>();

  /** What is measured from now on; what was measured already goes on. */
  want(wanted: readonly SpectrumWanted[]): void {
    const known = new Map(
      [...this.#strips.values()].flatMap(({ spectra }) => spectra.map((one) => [one.name, one])),
    );
    const former = new Map(this.#strips);
    this.#strips.clear();
    const byName = new Map(wanted.map((one) => [spectrumKey(one), one]));
    for (const [name, one] of [...byName].slice(0, MAX_SPECTRA)) {
      const spectrum = known.get(name) ?? {
        name,
        key: toHeardKey(name),
        meter: new SpectrumMeter(one),
      };
      const { tap, spectra } = this.#strips.get(one.strip) ?? {
        tap: former.get(one.strip)?.tap ?? new SpectrumTap(),
        spectra: [],
      };
      this.#strips.set(one.strip, { tap, spectra: [...spectra, spectrum] });
    }
    // Its tables are made only where somebody wants to see a spectrum.
    if (this.#strips.size > 0) this.#workshop ??= new SpectrumWorkshop();
  }

  /** Has a strip, new or not, fill what its spectra are made of. */
  tap(key: StripKey, channel: Tapped): void {
    channel.tap = this.#strips.get(key)?.tap ?? null;
  }

  /** Goes on by a frame of `samples` samples, and adds its spectra to what is written. */
  write(writer: HeardWriter, samples: number): void {
    const workshop = this.#workshop;
    if (workshop === null) return;
    for (const { tap, spectra } of this.#strips.values()) {
      tap.fill(samples);
      workshop.measure(tap.ring, tap.start);
      for (const { key, meter } of spectra) {
        meter.follow(workshop.power, samples);
        writer.addSpectrum(key, meter.bands);
      }
    }
  }
}
