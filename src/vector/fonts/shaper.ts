import type { FaceUse } from '../../fonts/match.js';
import { glyphDrawing, type GlyphDrawing } from '../../fonts/glyph-drawing.js';
import { GlyphStore } from '../../fonts/glyph-store.js';
import { harfBuzz, type HbFont, type ShapeItem } from '../../fonts/harfbuzz.js';
import { OpenFonts } from '../../fonts/open-fonts.js';

/** How a text wants to look. */
export type FontWish = {
  /** Families as CSS lists them. */
  readonly fontFamily: string;
  /** 1 to 1000. */
  readonly weight: number;
  readonly isItalic: boolean;
};

/** A glyph of a line as it is drawn from left to right; lengths in heights of its font, y upwards. */
export type ShapedGlyph = {
  readonly id: number;
  /** Where its text begins, in UTF-16 units of the paragraph. */
  readonly cluster: number;
  readonly advance: number;
  readonly x: number;
  readonly y: number;
};

/** Bytes of the fonts that are kept open. */
const KEPT_BYTES = 24_000_000;

/** Sets text of drawings with the fonts and the HarfBuzz of all text; its fonts are open with their outlines. */
export class Shaper {
  readonly drawing: GlyphDrawing = glyphDrawing();
  readonly #hb = harfBuzz();
  readonly #fonts = new OpenFonts(this.#hb, KEPT_BYTES, Infinity);

  /** A face that is open, until another one is asked for. @throws Error when its file cannot be used */
  font({ face: { path, index }, variations }: FaceUse): HbFont {
    const font = this.#fonts.get({ path, index, variations });
    if (font === null) throw new Error(`The font ${path} cannot be used.`);
    return font;
  }

  /** Shapes parts of a text, which is cleaned. */
  setParagraph(text: string): void {
    this.#hb.setParagraph(text);
  }

  /** Glyphs of a part of the paragraph, in the order in which they are seen. @throws Error as `font` */
  shape(use: FaceUse, item: ShapeItem): ShapedGlyph[] {
    const store = new GlyphStore();
    this.#hb.shape(this.font(use), item, 1, store);
    return Array.from({ length: store.count }, (_, i) => ({
      id: store.ids[i] ?? 0,
      cluster: store.clusters[i] ?? 0,
      advance: store.advances[i] ?? 0,
      x: store.dx[i] ?? 0,
      y: -(store.dy[i] ?? 0),
    }));
  }

  /** How wide a space is, in heights of the font. @throws Error as `font` */
  spaceWidth(use: FaceUse): number {
    this.setParagraph(' ');
    const item = { from: 0, to: 1, isRightToLeft: false, script: 'Latn', features: [] };
    return this.shape(use, item).reduce((sum, { advance }) => sum + advance, 0);
  }
}

let ofThread: Shaper | null = null;

/** The one of this thread. */
export function vectorShaper(): Shaper {
  ofThread ??= new Shaper();
  return ofThread;
}

/** A weight of CSS as a number. */
export function weightOf(css: string, inherited: number): number {
  const word = css.trim().toLowerCase();
  if (word === 'normal') return 400;
  if (word === 'bold') return 700;
  if (word === 'bolder') return inherited < 350 ? 400 : inherited < 550 ? 700 : 900;
  if (word === 'lighter') return inherited < 550 ? 100 : inherited < 750 ? 400 : 700;
  const weight = Number(word);
  return weight >= 1 && weight <= 1000 ? weight : inherited;
}
