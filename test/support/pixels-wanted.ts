import type { DecodeInput, PictureShare, Size } from '../../src/decode/protocol.js';

/** A picture in a file of its own, or a part of it, in so many pixels, of which all of the part takes `partPx`. */
export function pixelsWanted(
  path: string,
  { width, height }: Size,
  part: PictureShare | null = null,
  partPx: Size = { width, height },
): Omit<DecodeInput<'writePixels'>, 'intoPath'> {
  return {
    path,
    range: null,
    part,
    widthPx: width,
    heightPx: height,
    partWidthPx: partPx.width,
    partHeightPx: partPx.height,
  };
}
