import type { DecodeInput, DecodeJobName, Size } from './protocol.js';

/**
 * What a decoder process may have of memory that it writes to, kilobytes. Held by the system (`ulimit -d`): an allocation beyond
 * it fails. Node and the libraries take 0.12 GB of it before they have done anything. What says of itself that it is large gets
 * more, one file at a time: measured with 40 million pixels, PNG and JPEG take 0.7 GB, WebP 0.9 and AVIF 0.95.
 */
const SMALL_MEMORY_KB = 500_000;
export const LARGE_MEMORY_KB = 1_000_000;

/** A process that has grown beyond this, or used this much processor time, is replaced after its job. */
export const SPENT_RSS_BYTES = 220_000_000;
export const SPENT_CPU_SECONDS = 60;

/** The last resort, held by the system (`ulimit -t`): it ends what outlives its owner and is too busy to notice. */
export const PROCESS_CPU_SECONDS = 150;

/** What one job may use. */
export type JobLimits = {
  /** Milliseconds. */
  readonly timeMs: number;
  /** Of the process that does it. */
  readonly memoryKb: number;
  /** Heavy jobs run one at a time, in a process besides those for the others. */
  readonly isHeavy: boolean;
};

/**
 * What any file gets, milliseconds: honest drawings, fonts and small pictures take a tenth of it, and who sends something
 * hostile is answered within two seconds.
 */
const BASE_MS = 1400;

/**
 * What large pictures get on top, nanoseconds a declared pixel: the slowest honest one, a progressive JPEG that is made upright,
 * takes 100, an AVIF 200. The pixels are checked against what is allowed before, so both are bounded: 8 and 15 s.
 */
const PICTURE_NS_PER_PIXEL = 160;
const AVIF_NS_PER_PIXEL = 350;
const FREE_PIXELS = 2_000_000;

/** The same for films, of which all frames are decoded, compared and encoded anew. */
const FILM_NS_PER_PIXEL = 120;
const FREE_FILM_PIXELS = 4_000_000;

/** What is decoded while it is shown has been looked at before: it is as large as pictures may be, and no larger. */
const PIXELS_MS = 8_000;

/**
 * Decoding a sound to its end, which FFmpeg does several hundred times as fast as it is heard, has its own limit; tags and all come
 * on top.
 */
const SOUND_MS = 12_000;

/** From this many pixels on a picture is heavy. */
const HEAVY_PIXELS = 8_000_000;

function limitsOf(pixels: number, freePixels: number, nsPerPixel: number): JobLimits {
  const extraMs = (Math.max(0, pixels - freePixels) * nsPerPixel) / 1e6;
  const isHeavy = pixels >= HEAVY_PIXELS;
  return {
    timeMs: BASE_MS + extraMs,
    memoryKb: isHeavy ? LARGE_MEMORY_KB : SMALL_MEMORY_KB,
    isHeavy,
  };
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}

const LIMITS: { readonly [K in DecodeJobName]: (input: DecodeInput<K>) => JobLimits } = {
  probePicture: () => limitsOf(0, 0, 0),
  checkPicture: ({ size }) => limitsOf(pixelsOf(size), FREE_PIXELS, PICTURE_NS_PER_PIXEL),
  writePlainPicture: ({ size, mediaType }) =>
    limitsOf(
      pixelsOf(size),
      FREE_PIXELS,
      mediaType === 'image/avif' ? AVIF_NS_PER_PIXEL : PICTURE_NS_PER_PIXEL,
    ),
  writeFilm: ({ size, motion }) =>
    limitsOf(pixelsOf(size) * motion.durationsMs.length, FREE_FILM_PIXELS, FILM_NS_PER_PIXEL),
  writeSvg: () => limitsOf(0, 0, 0),
  setSvgText: () => limitsOf(0, 0, 0),
  writeLottie: () => limitsOf(0, 0, 0),
  checkFont: () => limitsOf(0, 0, 0),
  probeSound: () => ({ timeMs: SOUND_MS, memoryKb: SMALL_MEMORY_KB, isHeavy: false }),
  probeVideo: () => ({ timeMs: SOUND_MS, memoryKb: LARGE_MEMORY_KB, isHeavy: false }),
  writePixels: () => ({ timeMs: PIXELS_MS, memoryKb: LARGE_MEMORY_KB, isHeavy: false }),
};

/** What a job may use, by what is known of its file. */
export function jobLimits<K extends DecodeJobName>(name: K, input: DecodeInput<K>): JobLimits {
  return LIMITS[name](input);
}
