import { join } from 'node:path';
import { BUILD_ROOT, PACKAGE_ROOT } from '../core/paths.js';
import { readFaces, type Face } from './face.js';

/** The fonts that come with the service: where they come from, and where the build puts them. */
export type ShippedFont = {
  /** Name in the fonts folder of the build. */
  readonly file: string;
  /** As the canvas binding knows it, which does not join files to families. */
  readonly family: string;
  readonly weight: number;
  readonly isItalic: boolean;
  /** The packed font in its package. */
  readonly source: string;
};

/** Where the build puts plain fonts. */
export const FONTS_FOLDER = join(BUILD_ROOT, 'fonts');

/** Where it puts the copies by which glyphs are drawn; see glyph-font.ts. */
export const GLYPH_FONTS_FOLDER = join(FONTS_FOLDER, 'glyphs');

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
    weight,
    isItalic: style === 'italic',
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
    weight: 400,
    isItalic: false,
    source: join(PACKAGES, 'noto-color-emoji', 'files', 'noto-color-emoji-emoji-400-normal.woff'),
  },
];

/** Families in the order in which glyphs are looked for. */
export const SHIPPED_FAMILIES: readonly string[] = [...SUBSETS.map(interFamily), EMOJI_FAMILY];

/** Reads what it must of a shipped font when it is asked for characters: most weights never are. */
function shippedFace({ file, family, weight, isItalic }: ShippedFont): Face {
  const path = join(FONTS_FOLDER, file);
  let read: Face | null = null;
  const whole = (): Face => {
    read ??= readFaces(path)[0] ?? null;
    if (read === null)
      throw new Error(`The font ${file} could not be loaded; run npm run build to restore it.`);
    return read;
  };
  return {
    path,
    index: 0,
    families: [family.startsWith('Inter') ? 'Inter' : family],
    weight: [weight, weight],
    isItalic,
    width: 5,
    isMonospace: false,
    isColor: family === EMOJI_FAMILY,
    axes: [],
    get coverage() {
      return whole().coverage;
    },
    get bytes() {
      return whole().bytes;
    },
  };
}

let known: readonly Face[] | null = null;

/** The shipped fonts as faces: the parts of a family that are files of their own are one family. */
export function shippedFaces(): readonly Face[] {
  known ??= SHIPPED_FONTS.map(shippedFace);
  return known;
}
