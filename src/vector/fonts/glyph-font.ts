import type { SvgPathCommand } from 'harfbuzzjs';
import { AppError } from '../../core/errors.js';
import type { FontFile } from './font-set.js';
import { makeNameTable, plainOs2 } from './names.js';
import { openSfnt, writeSfnt } from './sfnt.js';

/**
 * A font made of text that has been set already: each cluster of glyphs, from whatever face, is one character of the
 * private use area, with its width as it is in its place. A renderer that lays out such text needs to know nothing of
 * scripts, kerning or missing glyphs.
 */

export type Point = { readonly x: number; readonly y: number };
type OutlinePoint = Point & { readonly isOn: boolean };
export type Contour = readonly OutlinePoint[];

/** A cluster as it is drawn; lengths in heights of its font, y upwards. */
export type SetGlyph = { readonly contours: readonly Contour[]; readonly advance: number };

const FIRST_CHARACTER = 0xe000;
/** As many characters as the area has. */
const MAX_GLYPHS = 6400;
/** Cubic curves are drawn as so many quadratic ones. */
const CUBIC_PARTS = 4;

function mix(a: Point, b: Point, t: number): Point {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

/** A cubic curve as quadratic ones: control point and end of each. */
function quadratics(start: Point, c1: Point, c2: Point, end: Point): OutlinePoint[] {
  const at = (t: number): Point => {
    const [a, b, c] = [mix(start, c1, t), mix(c1, c2, t), mix(c2, end, t)];
    return mix(mix(a, b, t), mix(b, c, t), t);
  };
  const slope = (t: number): Point => {
    const [a, b, c] = [mix(start, c1, t), mix(c1, c2, t), mix(c2, end, t)];
    const [from, to] = [mix(a, b, t), mix(b, c, t)];
    return { x: 3 * (to.x - from.x), y: 3 * (to.y - from.y) };
  };
  const points: OutlinePoint[] = [];
  for (let i = 0; i < CUBIC_PARTS; i++) {
    const [t0, t1] = [i / CUBIC_PARTS, (i + 1) / CUBIC_PARTS];
    const [p0, p3, d0, d3] = [at(t0), at(t1), slope(t0), slope(t1)];
    const third = (t1 - t0) / 3;
    const [q1, q2] = [
      { x: p0.x + d0.x * third, y: p0.y + d0.y * third },
      { x: p3.x - d3.x * third, y: p3.y - d3.y * third },
    ];
    points.push(
      {
        x: (3 * (q1.x + q2.x) - p0.x - p3.x) / 4,
        y: (3 * (q1.y + q2.y) - p0.y - p3.y) / 4,
        isOn: false,
      },
      { ...p3, isOn: true },
    );
  }
  return points;
}

/** The outline of a glyph, brought to heights of its font and moved. */
export function contoursOf(
  commands: readonly SvgPathCommand[],
  unitsPerEm: number,
  offset: Point,
): Contour[] {
  const contours: OutlinePoint[][] = [];
  for (const { type, values } of commands) {
    const points: Point[] = [];
    for (let i = 0; i + 1 < values.length; i += 2)
      points.push({
        x: ((values[i] ?? 0) + offset.x) / unitsPerEm,
        y: ((values[i + 1] ?? 0) + offset.y) / unitsPerEm,
      });
    const [a, b, c] = points;
    const contour = contours.at(-1);
    const before = contour?.at(-1);
    if (type === 'M' && a !== undefined) contours.push([{ ...a, isOn: true }]);
    else if (contour === undefined || before === undefined || a === undefined) continue;
    else if (type === 'L') contour.push({ ...a, isOn: true });
    else if (type === 'Q' && b !== undefined)
      contour.push({ ...a, isOn: false }, { ...b, isOn: true });
    else if (type === 'C' && b !== undefined && c !== undefined)
      contour.push(...quadratics(before, a, b, c));
  }
  return contours;
}

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

function cmapOf(codePoints: readonly number[]): Buffer {
  const cmap = Buffer.alloc(12 + 16 + 12 * codePoints.length);
  cmap.writeUInt16BE(1, 2);
  cmap.writeUInt16BE(3, 4);
  cmap.writeUInt16BE(10, 6);
  cmap.writeUInt32BE(12, 8);
  cmap.writeUInt16BE(12, 12);
  cmap.writeUInt32BE(cmap.length - 12, 16);
  cmap.writeUInt32BE(codePoints.length, 24);
  codePoints.forEach((codePoint, i) => {
    const at = 28 + 12 * i;
    cmap.writeUInt32BE(codePoint, at);
    cmap.writeUInt32BE(codePoint, at + 4);
    cmap.writeUInt32BE(i + 1, at + 8);
  });
  return cmap;
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
  write(family: string, metrics: FontFile, spaceWidth: number): Buffer {
    const file = openSfnt(metrics.path, metrics.index);
    try {
      const read = (tag: string): Buffer => {
        const table = file.read(tag);
        if (table === null) throw new Error(`The font ${metrics.path} has no ${tag}.`);
        return Buffer.from(table);
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
        metricsTable.writeUInt16BE(
          Math.max(0, Math.min(65_535, Math.round(advance * unitsPerEm))),
          4 * i,
        );
        metricsTable.writeInt16BE(outline.length === 0 ? 0 : outline.readInt16BE(2), 4 * i + 2);
      });
      head.writeInt16BE(1, 50);
      hhea.writeUInt16BE(glyphs.length, 34);
      const maxp = Buffer.alloc(32);
      maxp.writeUInt32BE(0x00010000, 0);
      maxp.writeUInt16BE(glyphs.length, 4);
      const plainPost = Buffer.from(post.subarray(0, 32));
      plainPost.writeUInt32BE(0x00030000, 0);
      const characters = Array.from({ length: this.#glyphs.length }, (_, i) => FIRST_CHARACTER + i);
      return writeSfnt(
        new Map([
          ['head', head],
          ['hhea', hhea],
          ['OS/2', plainOs2(os2)],
          ['post', plainPost],
          ['maxp', maxp],
          ['hmtx', metricsTable],
          ['cmap', cmapOf([0x20, ...characters])],
          ['name', makeNameTable(family)],
          ['loca', locations],
          ['glyf', Buffer.concat(outlines)],
        ]),
      );
    } finally {
      file.close();
    }
  }
}

function tooMany(): AppError {
  return new AppError(
    'SM_ASSET_TOO_LARGE',
    `Its texts have more than ${MAX_GLYPHS} different glyphs. Bring them to outlines where it is made.`,
  );
}
