import { readCmap, writeCmap } from './cmap.js';
import { toSfnt } from '../core/sfnt.js';
import { TRUE_TYPE, withSfnt } from './sfnt.js';

/**
 * The canvas draws characters, not glyphs. So that it draws just the glyphs that HarfBuzz has chosen, hinted and
 * smoothed as browsers do, it gets copies of the fonts in which each glyph has a character of its own, in the last of
 * Unicode's private planes, and without the tables by which it would choose others. The characters that a font has
 * stay: by them the hinter knows where its letters should stand on the pixel grid.
 */
const FIRST_CHARACTER = 0x100000;
/** The last two of the plane are no characters. */
const MAX_GLYPHS = 0xfffe;

/** What drawing needs. */
const DRAWING_TABLES = [
  ...[
    'head',
    'hhea',
    'hmtx',
    'maxp',
    'OS/2',
    'name',
    'post',
    'glyf',
    'loca',
    'cvt ',
    'fpgm',
    'prep',
  ],
  ...['gasp', 'CFF ', 'CFF2', 'VORG', 'fvar', 'avar', 'gvar', 'cvar', 'HVAR', 'MVAR', 'STAT'],
  ...['COLR', 'CPAL', 'CBDT', 'CBLC', 'sbix', 'SVG '],
] as const;

const OPEN_TYPE = 0x4f54544f;

/** The character that stands for a glyph in the copy of its font; null for the box that stands for what is missing. */
export function glyphCharacter(glyph: number): string | null {
  return glyph === 0 || glyph >= MAX_GLYPHS ? null : String.fromCodePoint(FIRST_CHARACTER + glyph);
}

/**
 * The copy of a face in which each glyph has a character.
 * @throws Error when the file cannot be read, or is no font
 */
export function readGlyphFont(path: string, index: number): Buffer {
  return withSfnt(path, ({ table, faces }) => {
    const [counts, characters] = [table(index, 'maxp'), table(index, 'cmap')];
    if (counts === null || characters === null) throw new Error(`${path} is no font`);
    const glyphs = Math.min(MAX_GLYPHS, counts.readUInt16BE(4));
    const own = readCmap(characters).filter(({ last }) => last < FIRST_CHARACTER);
    const added = { first: FIRST_CHARACTER + 1, last: FIRST_CHARACTER + glyphs - 1, glyph: 1 };
    const cmap = writeCmap(glyphs > 1 ? [...own, added] : own);
    const isCompact = faces[index]?.has('CFF ') === true || faces[index]?.has('CFF2') === true;
    const tables = DRAWING_TABLES.flatMap((tag) => {
      const bytes = table(index, tag);
      return bytes === null ? [] : [{ tag, checksum: 0, bytes }];
    });
    return toSfnt(isCompact ? OPEN_TYPE : TRUE_TYPE, [
      { tag: 'cmap', checksum: 0, bytes: cmap },
      ...tables,
    ]);
  });
}
