import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { StereoSound } from './synthesiser.js';

const HEADER_BYTES = 44;
const CHANNELS = 2;
const SAMPLE_BYTES = 2;
const PCM = 1;
const FULL_SCALE = 32_767;

/** A WAV file of 16 bits and 48 kHz; what is above full scale is cut. */
export function toWav({ left, right }: StereoSound): Buffer {
  const dataBytes = left.length * CHANNELS * SAMPLE_BYTES;
  const file = Buffer.alloc(HEADER_BYTES + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(CHANNELS, 22);
  file.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  file.writeUInt32LE(SAMPLE_RATE_HZ * CHANNELS * SAMPLE_BYTES, 28);
  file.writeUInt16LE(CHANNELS * SAMPLE_BYTES, 32);
  file.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  const samples = new DataView(file.buffer, file.byteOffset + HEADER_BYTES, dataBytes);
  for (let i = 0; i < left.length; i++) {
    samples.setInt16(i * 4, to16(left[i]), true);
    samples.setInt16(i * 4 + 2, to16(right[i]), true);
  }
  return file;
}

function to16(value = 0): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * FULL_SCALE);
}
