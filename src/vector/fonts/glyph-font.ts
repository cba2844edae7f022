import { AppError } from '../../core/errors.js';
import type { Face } from '../../fonts/face.js';
import { writeCmap } from '../../fonts/cmap.js';
import { toSfnt } from '../../core/sfnt.js';
import { TRUE_TYPE, withSfnt } from '../../fonts/sfnt.js';
import { makeNameTable, plainOs2 } from './names.js';
import type { Contour } from './outline.js';

/**
 * A font made of text that has been set already: each cluster of glyphs, from whatever face, is one character of the
 * private use area, with its width as it is in its place. A renderer that lays out such text needs to know nothing of
 * scripts, kerning or missing glyphs.
 */

/** A cluster as it is drawn; lengths in heights of its font, y upwards. */
export type SetGlyph = { readonly contours: readonly Contour[]; readonly advance: number };

const FIRST_CHARACTER = 0xe000;
const SPACE = 0x20;
/** As many characters as the area has. */
const MAX_GLYPHS = 6400;
function int16(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value)));
}

/** https://learn.microsoft.com/typography/opentype/spec/glyf: a simple glyph, without packing. */
function glyfOf(contours: readonly Contour[], unitsPerEm: number): Buffer {
  const kept = contours.filter((contour) => contour.length > 1);
  const points = kept
    .flat()
    .map(({ x, y, isOn }) => ({ x: int16(x * unitsPerEm), y: int16(y * unitsPerEm), isOn }));
  if (points.length === 0 || points.length > 65_535) return Buffer.alloc(0);
  const glyph = Buffer.alloc(12 + 2 * kept.length + 5 * points.length);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const smallest = (list: readonly number[]): number => list.reduce((a, b) => Math.min(a, b));
  const largest = (list: readonly number[]): number => list.reduce((a, b) => Math.max(a, b));
  glyph.writeInt16BE(kept.length, 0);
  [smallest(xs), smallest(ys), largest(xs), largest(ys)].forEach((value, i) =>
    glyph.writeInt16BE(value, 2 + 2 * i),
  );
  let end = -1;
  kept.forEach((contour, i) => {
    end += contour.length;
    glyph.writeUInt16BE(end, 10 + 2 * i);
  });
  const flags = 12 + 2 * kept.length;
  let [lastX, lastY] = [0, 0];
  points.forEach(({ x, y, isOn }, i) => {
    glyph.writeUInt8(isOn ? 1 : 0, flags + i);
    glyph.writeInt16BE(int16(x - lastX), flags + points.length + 2 * i);
    glyph.writeInt16BE(int16(y - lastY), flags + 3 * points.length + 2 * i);
    [lastX, lastY] = [x, y];
  });
  return glyph.length % 2 === 0 ? glyph : Buffer.concat([glyph, Buffer.alloc(1)]);
}

/** Collects set glyphs and writes them as fonts. */
export class GlyphFont {
  /** In the order of their characters. */
  readonly #glyphs: SetGlyph[] = [];
  readonly #characters = new Map<string, string>();

  /** The character of a glyph. @param key - equal for equal glyphs */
  characterOf(key: string, make: () => SetGlyph): string {
    const known = this.#characters.get(key);
    if (known !== undefined) return known;
    const character = String.fromCodePoint(FIRST_CHARACTER + this.#glyphs.length);
    if (this.#glyphs.length >= MAX_GLYPHS) throw tooMany();
    this.#glyphs.push(make());
    this.#characters.set(key, character);
    return character;
  }

  /** Width of a character in heights of the font; null when it is none of these. */
  advanceOf(character: string): number | null {
    return this.#glyphs[(character.codePointAt(0) ?? 0) - FIRST_CHARACTER]?.advance ?? null;
  }

  /** The characters and what they draw. */
  entries(): [character: string, glyph: SetGlyph][] {
    return this.#glyphs.map((glyph, i) => [String.fromCodePoint(FIRST_CHARACTER + i), glyph]);
  }

  /**
   * All glyphs as a font that has the height, base line and underline of a face.
   * @param spaceWidth - of the space, in heights of the font
   * @throws Error when the face cannot be read
   */
  write(family: string, { path, index }: Face, spaceWidth: number): Buffer {
    return withSfnt(path, ({ table }) => {
      const read = (tag: string): Buffer => {
        const bytes = table(index, tag);
        if (bytes === null) throw new Error(`The font ${path} has no ${tag}.`);
        return bytes;
      };
      const [head, hhea, os2, post] = [read('head'), read('hhea'), read('OS/2'), read('post')];
      const unitsPerEm = head.readUInt16BE(18);
      const glyphs: SetGlyph[] = [
        { contours: [], advance: 0 },
        { contours: [], advance: spaceWidth },
        ...this.#glyphs,
      ];
      const outlines = glyphs.map(({ contours }) => glyfOf(contours, unitsPerEm));
      const locations = Buffer.alloc(4 * (glyphs.length + 1));
      const metricsTable = Buffer.alloc(4 * glyphs.length);
      let end = 0;
      glyphs.forEach(({ advance }, i) => {
        const outline = outlines[i] ?? Buffer.alloc(0);
        end += outline.length;
        locations.writeUInt32BE(end, 4 * (i + 1));
        const units = Math.max(0, Math.min(65_535, Math.round(advance * unitsPerEm)));
        metricsTable.writeUInt16BE(units, 4 * i);
        metricsTable.writeInt16BE(outline.length === 0 ? 0 : outline.readInt16BE(2), 4 * i + 2);
      });
      head.writeInt16BE(1, 50);
      hhea.writeUInt16BE(glyphs.length, 34);
      const maxp = Buffer.alloc(32);
      maxp.writeUInt32BE(0x00010000, 0);
      maxp.writeUInt16BE(glyphs.length, 4);
      const plainPost = Buffer.from(post.subarray(0, 32));
      plainPost.writeUInt32BE(0x00030000, 0);
      const last = FIRST_CHARACTER + this.#glyphs.length - 1;
      const own = { first: FIRST_CHARACTER, last, glyph: 2 };
      const space = { first: SPACE, last: SPACE, glyph: 1 };
      const tables: readonly (readonly [tag: string, bytes: Buffer])[] = [
        ['head', head],
        ['hhea', hhea],
        ['OS/2', plainOs2(os2)],
        ['post', plainPost],
        ['maxp', maxp],
        ['hmtx', metricsTable],
        ['cmap', writeCmap(this.#glyphs.length === 0 ? [space] : [space, own])],
        ['name', makeNameTable(family)],
        ['loca', locations],
        ['glyf', Buffer.concat(outlines)],
      ];
      return toSfnt(
        TRUE_TYPE,
        tables.map(([tag, bytes]) => ({ tag, checksum: 0, bytes })),
      );
    });
  }
}

function tooMany(): AppError {
  return new AppError(
    'SM_ASSET_TOO_LARGE',
    `Its texts use more than ${MAX_GLYPHS} different glyphs. Convert them to outlines in the program that made it.`,
  );
}
