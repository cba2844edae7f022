import { SOUND_CHANNELS } from '../memory/sound-ring.js';

/** The most that stands before the samples, bytes. */
const MOST_HEAD_BYTES = 4096;
const FLOAT_BYTES = 4;

/**
 * The samples of a WAV of floats with one or two channels, as it comes out of FFmpeg, piece by piece. Mono becomes stereo; what
 * is no number, or far beyond full scale, as broken files may have it, is silence or bounded.
 */
export class WavSamples {
  #rest: Buffer = Buffer.alloc(0);
  /** Null: its head has not been read yet. */
  #channels: number | null = null;
  #samples = new Float32Array(0);

  /** Stereo samples, interleaved, which are others after the next call. @throws Error when it is no such WAV */
  read(chunk: Buffer): Float32Array {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const body = this.#channels === null ? this.#readHead(bytes) : bytes;
    if (body === null || this.#channels === null) {
      this.#rest = Buffer.from(bytes);
      return this.#samples.subarray(0, 0);
    }
    const count = Math.floor(body.length / (FLOAT_BYTES * this.#channels));
    const used = count * FLOAT_BYTES * this.#channels;
    // Copied: what it was cut from is a buffer of the pool.
    this.#rest = Buffer.from(body.subarray(used));
    const floats = count * SOUND_CHANNELS;
    if (this.#samples.length < floats) this.#samples = new Float32Array(floats);
    const samples = this.#samples.subarray(0, floats);
    toStereo(body, this.#channels, samples);
    return samples;
  }

  /** What follows the head; null while that is not all there. */
  #readHead(bytes: Buffer): Buffer | null {
    const format = bytes.indexOf('fmt ');
    const data = bytes.indexOf('data');
    if (format < 0 || data < 0 || bytes.length < data + 8) {
      if (bytes.length > MOST_HEAD_BYTES) throw new Error('FFmpeg did not send a WAV.');
      return null;
    }
    const channels = bytes.readUInt16LE(format + 10);
    if (channels !== 1 && channels !== SOUND_CHANNELS)
      throw new Error(`FFmpeg sent ${channels} channels.`);
    this.#channels = channels;
    return bytes.subarray(data + 8);
  }
}

/** Louder than any sound; what is beyond it comes of broken data. */
const LOUDEST = 8;

function toStereo(bytes: Buffer, channels: number, samples: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const bounded = (index: number): number => {
    const value = view.getFloat32(index * FLOAT_BYTES, true);
    return Math.max(-LOUDEST, Math.min(LOUDEST, Number.isNaN(value) ? 0 : value));
  };
  const count = samples.length / SOUND_CHANNELS;
  for (let i = 0; i < count; i++) {
    const left = bounded(i * channels);
    samples[i * SOUND_CHANNELS] = left;
    samples[i * SOUND_CHANNELS + 1] = channels === 1 ? left : bounded(i * channels + 1);
  }
}
