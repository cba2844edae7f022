import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wawoff2 from 'wawoff2';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import type { FontFile } from '../../test/support/chromium-canvas.js';
import { testFamilies, testFonts } from '../../test/support/test-fonts.js';

/** A word for each font of the sheet. */
export type SheetFont =
  | 'sans'
  | 'arabic'
  | 'nastaliq'
  | 'hebrew'
  | 'devanagari'
  | 'bengali'
  | 'tamil'
  | 'thai'
  | 'khmer'
  | 'georgian'
  | 'tibetan'
  | 'cherokee'
  | 'japanese'
  | 'korean'
  | 'chinese'
  | 'symbols'
  | 'mono'
  | 'inter'
  | 'variable'
  | 'open';

/** The fonts of the sheet: files, and the families that stand for a word. */
export type SheetFonts = {
  readonly files: readonly FontFile[];
  of(word: SheetFont): string[];
};

const WEIGHTS: Readonly<Record<string, string>> = {
  'test variable': '100 900',
  'test open': '300 800',
};

/** Unpacks the fonts of the sheet; those that vary into a folder. */
export async function sheetFonts(folder: string): Promise<SheetFonts> {
  const variable = async (family: string): Promise<string> => {
    const name = `${family}-latin-wght-normal`;
    const packed = ['node_modules', '@fontsource-variable', family, 'files', `${name}.woff2`];
    const path = join(folder, `${name}.ttf`);
    writeFileSync(path, await wawoff2.decompress(readFileSync(join(PACKAGE_ROOT, ...packed))));
    return path;
  };
  const families = testFamilies<SheetFont>({
    sans: testFonts('noto-sans'),
    arabic: testFonts('noto-sans-arabic'),
    nastaliq: testFonts('noto-nastaliq-urdu'),
    hebrew: testFonts('noto-sans-hebrew'),
    devanagari: testFonts('noto-sans-devanagari'),
    bengali: testFonts('noto-sans-bengali'),
    tamil: testFonts('noto-sans-tamil'),
    thai: testFonts('noto-sans-thai'),
    khmer: testFonts('noto-sans-khmer'),
    georgian: testFonts('noto-sans-georgian'),
    tibetan: testFonts('noto-serif-tibetan'),
    cherokee: testFonts('noto-sans-cherokee'),
    japanese: testFonts('kosugi'),
    korean: testFonts('gowun-dodum'),
    chinese: testFonts('zcool-xiaowei'),
    symbols: testFonts('noto-sans-symbols-2'),
    mono: testFonts('dejavu-mono'),
    inter: [join(FONTS_FOLDER, 'inter-latin-400-normal.ttf')],
    variable: [await variable('inter')],
    open: [await variable('open-sans')],
  });
  return {
    files: families.files.map(([family, path]) => [family, path, WEIGHTS[family] ?? 'normal']),
    of: (word) => families.of(word),
  };
}
