import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { woffToSfnt } from '../core/woff.js';
import { readGlyphFont } from './glyph-font.js';
import { FONTS_FOLDER, GLYPH_FONTS_FOLDER, SHIPPED_FONTS } from './shipped-fonts.js';
import { writeSystemIndex } from './system-fonts.js';

/**
 * Build step: unpacks the shipped fonts. Packed, the emoji font takes 200 ms at its first use and 60 MB, plain 3 ms
 * and 9 MB; of its two descriptions of the same pictures Skia reads COLR, so the larger SVG table stays out. Then it looks at what the system has.
 */
mkdirSync(FONTS_FOLDER, { recursive: true });
mkdirSync(GLYPH_FONTS_FOLDER, { recursive: true });
for (const { file, source } of SHIPPED_FONTS) {
  const path = join(FONTS_FOLDER, file);
  writeFileSync(path, woffToSfnt(readFileSync(source), ['SVG ']));
  writeFileSync(join(GLYPH_FONTS_FOLDER, file), readGlyphFont(path, 0));
}
writeSystemIndex();
