import { join } from 'node:path';
import {
  createCanvas,
  GlobalFonts,
  loadImage,
  type Canvas,
  type Image,
  type SKRSContext2D,
} from '@napi-rs/canvas';
import { PACKAGE_ROOT } from '../core/paths.js';

export { createCanvas };
export type { Canvas, Image };
export type Context2D = SKRSContext2D;

/** The one owner of the Skia binding: everything that draws takes it from here. */

const INTER_WEIGHTS = [100, 200, 300, 400, 500, 600, 700, 800, 900];
const INTER_SUBSETS = [
  'latin',
  'latin-ext',
  'cyrillic',
  'cyrillic-ext',
  'greek',
  'greek-ext',
  'vietnamese',
];
const EMOJI_ALIAS = 'Noto Color Emoji';

/** Every family name under which a shipped font is known, in the order in which glyphs are looked for. */
const SHIPPED_FAMILIES = ['Inter', ...INTER_SUBSETS.slice(1).map((subset) => `Inter ${subset}`)];

/**
 * Registers the shipped fonts. They are known process-wide and to all threads, so this is called once, before
 * any thread draws.
 * @throws Error when a font file is missing: then the installation is not whole.
 */
export function registerShippedFonts(): void {
  const folder = join(PACKAGE_ROOT, 'node_modules', '@fontsource');
  const register = (path: string, alias: string): void => {
    if (GlobalFonts.registerFromPath(join(folder, path), alias) === null) {
      throw new Error(`The font ${path} could not be loaded; run npm ci to restore it.`);
    }
  };
  for (const subset of INTER_SUBSETS) {
    const alias = subset === 'latin' ? 'Inter' : `Inter ${subset}`;
    for (const weight of INTER_WEIGHTS)
      register(`inter/files/inter-${subset}-${weight}-normal.woff2`, alias);
    for (const weight of [400, 700])
      register(`inter/files/inter-${subset}-${weight}-italic.woff2`, alias);
  }
  for (const part of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    register(`noto-color-emoji/files/noto-color-emoji-${part}-400-normal.woff2`, EMOJI_ALIAS);
  }
}

/** The families of a CSS font shorthand: the wanted one, then the shipped ones, emoji, and whatever the system has. */
export function fontStack(family: string): string {
  const names = family.split(',').map((name) => name.trim().replace(/["\\]/g, ''));
  return [...names, ...SHIPPED_FAMILIES, EMOJI_ALIAS]
    .map((name) => `"${name}"`)
    .concat('sans-serif')
    .join(', ');
}

/** Decodes a picture off the calling thread. Only bytes are taken: given a text, the binding would read files or fetch it. */
export async function decodeImage(bytes: Buffer): Promise<Image> {
  return loadImage(bytes);
}
