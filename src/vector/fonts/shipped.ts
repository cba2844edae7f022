import { join } from 'node:path';
import { FONTS_FOLDER, SHIPPED_FONTS } from '../../fonts/shipped-fonts.js';
import type { FontFile } from './font-set.js';

/** The shipped fonts as drawings name them: a family that comes in a file for each script is one. */
export function shippedFontFiles(): FontFile[] {
  return SHIPPED_FONTS.map(({ file, family }) => {
    const [, weight = '400', style] = /-(\d+)-(normal|italic)\.ttf$/.exec(file) ?? [];
    return {
      path: join(FONTS_FOLDER, file),
      index: 0,
      families: [family.startsWith('Inter') ? 'Inter' : family],
      weight: Number(weight),
      isItalic: style === 'italic',
    };
  });
}
