import type * as Harfbuzz from 'harfbuzzjs';
import type { FontFile } from './font-set.js';
import { openSfnt, writeSfnt } from './sfnt.js';

/** A glyph of a line as it is drawn from left to right; lengths in units of the face. */
export type ShapedGlyph = {
  readonly id: number;
  /** Where its text begins, in UTF-16 units. */
  readonly cluster: number;
  readonly advance: number;
  readonly x: number;
  readonly y: number;
};

/** A face that is ready to set text. */
export type Face = {
  readonly unitsPerEm: number;
  readonly hasColors: boolean;
  readonly font: Harfbuzz.Font;
  /** Glyphs in the order in which they are seen. */
  shape(text: string, isRightToLeft: boolean, hasLigatures?: boolean): ShapedGlyph[];
};

/** Letters that are joined for looks; what a script needs stays. */
const LIGATURES = ['-liga', '-clig', '-dlig'];

/** The one owner of HarfBuzz in this room; a module that waits for its WebAssembly, so it is loaded when needed. */
export class Shaper {
  readonly harfbuzz: typeof Harfbuzz;
  readonly #faces = new Map<FontFile, Face>();

  private constructor(harfbuzz: typeof Harfbuzz) {
    this.harfbuzz = harfbuzz;
  }

  static async load(): Promise<Shaper> {
    return new Shaper(await import('harfbuzzjs'));
  }

  /** @throws Error when the file cannot be read or is no plain font */
  face(file: FontFile): Face {
    const known = this.#faces.get(file);
    if (known !== undefined) return known;
    const face = openFace(this.harfbuzz, file);
    this.#faces.set(file, face);
    return face;
  }
}

/** Tables that only other renderers read, or that take much memory. */
const LEFT_OUT = new Set(['SVG ', 'DSIG', 'EBDT', 'EBLC', 'EBSC', 'CBDT', 'CBLC', 'sbix']);

/** All that is needed of a face, as a font of its own. */
function readFace({ path, index }: FontFile): Buffer {
  const file = openSfnt(path, index);
  try {
    const tables = new Map<string, Buffer>();
    for (const tag of file.tags) {
      const table = LEFT_OUT.has(tag) ? null : file.read(tag);
      if (table !== null) tables.set(tag, table);
    }
    return writeSfnt(tables);
  } finally {
    file.close();
  }
}

function openFace(hb: typeof Harfbuzz, file: FontFile): Face {
  const face = new hb.Face(new hb.Blob(readFace(file)));
  const font = new hb.Font(face);
  const axes = face.getAxisInfos();
  if (axes['wght'] !== undefined) font.setVariations([new hb.Variation('wght', file.weight)]);
  const plain = LIGATURES.flatMap((feature) => hb.Feature.fromString(feature) ?? []);
  return {
    unitsPerEm: face.upem,
    hasColors: face.hasColorPaint(),
    font,
    shape(text, isRightToLeft, hasLigatures = true) {
      const buffer = new hb.Buffer();
      buffer.addText(text);
      buffer.guessSegmentProperties();
      buffer.setDirection(isRightToLeft ? hb.Direction.RTL : hb.Direction.LTR);
      hb.shape(font, buffer, hasLigatures ? [] : plain);
      return buffer.getGlyphInfosAndPositions().map((glyph) => ({
        id: glyph.codepoint,
        cluster: glyph.cluster,
        advance: glyph.xAdvance ?? 0,
        x: glyph.xOffset ?? 0,
        y: glyph.yOffset ?? 0,
      }));
    },
  };
}
