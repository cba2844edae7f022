import { open, readFile, writeFile } from 'node:fs/promises';
import { drawOnGrid, drawSvgFinely, isOwnSvg } from '../vector/svg/draw.js';
import type { PictureDecoder } from './pictures.js';
import type { DecodeHandlers, FileRange, PictureShare, Size } from './protocol.js';
import { areaTapsOf, createResampler, tapsOf, type PixelBox, type Resample } from './resample.js';

/** Shares of a picture within this of a whole pixel are that pixel: they have been divided and multiplied. */
const WHOLE_PX = 1e-4;

const WHOLE: PictureShare = { x: 0, y: 0, width: 1, height: 1 };

/** Decodes pictures to the size in which they are shown. */
export function createPixelWriter(decoder: PictureDecoder): DecodeHandlers['writePixels'] {
  let resampler: Resample | null = null;
  return async ({ path, range, part: wantedPart, intoPath, ...px }) => {
    const bytes = await readRange(path, range);
    const into = { width: px.widthPx, height: px.heightPx };
    const partPx = { width: px.partWidthPx, height: px.partHeightPx };
    const part = wantedPart ?? WHOLE;
    if (isOwnSvg(bytes)) {
      const svg = bytes.toString('utf8');
      const drawnPart = filling(part, into, partPx);
      const gridded = await drawOnGrid(svg, drawnPart, into.width, into.height);
      if (gridded === null) {
        const drawn = await drawSvgFinely(svg, drawnPart, into.width, into.height);
        await writeFile(intoPath, drawn.rgba);
        return null;
      }
      takeOutAlpha(gridded.rgba);
      const columns = areaTapsOf(gridded.part.x, gridded.part.width, into.width);
      const rows = areaTapsOf(gridded.part.y, gridded.part.height, into.height);
      resampler ??= createResampler();
      await writeFile(intoPath, resampler(gridded.rgba, gridded, columns, rows));
      return null;
    }
    const { width, height } = await decoder.sizeOf(bytes);
    const wanted = toPixelBox(part, { width, height });
    const around = pixelsAround(wanted, { width, height });
    const pixels = await decoder.readPart(bytes, around);
    const columns = tapsOf(wanted.x - around.x, wanted.width, into.width, partPx.width);
    const rows = tapsOf(wanted.y - around.y, wanted.height, into.height, partPx.height);
    resampler ??= createResampler();
    await writeFile(intoPath, resampler(pixels.rgba, pixels, columns, rows));
    return null;
  };
}

/** What of a picture fills all of the pixels, where the part would take `partPx` of them. */
function filling(part: PictureShare, into: Size, partPx: Size): PictureShare {
  const width = (part.width * into.width) / partPx.width;
  return { ...part, width, height: (part.height * into.height) / partPx.height };
}

/** Premultiplied pixels as they are in files. */
function takeOutAlpha(rgba: Uint8Array): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++)
      rgba[channel] = Math.min(255, Math.round(((rgba[channel] ?? 0) * 255) / alpha));
  }
}

async function readRange(path: string, range: FileRange | null): Promise<Buffer> {
  if (range === null) return readFile(path);
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(range.bytes);
    await file.read(bytes, 0, range.bytes, range.start);
    return bytes;
  } finally {
    await file.close();
  }
}

function toPixelBox(part: PictureShare, { width, height }: Size): PixelBox {
  const left = snap(part.x * width);
  const top = snap(part.y * height);
  return {
    x: left,
    y: top,
    width: snap((part.x + part.width) * width) - left,
    height: snap((part.y + part.height) * height) - top,
  };
}

function snap(px: number): number {
  const whole = Math.round(px);
  return Math.abs(px - whole) < WHOLE_PX ? whole : px;
}

/** The whole pixels that a part touches, at least one. */
function pixelsAround({ x, y, width, height }: PixelBox, size: Size): PixelBox {
  const left = Math.min(Math.max(0, Math.floor(x)), size.width - 1);
  const top = Math.min(Math.max(0, Math.floor(y)), size.height - 1);
  const right = Math.min(size.width, Math.max(left + 1, Math.ceil(x + width)));
  const bottom = Math.min(size.height, Math.max(top + 1, Math.ceil(y + height)));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
