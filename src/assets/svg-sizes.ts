import type { PictureDecoder } from '../decode/pictures.js';
import type { Size } from '../decode/protocol.js';
import { writeReel } from './reel.js';

/**
 * Longest sides, in pixels, at which a drawing is kept: the painter takes the next larger one than it needs, which
 * is then made at most half as large. Drawing needs a library and a trust that the render threads do not have.
 */
const LONGEST_PX = [128, 256, 512, 1024, 2048, 4096];

/** Writes a cleaned drawing in several sizes as a reel; answers the size that it gives itself. */
export type SvgDrawer = (svg: Buffer, intoPath: string) => Promise<Size>;

/** @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN */
export function createSvgDrawer(decoder: PictureDecoder): SvgDrawer {
  return async (svg, intoPath) => {
    const size = await decoder.probeSvg(svg);
    const longest = Math.max(size.width, size.height);
    await writeReel(intoPath, 'sizes', 0, async (reel) => {
      for (const longestPx of LONGEST_PX) {
        const scale = longestPx / longest;
        const into = {
          width: Math.max(1, Math.round(size.width * scale)),
          height: Math.max(1, Math.round(size.height * scale)),
        };
        await reel.add(await decoder.drawSvg(svg, scale, into), { ...into, durationMs: 0 });
      }
    });
    return size;
  };
}
