import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FONTS_FOLDER, SHIPPED_FONTS } from './shipped-fonts.js';
import { woffToSfnt } from '../core/woff.js';

/**
 * Build step: unpacks the shipped fonts. Packed, the emoji font takes 200 ms at its first use and 60 MB, plain 3 ms
 * and 9 MB; of its two descriptions of the same pictures Skia reads COLR, so the larger SVG table stays out.
 */
mkdirSync(FONTS_FOLDER, { recursive: true });
for (const { file, source } of SHIPPED_FONTS) {
  writeFileSync(join(FONTS_FOLDER, file), woffToSfnt(readFileSync(source), ['SVG ']));
}
