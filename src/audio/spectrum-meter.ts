import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { MAX_BANDS } from '../memory/heard-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { bandEdgesHz, type SpectrumWanted } from '../scene/sound/heard.js';
import { RealFft } from './fft.js';

/** Samples that a spectrum is made of: 43 ms, which tells 40 Hz from 63. */
export const SPECTRUM_SAMPLES = 2048;

/** How much wider a line is in a Hann window than a bin: its equivalent noise bandwidth. */
const LINE_BINS = 1.5;

const BIN_HZ = SAMPLE_RATE_HZ / SPECTRUM_SAMPLES;

/** Below this a band is silent, amplitude. */
const NOTHING = 1e-6;

/** What spectra work with, one after the other. */
export class SpectrumWorkshop {
  readonly #fft = new RealFft(SPECTRUM_SAMPLES);
  readonly #window = Float64Array.from(
    { length: SPECTRUM_SAMPLES },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SPECTRUM_SAMPLES),
  );
  readonly #windowed = new Float64Array(SPECTRUM_SAMPLES);
  /** By bin, so that a sine of full scale comes to 1 in all. */
  readonly power = new Float64Array(SPECTRUM_SAMPLES / 2 + 1);

  /** The power of the samples of a ring, of which the oldest is at `start`. */
  measure(ring: Float32Array, start: number): void {
    for (let i = 0; i < SPECTRUM_SAMPLES; i++)
      this.#windowed[i] =
        (ring[(start + i) & (SPECTRUM_SAMPLES - 1)] ?? 0) * (this.#window[i] ?? 0);
    this.#fft.power(this.#windowed, this.power);
    // A sine of amplitude 1 has size / 4 in its bin, and in all bins together LINE_BINS times the square of that.
    const whole = (SPECTRUM_SAMPLES / 4) ** 2 * LINE_BINS;
    for (let k = 0; k < this.power.length; k++) this.power[k] = (this.power[k] ?? 0) / whole;
  }
}

/** The last samples of a strip, both channels together, as far as a spectrum is made of them. */
export class SpectrumTap {
  readonly ring = new Float32Array(SPECTRUM_SAMPLES);
  #next = 0;
  /** Of the frame that is under way. */
  #added = 0;

  /** Where the oldest sample is. */
  get start(): number {
    return this.#next;
  }

  /** @param samples - interleaved, `count` of each channel */
  add(samples: Float32Array, count: number): void {
    for (let i = 0; i < count; i++)
      this.#put(((samples[i * SOUND_CHANNELS] ?? 0) + (samples[i * SOUND_CHANNELS + 1] ?? 0)) / 2);
    this.#added += count;
  }

  /** Ends a frame of `samples` samples: those that no strip has added are silence. */
  fill(samples: number): void {
    for (let i = this.#added; i < samples; i++) this.#put(0);
    this.#added = 0;
  }

  #put(value: number): void {
    this.ring[this.#next] = Number.isFinite(value) ? value : 0;
    this.#next = (this.#next + 1) & (SPECTRUM_SAMPLES - 1);
  }
}

/** The bands of a spectrum over time: each rises at once, and falls by 20 dB in the time that is wanted. */
export class SpectrumMeter {
  readonly #edges: Float64Array;
  readonly #fallMs: number;
  /** Amplitudes, from low to high. */
  readonly bands: Float32Array;

  constructor({ bands, fallMs }: SpectrumWanted) {
    const count = Math.min(MAX_BANDS, bands);
    this.#edges = Float64Array.from(bandEdgesHz(count), (hz) => hz / BIN_HZ);
    this.#fallMs = fallMs;
    this.bands = new Float32Array(count);
  }

  /** Goes on by a frame of `samples` samples. */
  follow(power: Float64Array, samples: number): void {
    const ms = (samples * 1000) / SAMPLE_RATE_HZ;
    const fall = this.#fallMs === 0 ? 0 : 10 ** (-ms / this.#fallMs);
    for (let band = 0; band < this.bands.length; band++) {
      const now = Math.sqrt(this.#powerOf(power, band));
      const before = (this.bands[band] ?? 0) * fall;
      this.bands[band] = now > before ? now : before > NOTHING ? before : 0;
    }
  }

  /** The power between the edges of a band, which is at least as wide as a line. Edges may be within bins. */
  #powerOf(power: Float64Array, band: number): number {
    const low = this.#edges[band] ?? 0;
    const high = this.#edges[band + 1] ?? 0;
    const wider = Math.max(0, LINE_BINS - (high - low)) / 2;
    // Bin k reaches from k - 1/2 to k + 1/2.
    const from = Math.max(0.5, low - wider) + 0.5;
    const to = high + wider + 0.5;
    let sum = 0;
    for (let k = Math.floor(from); k < to && k < power.length; k++)
      sum += (power[k] ?? 0) * (Math.min(to, k + 1) - Math.max(from, k));
    return sum;
  }
}
