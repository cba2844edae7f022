import type { ListeningFormat } from './contract.js';
import { PACKET_SAMPLES } from './sound-tap.js';

/** Writes packets of samples in a format. */
export interface PacketEncoder {
  /** @param samples - of 20 ms, interleaved; they may be overwritten afterwards */
  encode(samples: Float32Array): Uint8Array;
  close(): void;
}

const OPUS_BITRATE_BPS = 128_000;
/** 10 ms of processor time for a second of sound, of all listeners together; 10, the most, takes 36. */
const OPUS_COMPLEXITY = 5;

function createPcmEncoder(encode: PacketEncoder['encode']): PacketEncoder {
  return { encode, close: () => undefined };
}

/** 16 bit; full scale is 32768, what is above is cut. */
function toS16(samples: Float32Array): Uint8Array {
  const values = new Int16Array(samples.length);
  for (let i = 0; i < values.length; i++)
    values[i] = Math.max(-32_768, Math.min(32_767, Math.round((samples[i] ?? 0) * 32_768)));
  return new Uint8Array(values.buffer);
}

function toF32(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.slice().buffer);
}

/** Loads the codec, which only those need who ask for it. */
async function createOpusEncoder(): Promise<PacketEncoder> {
  const { Application, createEncoder } = await import('libopus-wasm');
  const encoder = await createEncoder({
    sampleRate: 48_000,
    channels: 2,
    application: Application.Audio,
    bitrate: OPUS_BITRATE_BPS,
    complexity: OPUS_COMPLEXITY,
    frameSize: PACKET_SAMPLES,
  });
  return {
    encode: (samples) => encoder.encodeFloat(samples),
    close: () => {
      encoder.free();
    },
  };
}

/** @throws Error when the codec of the format cannot be loaded */
export async function createPacketEncoder(format: ListeningFormat): Promise<PacketEncoder> {
  switch (format) {
    case 's16le':
      return createPcmEncoder(toS16);
    case 'f32le':
      return createPcmEncoder(toF32);
    case 'opus':
      return createOpusEncoder();
  }
}
