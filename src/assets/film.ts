import { readFile } from 'node:fs/promises';
import { AppError } from '../core/errors.js';
import { ApngCanvas, splitApng, type Apng } from './apng.js';
import { mendFilm } from './mend-film.js';
import type { PictureDecoder } from '../decode/pictures.js';
import type { DecodeInput, Motion, Size } from '../decode/protocol.js';

import { writeReel, type Reel } from './write-reel.js';

/** Bounds of an animated picture. 400 million pixels take some 10 seconds to decode. */
export const FILM_LIMITS = { frames: 1000, pixels: 400_000_000 } as const;

/** Decoded at once: a decoder begins at the first frame each time. */
const BATCH_PIXELS = 16_000_000;

type Frame = { readonly rgba: Buffer; readonly durationMs: number };

/** Writes the frames of an animated picture as a reel, equal ones that follow each other as one. */
export type FilmMaker = (film: DecodeInput<'writeFilm'>) => Promise<Reel>;

/** @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN */
export function checkFilm({ width, height }: Size, frames: number): void {
  const pixels = width * height * frames;
  if (frames <= FILM_LIMITS.frames && pixels <= FILM_LIMITS.pixels) return;
  throw new AppError(
    'SM_ASSET_TOO_LARGE',
    `The animation has ${frames} frames of ${width}x${height} pixels; the limit is ${FILM_LIMITS.frames} frames and ${FILM_LIMITS.pixels / 1e6} million pixels in total. Make it shorter or smaller.`,
  );
}

async function* framesOf(
  decoder: PictureDecoder,
  picture: Buffer,
  { width, height }: Size,
  { durationsMs }: Motion,
): AsyncGenerator<Frame> {
  const frameBytes = width * height * 4;
  const batch = Math.max(1, Math.floor(BATCH_PIXELS / (width * height)));
  for (let first = 0; first < durationsMs.length; first += batch) {
    const count = Math.min(batch, durationsMs.length - first);
    const { rgba } = await decoder.readFrames(picture, first, count);
    if (rgba.length !== frameBytes * count) throw broken();
    for (let i = 0; i < count; i++) {
      const pixels = rgba.subarray(i * frameBytes, (i + 1) * frameBytes);
      yield { rgba: pixels, durationMs: durationsMs[first + i] ?? 0 };
    }
  }
}

async function* framesOfApng(decoder: PictureDecoder, apng: Apng): AsyncGenerator<Frame> {
  const canvas = new ApngCanvas(apng);
  for (const [i, frame] of apng.frames.entries()) {
    const mayBeCut = apng.isCut && i > 0 && i === apng.frames.length - 1;
    const pixels = await decoder.readPixels(frame.png).catch((error: unknown) => {
      if (mayBeCut) return null;
      throw error;
    });
    if (pixels === null) return;
    const { rgba, width, height } = pixels;
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
  const framesIn = (
    bytes: Buffer,
    { mediaType, size, motion }: Pick<DecodeInput<'writeFilm'>, 'mediaType' | 'size' | 'motion'>,
  ): AsyncGenerator<Frame> => {
    if (mediaType !== 'image/png')
      return framesOf(decoder, mendFilm(bytes, mediaType), size, motion);
    const apng = splitApng(bytes);
    if (apng.width !== size.width || apng.height !== size.height) throw broken();
    return framesOfApng(decoder, apng);
  };

  return async ({ path, intoPath, mediaType, size, motion }) => {
    checkFilm(size, motion.durationsMs.length);
    const frames = framesIn(await readFile(path), { mediaType, size, motion });
    return writeReel(intoPath, 'film', motion.plays, async (reel) => {
      for await (const { rgba, durationMs } of merged(frames))
        await reel.add(await decoder.writePng({ rgba, ...size }), { ...size, durationMs });
    });
  };
}

function broken(): AppError {
  return new AppError('SM_ASSET_BROKEN', 'A frame of the animation is damaged. Save it again.');
}
