import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT } from '../core/paths.js';

/** The kernels of workers/kernels/sound.ts. All positions are byte offsets into their memory. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  clean(samples: number, count: number): void;
  add(target: number, samples: number, count: number): void;
  scale(samples: number, factors: number, count: number): void;
  measure(samples: number, count: number, meter: number): void;
  strip(samples: number, count: number, levels: number, left: number, right: number): void;
  stripResting(samples: number, count: number, factors: number): void;
  pick(samples: number, count: number, channel: number, target: number): void;
  truePeaks(
    samples: number,
    count: number,
    filters: number,
    taps: number,
    middle: number,
    peaks: number,
  ): number;
  weigh(samples: number, count: number, coefficients: number, state: number): number;
  filter(samples: number, count: number, section: number): number;
  gate(samples: number, count: number, state: number): number;
  reductionsOf(samples: number, count: number, settings: number, reductions: number): void;
  compress(reductions: number, count: number, detector: number, settings: number): number;
  whiteNoise(target: number, count: number, first: number): void;
  pinkNoise(target: number, count: number, first: number, poles: number): void;
};

const NAMES = [
  'clean',
  'add',
  'scale',
  'measure',
  'strip',
  'stripResting',
  'pick',
  'truePeaks',
  'weigh',
  'filter',
  'gate',
  'reductionsOf',
  'compress',
  'whiteNoise',
  'pinkNoise',
] as const satisfies readonly (keyof Exports)[];

function isExports(exports: Record<string, unknown>): exports is Record<string, unknown> & Exports {
  return (
    exports['memory'] instanceof WebAssembly.Memory &&
    NAMES.every((name) => typeof exports[name] === 'function')
  );
}

/** Where constants of the module end. */
const FIRST_BYTE = 1024;
/** Loads of four lanes stay inside of what they belong to. */
const ALIGN_BYTES = 16;

/** A piece of the kernels' memory. */
export type Floats = Float32Array;

const STEREO_BYTES = 8;

function startOf(samples: Floats, at: number): number {
  return samples.byteOffset + at * STEREO_BYTES;
}

/** What a compressor works with. */
export type CompressorMemory = {
  readonly detector: Float64Array;
  readonly settings: Floats;
  /** Three more than the most samples that are processed at once. */
  readonly factors: Floats;
};

/**
 * The kernels and their memory, of which pieces are handed out for good: one for each mixer. What is not a piece of it
 * cannot be worked on.
 */
export class SoundKernels {
  readonly #exports: Exports;
  #next = FIRST_BYTE;

  /** @throws Error when the build is not whole */
  constructor() {
    const module = new WebAssembly.Module(readFileSync(join(BUILD_ROOT, 'workers', 'sound.wasm')));
    const { exports } = new WebAssembly.Instance(module, {});
    if (!isExports(exports))
      throw new Error('The kernels of sound do not fit this build; run npm run build.');
    this.#exports = exports;
  }

  /** Room for so many numbers, all 0. @throws RangeError when there is none left */
  floats(length: number): Floats {
    return new Float32Array(this.#buffer, this.#take(length * 4), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(length * 8), length);
  }

  clean(samples: Floats, count: number): void {
    this.#exports.clean(samples.byteOffset, count);
  }

  add(target: Floats, samples: Floats, count: number): void {
    this.#exports.add(target.byteOffset, samples.byteOffset, count);
  }

  scale(samples: Floats, factors: Floats, count: number): void {
    this.#exports.scale(samples.byteOffset, factors.byteOffset, count);
  }

  /** @param meter - four: squares of left and right, peaks of left and right */
  measure(samples: Floats, count: number, meter: Float64Array): void {
    this.#exports.measure(samples.byteOffset, count, meter.byteOffset);
  }

  strip(
    samples: Floats,
    count: number,
    { levels, left, right }: Readonly<Record<'levels' | 'left' | 'right', Floats>>,
  ): void {
    this.#exports.strip(
      samples.byteOffset,
      count,
      levels.byteOffset,
      left.byteOffset,
      right.byteOffset,
    );
  }

  /** The same with levels that stay. @param factors - of left and right */
  stripResting(samples: Floats, count: number, factors: Floats): void {
    this.#exports.stripResting(samples.byteOffset, count, factors.byteOffset);
  }

  pick(samples: Floats, count: number, channel: number, target: Floats): void {
    this.#exports.pick(samples.byteOffset, count, channel, target.byteOffset);
  }

  /** See `truePeaks` of the kernels. */
  truePeaks(
    samples: Floats,
    count: number,
    filter: { readonly rows: Floats; readonly taps: number; readonly middle: number },
    peaks: Floats,
  ): number {
    const { rows, taps, middle } = filter;
    return this.#exports.truePeaks(
      samples.byteOffset,
      count,
      rows.byteOffset,
      taps,
      middle,
      peaks.byteOffset,
    );
  }

  weigh(samples: Floats, count: number, coefficients: Float64Array, state: Float64Array): number {
    return this.#exports.weigh(
      samples.byteOffset,
      count,
      coefficients.byteOffset,
      state.byteOffset,
    );
  }

  /**
   * Puts `count` samples from the place `at` on through a filter, in place. Answers how large its states are. See `filter` of
   * the kernels.
   */
  filter(samples: Floats, at: number, count: number, section: Float64Array): number {
    return this.#exports.filter(startOf(samples, at), count, section.byteOffset);
  }

  /** The same through a gate. Answers its lowest gain. See `gate` of the kernels. */
  gate(samples: Floats, at: number, count: number, state: Float64Array): number {
    return this.#exports.gate(startOf(samples, at), count, state.byteOffset);
  }

  /** The same through a compressor. Answers its largest reduction, in octaves. See `compress` of the kernels. */
  compress(samples: Floats, at: number, count: number, memory: CompressorMemory): number {
    const { detector, settings, factors } = memory;
    const start = startOf(samples, at);
    this.#exports.reductionsOf(start, count, settings.byteOffset, factors.byteOffset);
    const largest = this.#exports.compress(
      factors.byteOffset,
      count,
      detector.byteOffset,
      settings.byteOffset,
    );
    this.#exports.scale(start, factors.byteOffset, count);
    return largest;
  }

  /** @param target - room for one sample more than `count` @param first - the number of the first sample, in 32 bits */
  whiteNoise(target: Floats, count: number, first: number): void {
    this.#exports.whiteNoise(target.byteOffset, count, first);
  }

  pinkNoise(target: Floats, count: number, first: number, poles: Float64Array): void {
    this.#exports.pinkNoise(target.byteOffset, count, first, poles.byteOffset);
  }

  get #buffer(): ArrayBufferLike {
    return this.#exports.memory.buffer;
  }

  #take(bytes: number): number {
    const at = this.#next;
    this.#next += Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;
    if (this.#next > this.#buffer.byteLength)
      throw new RangeError('The memory of the sound kernels is used up.');
    return at;
  }
}
