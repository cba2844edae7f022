import type { PcmEncoding, PcmFormat } from './contract.js';

/** Samples as they come from outside, as floats. */

function bytesPerSample(encoding: PcmEncoding): number {
  return encoding === 's16le' ? 2 : 4;
}

/**
 * Reads chunks of any size as whole samples of all channels: what is cut in the middle of one waits for the rest of it.
 * What is not a number becomes silence, and what is louder than 64 times full scale is cut there.
 */
export class PcmReader {
  readonly #format: PcmFormat;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(format: PcmFormat) {
    this.#format = format;
  }

  /** Whether a sample was begun and not ended. */
  get hasPart(): boolean {
    return this.#rest.length > 0;
  }

  /** What comes next begins with a whole sample, also when the last one was cut. */
  reset(): void {
    this.#rest = new Uint8Array(0);
  }

  /** Interleaved. */
  read(chunk: Uint8Array): Float32Array {
    const { encoding, channels } = this.#format;
    const size = bytesPerSample(encoding);
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const samples = Math.floor(bytes.length / (size * channels)) * channels;
    this.#rest = bytes.slice(samples * size);
    const view = new DataView(bytes.buffer);
    const floats = new Float32Array(samples);
    for (let i = 0; i < samples; i++)
      floats[i] =
        encoding === 's16le'
          ? view.getInt16(i * 2, true) / 32_768
          : bounded(view.getFloat32(i * 4, true));
    return floats;
  }
}

const LOUDEST = 64;

function bounded(value: number): number {
  return Number.isFinite(value) ? Math.max(-LOUDEST, Math.min(LOUDEST, value)) : 0;
}
