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
  if (head === undefined) throw broken('it has been damaged');
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

function broken(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The SVG cannot be drawn (${reason.slice(0, 200)}).`);
}
