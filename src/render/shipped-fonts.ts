import { join } from 'node:path';
import { BUILD_ROOT, PACKAGE_ROOT } from '../core/paths.js';

/** The fonts that come with the service: where they come from, and where the build puts them. */
export type ShippedFont = {
  /** Name in the fonts folder of the build. */
  readonly file: string;
  readonly family: string;
  /** The packed font in its package. */
  readonly source: string;
};

/** Where the build puts plain fonts. */
export const FONTS_FOLDER = join(BUILD_ROOT, 'fonts');

const PACKAGES = join(PACKAGE_ROOT, 'node_modules', '@fontsource');
const WEIGHTS = [100, 200, 300, 400, 500, 600, 700, 800, 900];
const ITALIC_WEIGHTS = [400, 700];

/** A package holds a file for each part of Unicode; each needs a family of its own, since names are not joined. */
const SUBSETS = [
  'latin',
  'latin-ext',
  'cyrillic',
  'cyrillic-ext',
  'greek',
  'greek-ext',
  'vietnamese',
];
const EMOJI_FAMILY = 'Noto Color Emoji';

function interFamily(subset: string): string {
  return subset === 'latin' ? 'Inter' : `Inter ${subset}`;
}

function inter(subset: string, weight: number, style: 'normal' | 'italic'): ShippedFont {
  const name = `inter-${subset}-${weight}-${style}`;
  return {
    file: `${name}.ttf`,
    family: interFamily(subset),
    source: join(PACKAGES, 'inter', 'files', `${name}.woff`),
  };
}

export const SHIPPED_FONTS: readonly ShippedFont[] = [
  ...SUBSETS.flatMap((subset) => [
    ...WEIGHTS.map((weight) => inter(subset, weight, 'normal')),
    ...ITALIC_WEIGHTS.map((weight) => inter(subset, weight, 'italic')),
  ]),
  {
    file: 'noto-color-emoji.ttf',
    family: EMOJI_FAMILY,
    source: join(PACKAGES, 'noto-color-emoji', 'files', 'noto-color-emoji-emoji-400-normal.woff'),
  },
];

/** Families in the order in which glyphs are looked for. */
export const SHIPPED_FAMILIES: readonly string[] = [...SUBSETS.map(interFamily), EMOJI_FAMILY];
