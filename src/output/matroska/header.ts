import { SAMPLE_RATE_HZ } from '../../core/media-clock.js';
import type { FrameRate } from '../../core/rational.js';
import { ebmlElement, ebmlFloat, ebmlOpen, ebmlText, ebmlUint } from './ebml.js';

export const AUDIO_CHANNELS = 2;
/** One 32-bit float of each channel. */
export const AUDIO_BYTES_PER_SAMPLE = 4 * AUDIO_CHANNELS;

export const VIDEO_TRACK = 1;
export const AUDIO_TRACK = 2;

/**
 * Nanoseconds per tick of all timestamps. One microsecond is finer than half a frame and half an audio sample,
 * so that the encoder's rounding to its own time base (1/fps, 1/48000) gives back exactly what was meant.
 */
export const TIMESTAMP_SCALE_NS = 1000;

/** ITU-T H.273 code of BT.709, the same number for primaries, transfer and matrix. */
const BT709 = 1;
const LIMITED_RANGE = 1;

/** Bytes of an I420 picture with tight strides; width and height are even. */
export function i420Bytes(width: number, height: number): number {
  return (width * height * 3) / 2;
}

function videoTrack(width: number, height: number, rate: FrameRate): Buffer {
  return ebmlElement(
    0xae,
    ebmlUint(0xd7, VIDEO_TRACK),
    ebmlUint(0x73c5, VIDEO_TRACK),
    ebmlUint(0x83, 1),
    ebmlUint(0x9c, 0),
    ebmlText(0x86, 'V_UNCOMPRESSED'),
    ebmlUint(0x23e383, Math.round((1e9 * rate.den) / rate.num)),
    ebmlElement(
      0xe0,
      ebmlUint(0xb0, width),
      ebmlUint(0xba, height),
      ebmlUint(0x9a, 2), // progressive
      ebmlText(0x2eb524, 'I420'),
      ebmlElement(
        0x55b0,
        ebmlUint(0x55b1, BT709),
        ebmlUint(0x55b7, 1), // chroma samples lie at the left of a pair
        ebmlUint(0x55b8, 2), // and between the lines
        ebmlUint(0x55b9, LIMITED_RANGE),
        ebmlUint(0x55ba, BT709),
        ebmlUint(0x55bb, BT709),
      ),
    ),
  );
}

function audioTrack(): Buffer {
  return ebmlElement(
    0xae,
    ebmlUint(0xd7, AUDIO_TRACK),
    ebmlUint(0x73c5, AUDIO_TRACK),
    ebmlUint(0x83, 2),
    ebmlUint(0x9c, 0),
    ebmlText(0x86, 'A_PCM/FLOAT/IEEE'),
    ebmlElement(
      0xe1,
      ebmlFloat(0xb5, SAMPLE_RATE_HZ),
      ebmlUint(0x9f, AUDIO_CHANNELS),
      ebmlUint(0x6264, 32),
    ),
  );
}

/**
 * The opening of a live Matroska stream (RFC 9559) of unknown length: raw I420 in BT.709 limited range, and
 * stereo PCM of 32-bit floats. Clusters follow.
 */
export function matroskaHeader(width: number, height: number, rate: FrameRate): Buffer {
  return Buffer.concat([
    ebmlElement(
      0x1a45dfa3,
      ebmlUint(0x4286, 1),
      ebmlUint(0x42f7, 1),
      ebmlUint(0x42f2, 4),
      ebmlUint(0x42f3, 8),
      ebmlText(0x4282, 'matroska'),
      ebmlUint(0x4287, 4),
      ebmlUint(0x4285, 2),
    ),
    ebmlOpen(0x18538067),
    ebmlElement(
      0x1549a966,
      ebmlUint(0x2ad7b1, TIMESTAMP_SCALE_NS),
      ebmlText(0x4d80, 'stream-manager'),
      ebmlText(0x5741, 'stream-manager'),
    ),
    ebmlElement(0x1654ae6b, videoTrack(width, height, rate), audioTrack()),
  ]);
}
