import { AppError } from '../../core/errors.js';
import { renderSvg, type DrawnSvg } from './resvg.js';

/** A part of a drawing, as shares of its size. */
export type SvgPart = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export const WHOLE: SvgPart = { x: 0, y: 0, width: 1, height: 1 };

const HEAD = /^\s*<svg\b[^>]*>/;

/** Whether a file is a drawing as it is kept: whatever strangers send has been written anew before it is drawn. */
export function isOwnSvg(file: Buffer): boolean {
  return file.toString('latin1', 0, 5) === '<svg ';
}

/** The width and height in the first tag of a document of our own making. */
function sizeIn(head: string): { width: number; height: number } {
  const read = (name: string): number => Number(new RegExp(`\\s${name}="([^"]*)"`).exec(head)?.[1]);
  return { width: read('width'), height: read('height') };
}

/** What stands in the first tag besides its size. */
function restOf(head: string): string {
  return head
    .replace(/^\s*<svg\b/, '')
    .replace(/\/?>$/, '')
    .replace(/\s(?:width|height|viewBox|preserveAspectRatio)="[^"]*"/g, '');
}

/**
 * A part of a drawing at exactly the size at which it is shown: each line is drawn where it is, and nothing is resampled.
 * @param svg - as `takeSvg` writes it
 * @throws AppError SM_ASSET_BROKEN
 */
export async function drawSvg(
  svg: string,
  part: SvgPart,
  widthPx: number,
  heightPx: number,
): Promise<DrawnSvg> {
  const head = HEAD.exec(svg)?.[0];
  if (head === undefined) throw broken('it is damaged');
  const { width, height } = sizeIn(head);
  const box = [part.x * width, part.y * height, part.width * width, part.height * height];
  const isEmpty = head.endsWith('/>');
  const shown = `<svg width="${widthPx}" height="${heightPx}" viewBox="${box.join(' ')}" preserveAspectRatio="none"${restOf(head)}${isEmpty ? '/>' : '>'}${svg.slice(head.length)}`;
  try {
    return await renderSvg(shown);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

/** Most pixels that are averaged: those of a 4K frame, four times what a drawing is tried with when it is taken. */
const MAX_FINE_PX = 3840 * 2160;
/** The same with filters, which hide what is finer than a pixel and take the longest. */
const MAX_FINE_FILTERED_PX = 1920 * 1080;
const MAX_FINENESS = 4;

/**
 * The same, drawn up to four times as large and averaged. The renderer by itself looks at four lines of a pixel, and draws
 * strokes that are thinner than a pixel as wide as one and fainter: thin diagonals are up to 8 dB nearer to the ideal so.
 * @throws AppError SM_ASSET_BROKEN
 */
export async function drawSvgFinely(
  svg: string,
  part: SvgPart,
  widthPx: number,
  heightPx: number,
): Promise<DrawnSvg> {
  const mostPx = svg.includes('<filter') ? MAX_FINE_FILTERED_PX : MAX_FINE_PX;
  const fineness = Math.floor(Math.sqrt(mostPx / (widthPx * heightPx)));
  const times = Math.min(MAX_FINENESS, Math.max(1, fineness));
  const drawn = await drawSvg(svg, part, widthPx * times, heightPx * times);
  return times === 1 ? drawn : averaged(drawn, times);
}

/** Each `times` × `times` pixels as one. */
function averaged({ rgba, width, height }: DrawnSvg, times: number): DrawnSvg {
  const [columns, rows] = [width / times, height / times];
  const rowBytes = columns * 4;
  const small = Buffer.alloc(rowBytes * rows);
  const sums = new Uint16Array(rowBytes);
  const count = times * times;
  for (let y = 0; y < rows; y++) {
    sums.fill(count >> 1);
    let from = y * times * width * 4;
    for (let row = 0; row < times; row++)
      for (let at = 0; at < rowBytes; at += 4)
        for (let k = 0; k < times; k++, from += 4)
          for (let channel = 0; channel < 4; channel++)
            sums[at + channel] = (sums[at + channel] ?? 0) + (rgba[from + channel] ?? 0);
    for (let at = 0; at < rowBytes; at++)
      small[y * rowBytes + at] = Math.floor((sums[at] ?? 0) / count);
  }
  return { rgba: small, width: columns, height: rows };
}

/** A drawing in pixels, a whole number of them for each of its units, and where a part of it is there. */
export type GriddedSvg = DrawnSvg & { readonly part: SvgPart };

/** What is drawn at most for one picture that is made smaller afterwards, pixels: 64 MB. */
const MAX_GRIDDED_PX = 16_000_000;

/** A tile may miss whole pixels by this: a hundred of them drift by a pixel. */
const TILE_TOLERANCE_PX = 0.01;

/** Whether the tiles of all patterns are whole pixels, as far as their tags say how large they are. */
function hasWholeTiles(svg: string, unitPxX: number, unitPxY: number): boolean {
  const isWhole = (px: number): boolean => Math.abs(px - Math.round(px)) < TILE_TOLERANCE_PX;
  return [...svg.matchAll(/<pattern\b[^>]*>/g)].every(([tag]) => {
    const read = (name: string): number =>
      Number(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? NaN);
    const isPlain =
      tag.includes('patternUnits="userSpaceOnUse"') && !tag.includes('patternTransform');
    return isPlain && isWhole(read('width') * unitPxX) && isWhole(read('height') * unitPxY);
  });
}

/**
 * All of a drawing that has patterns, larger than its part is wanted, to be brought to that size by whoever asks. The
 * renderer rounds the tiles of a pattern to whole pixels, so that they drift by many pixels where a unit is no whole
 * number of them. Null when it has none that drift, or would be too large so.
 * @param svg - as `takeSvg` writes it
 * @throws AppError SM_ASSET_BROKEN
 */
export async function drawOnGrid(
  svg: string,
  part: SvgPart,
  widthPx: number,
  heightPx: number,
): Promise<GriddedSvg | null> {
  const head = HEAD.exec(svg)?.[0];
  if (head === undefined || !svg.includes('<pattern')) return null;
  const size = sizeIn(head);
  const unitPxX = widthPx / (part.width * size.width);
  const unitPxY = heightPx / (part.height * size.height);
  if (hasWholeTiles(svg, unitPxX, unitPxY)) return null;
  const unitPx = Math.max(2, Math.ceil(Math.max(unitPxX, unitPxY)));
  const [exactWidth, exactHeight] = [size.width * unitPx, size.height * unitPx];
  const [gridWidth, gridHeight] = [Math.ceil(exactWidth), Math.ceil(exactHeight)];
  if (gridWidth * gridHeight > MAX_GRIDDED_PX) return null;
  const all = { x: 0, y: 0, width: gridWidth / exactWidth, height: gridHeight / exactHeight };
  const drawn = await drawSvg(svg, all, gridWidth, gridHeight);
  return {
    rgba: drawn.rgba,
    width: drawn.width,
    height: drawn.height,
    part: {
      x: part.x * exactWidth,
      y: part.y * exactHeight,
      width: part.width * exactWidth,
      height: part.height * exactHeight,
    },
  };
}

function broken(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The SVG cannot be drawn (${reason.slice(0, 200)}).`);
}
