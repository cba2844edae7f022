import { readFile } from 'node:fs/promises';
import { AppError } from '../core/errors.js';
import { ApngCanvas, splitApng } from './apng.js';
import type { Motion, PictureDecoder, Size } from './pictures.js';
import { writeReel, type Reel } from './reel.js';

/**
 * Bounds of an animated picture. All its frames are in memory while its scene is shown, so together they are kept
 * within 96 MiB: a film that has more pixels is kept smaller. 400 million pixels take some 10 seconds to decode.
 */
export const FILM_LIMITS = { frames: 1000, pixels: 400_000_000, keptPixels: 25_165_824 } as const;

/** Decoded at once: a decoder begins at the first frame each time. */
const BATCH_PIXELS = 16_000_000;

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, section 27. */
const GIF_TRAILER = 0x3b;

type Frame = { readonly rgba: Buffer; readonly durationMs: number };

/** Writes the frames of an animated picture as a reel, equal ones that follow each other as one. */
export type FilmMaker = (
  path: string,
  intoPath: string,
  mediaType: string,
  size: Size,
  /** Null: it is an animated PNG. */
  motion: Motion | null,
) => Promise<Reel>;

/** @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN */
function checkFilm({ width, height }: Size, frames: number): void {
  const pixels = width * height * frames;
  if (frames <= FILM_LIMITS.frames && pixels <= FILM_LIMITS.pixels) return;
  throw new AppError(
    'SM_ASSET_TOO_LARGE',
    `The animation has ${frames} frames of ${width}x${height} pixels; at most ${FILM_LIMITS.frames} frames and ${FILM_LIMITS.pixels / 1e6} million pixels in all are taken. Make it shorter or smaller.`,
  );
}

/** The size at which all frames fit into what is kept. */
export function keptSize({ width, height }: Size, frames: number): Size {
  const scale = Math.min(1, Math.sqrt(FILM_LIMITS.keptPixels / (width * height * frames)));
  return {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
}

async function* framesOf(
  decoder: PictureDecoder,
  path: string,
  { width, height }: Size,
  { durationsMs }: Motion,
): AsyncGenerator<Frame> {
  const frameBytes = width * height * 4;
  const batch = Math.max(1, Math.floor(BATCH_PIXELS / (width * height)));
  for (let first = 0; first < durationsMs.length; first += batch) {
    const count = Math.min(batch, durationsMs.length - first);
    const { rgba } = await decoder.readFrames(path, first, count);
    if (rgba.length !== frameBytes * count) throw broken();
    for (let i = 0; i < count; i++) {
      const pixels = rgba.subarray(i * frameBytes, (i + 1) * frameBytes);
      yield { rgba: pixels, durationMs: durationsMs[first + i] ?? 0 };
    }
  }
}

async function* framesOfApng(
  decoder: PictureDecoder,
  apng: ReturnType<typeof splitApng>,
): AsyncGenerator<Frame> {
  const canvas = new ApngCanvas(apng);
  for (const frame of apng.frames) {
    const { rgba, width, height } = await decoder.readPixels(frame.png);
    if (width !== frame.width || height !== frame.height) throw broken();
    yield { rgba: Buffer.from(canvas.put(frame, rgba)), durationMs: frame.durationMs };
  }
}

/** Frames that look like the one before only make it longer. */
async function* merged(frames: AsyncGenerator<Frame>): AsyncGenerator<Frame> {
  const held: Frame[] = [];
  for await (const frame of frames) {
    const [before] = held;
    const isSame = before?.rgba.equals(frame.rgba) === true;
    if (before !== undefined && !isSame) yield before;
    held[0] = isSame ? { ...before, durationMs: before.durationMs + frame.durationMs } : frame;
  }
  yield* held;
}

/** @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN */
export function createFilmMaker(decoder: PictureDecoder): FilmMaker {
  const write = (
    frames: AsyncGenerator<Frame>,
    { intoPath, size, count, plays }: Plan,
  ): Promise<Reel> => {
    const into = keptSize(size, count);
    return writeReel(intoPath, 'film', plays, async (reel) => {
      for await (const { rgba, durationMs } of merged(frames))
        await reel.add(await decoder.writePng({ rgba, ...size }, into), { ...into, durationMs });
    });
  };

  return async (path, intoPath, mediaType, size, motion) => {
    if (motion !== null) {
      const count = motion.durationsMs.length;
      checkFilm(size, count);
      if (mediaType === 'image/gif') await checkGifEnd(path);
      const plan = { intoPath, size, count, plays: motion.plays };
      return write(framesOf(decoder, path, size, motion), plan);
    }
    const apng = splitApng(await readFile(path));
    const count = apng.frames.length;
    if (apng.width !== size.width || apng.height !== size.height) throw broken();
    checkFilm(size, count);
    return write(framesOfApng(decoder, apng), { intoPath, size, count, plays: apng.plays });
  };
}

type Plan = {
  readonly intoPath: string;
  readonly size: Size;
  readonly count: number;
  readonly plays: number;
};

/** The decoder plays what there is of a GIF that was cut; the sign that ends it tells. Zeros may follow. */
async function checkGifEnd(path: string): Promise<void> {
  const bytes = await readFile(path);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  if (bytes[end - 1] !== GIF_TRAILER) throw broken();
}

function broken(): AppError {
  return new AppError('SM_ASSET_BROKEN', 'A frame of the animation is damaged. Save it again.');
}
