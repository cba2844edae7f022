import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { PictureDecoder } from '../decode/pictures.js';
import type { DecodeHandlers } from '../decode/protocol.js';
import { FontCatalogue, type NamedFont } from '../fonts/catalogue.js';
import { LOTTIE_LIMITS } from '../vector/lottie/check.js';
import { takeLottie } from '../vector/lottie/take.js';
import { SVG_LIMITS } from '../vector/svg/errors.js';
import { setCleanSvgText, takeSvg } from '../vector/svg/take.js';
import { readBounded } from './read-bounded.js';

/** The fonts of all text with those that were uploaded. */
function catalogueOf(fonts: readonly NamedFont[]): FontCatalogue {
  const catalogue = new FontCatalogue();
  catalogue.add(fonts);
  return catalogue;
}

export type VectorJobs = Pick<DecodeHandlers, 'writeSvg' | 'setSvgText' | 'writeLottie'>;

/** What a decoder process does with drawings and vector animations. */
export function createVectorJobs(decoder: PictureDecoder): VectorJobs {
  return {
    async writeSvg({ path, cleanPath, outlinedPath, scratchPath, fonts }) {
      const bytes = await readBounded(path, SVG_LIMITS.bytes);
      await mkdir(scratchPath);
      const { width, height, clean, outlined, fontFamilies, notDrawn } = await takeSvg(bytes, {
        embedPicture: (picture) => decoder.embed(picture),
        fonts: catalogueOf(fonts),
        folder: scratchPath,
      });
      await writeFile(cleanPath, clean, { flag: 'wx' });
      if (outlined !== null) await writeFile(outlinedPath, outlined, { flag: 'wx' });
      return { width, height, hasText: outlined !== null, fontFamilies, notDrawn };
    },
    async setSvgText({ cleanPath, outlinedPath, scratchPath, fonts }) {
      await mkdir(scratchPath);
      const clean = await readFile(cleanPath, 'utf8');
      const { svg, notDrawn } = await setCleanSvgText(clean, catalogueOf(fonts), scratchPath);
      await writeFile(outlinedPath, svg, { flag: 'wx' });
      return { notDrawn };
    },
    async writeLottie({ path, intoPath, scratchPath, fonts }) {
      const bytes = await readBounded(path, LOTTIE_LIMITS.bytes);
      await mkdir(scratchPath);
      const { json, ...known } = await takeLottie(bytes, {
        embedPicture: (picture) => decoder.embed(picture),
        encodePng: (rgba, width, height) =>
          decoder.writePng({ rgba: withoutAlphaIn(rgba), width, height }),
        fonts: catalogueOf(fonts),
        folder: scratchPath,
      });
      await writeFile(intoPath, json, { flag: 'wx' });
      return known;
    },
  };
}

/** Pixels whose colours have not been multiplied with their alpha. */
function withoutAlphaIn(premultiplied: Buffer): Buffer {
  const rgba = Buffer.from(premultiplied);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = i; channel < i + 3; channel++)
      rgba[channel] = Math.round(((rgba[channel] ?? 0) * 255) / alpha);
  }
  return rgba;
}
