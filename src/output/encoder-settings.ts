import { toFps, type FrameRate } from '../core/rational.js';

/** x264 presets that the service offers, fastest first. */
export const X264_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
] as const;
export type X264Preset = (typeof X264_PRESETS)[number];

export const HARDWARE_ENCODERS = [
  'h264_nvenc',
  'h264_qsv',
  'h264_vaapi',
  'h264_videotoolbox',
] as const;
export type HardwareEncoder = (typeof HARDWARE_ENCODERS)[number];

/** How the video is encoded. */
export type EncoderSettings =
  | { readonly codec: 'libx264'; readonly preset: X264Preset; readonly threads: number }
  | { readonly codec: HardwareEncoder };

/** How the sound is encoded: AAC-LC of 48 kHz. */
export type SoundFormat = { readonly bitrateBps: number; readonly channels: 1 | 2 };

/** Size and speed of the program as the encoder gets and sends it. */
export type EncodedFormat = {
  readonly width: number;
  readonly height: number;
  readonly frameRate: FrameRate;
  readonly bitrateBps: number;
};

/**
 * Processor milliseconds that x264 needs per million pixels with one thread (1080p, moving test picture, user and
 * system time on a shared two-core machine): only their order of size matters here.
 */
const MS_PER_MEGAPIXEL: Readonly<Record<X264Preset, number>> = {
  ultrafast: 3,
  superfast: 5,
  veryfast: 6.5,
  faster: 9,
  fast: 12,
  medium: 15,
};

/** Share of a frame's time that one encoding thread may be busy before the work is split over more. */
const THREAD_LOAD = 0.6;

/** Threads at least, where there are as many processors. */
const FEWEST_THREADS = 2;

/**
 * How many threads (slices of a picture, as zerolatency has them) x264 should use: two, more only when they are
 * needed to keep up. Measured with 1080p ultrafast on two cores, moving picture, best of six: one thread 192 fps
 * at 5.6 ms of processor time a frame, two 221 fps at 6.1, three 223 fps at 5.8, two frame threads 209 fps
 * at 6.1 and a frame of latency. The second thread costs some per cent and halves the time to encode a picture;
 * each further one would cost picture quality at the slices' borders.
 */
export function x264Threads(
  preset: X264Preset,
  format: Pick<EncodedFormat, 'width' | 'height' | 'frameRate'>,
  cores: number,
): number {
  const megapixelsPerSecond = (format.width * format.height * toFps(format.frameRate)) / 1_000_000;
  const load = (megapixelsPerSecond * MS_PER_MEGAPIXEL[preset]) / 1000;
  return Math.max(1, Math.min(cores, Math.max(FEWEST_THREADS, Math.ceil(load / THREAD_LOAD))));
}

/** The encoder's name for people, such as `libx264 ultrafast`. */
export function encoderLabel(settings: EncoderSettings): string {
  return settings.codec === 'libx264' ? `libx264 ${settings.preset}` : settings.codec;
}

/** Whether a configured preset names a hardware encoder. */
export function isHardwareEncoder(name: string): name is HardwareEncoder {
  return HARDWARE_ENCODERS.some((encoder) => encoder === name);
}

/** Whether a configured preset is one of x264's. */
export function isX264Preset(name: string): name is X264Preset {
  return X264_PRESETS.some((preset) => preset === name);
}
