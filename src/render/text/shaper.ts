import type { FontCatalogue } from '../../fonts/catalogue.js';
import { harfBuzz, type FontFeature, type GlyphBox, type HbFont } from '../../fonts/harfbuzz.js';
import { GlyphStore } from '../../fonts/glyph-store.js';
import { openFonts, type FontPlace } from '../../fonts/open-fonts.js';
import type { FaceUse } from '../../fonts/match.js';
import { parseFontFamilies } from '../../scene/font-families.js';
import type { Steps } from './allowance.js';
import { scriptOf } from './characters.js';
import type { StyledText } from './clean.js';
import { scriptFeatures, styleFeatures } from './features.js';
import { itemize, type Item, type ItemStyle } from './itemize.js';
import type { Digits, GlyphFont, SpanLines, SpanSpec } from './text-spec.js';

/** A span's font, and what it takes up of a line. */
export type SpanStyle = ItemStyle & {
  readonly fontSize: number;
  readonly letterSpacing: number;
  readonly features: readonly FontFeature[];
  /** Above and below the baseline, without the font's share of the line's height. */
  readonly ascent: number;
  readonly descent: number;
  readonly lines: SpanLines;
  readonly hyphenWidth: number;
  /** The faces that it was set in so far, at its size. */
  readonly fonts: Map<FaceUse, GlyphFont>;
};

/** A shaped item: the glyphs of `glyphs` from `first` up to `end`, from left to right. */
export type ShapedItem = Item & {
  /** Null: it is an object, or its font cannot be used. */
  readonly font: GlyphFont | null;
  readonly glyphs: GlyphStore;
  readonly first: number;
  readonly end: number;
};

/** A paragraph whose glyphs are known, however its lines will be broken. */
export type ShapedParagraph = StyledText & {
  /** In the order in which they are read. */
  readonly items: readonly ShapedItem[];
  /** Widths summed up: that of a part is the difference of the sums at its end and at its beginning. */
  readonly sums: Float64Array;
  /** 1: a line that is broken here looks different from its part of the whole. */
  readonly unsafe: Uint8Array;
};

/** Where a paragraph's glyphs and sums are put: arrays of their own for each of thousands would cost more than shaping. */
type ParagraphRoom = {
  readonly store: GlyphStore;
  /** Of zeros, one more than the paragraph has units. */
  readonly sums: Float64Array;
  readonly unsafe: Uint8Array;
};

/** Scripts whose letters join each other: they are not set apart, as browsers have it. */
const CURSIVE = new Set(['Arab', 'Syrc', 'Mand', 'Nkoo', 'Mong', 'Adlm', 'Rohg', 'Phag']);

/** Scripts whose characters are shaped fast; those of others count for more. */
const SIMPLE = new Set(['Latn', 'Grek', 'Cyrl', 'Hani', 'Hira', 'Kana', 'Hang', 'Hebr', 'Thai']);
const COMPLEX_CHARACTERS = 3;
/** Every letter of Nastaliq has its place from those after it. */
const NASTALIQ = /nastaliq/i;
const NASTALIQ_CHARACTERS = 8;
/** What an item takes besides its characters, and a paragraph besides its items. */
const ITEM_CHARACTERS = 2;
const PARAGRAPH_CHARACTERS = 2;
/** Finding directions, scripts and fonts takes as long as shaping this part of the characters. */
const ITEMIZED_PART = 0.5;

function characterCost({ script, use }: Pick<Item, 'script' | 'use'>): number {
  if (SIMPLE.has(script)) return 1;
  const isNastaliq = use?.face.families.some((family) => NASTALIQ.test(family)) === true;
  return isNastaliq ? NASTALIQ_CHARACTERS : COMPLEX_CHARACTERS;
}

/** What shaping a part takes, as allowance.ts counts it. */
export function shapingCost(item: Pick<Item, 'from' | 'to' | 'script' | 'use'>): number {
  return ITEM_CHARACTERS + (item.to - item.from) * characterCost(item);
}

/** Where fonts do not say: lines in em, upwards as fonts have them. */
const LINE_EM = { underline: -0.16, strikethrough: 0.3, thickness: 0.07 };

/** What is kept of glyph boxes, fonts and glyphs each. */
const KEPT_BOX_FONTS = 256;

/** Shapes paragraphs. Keeps the fonts open that it uses; belongs to one thread. */
export class TextShaper {
  readonly #hb = harfBuzz();
  readonly #fonts = openFonts();
  readonly #catalogue: FontCatalogue;
  readonly #boxes = new Map<string, Map<number, GlyphBox | null>>();
  readonly #boxesOfFont = new WeakMap<GlyphFont, Map<number, GlyphBox | null>>();
  readonly #openOf = new WeakMap<GlyphFont, { readonly font: HbFont; readonly closed: number }>();
  #paragraph = '';

  constructor(catalogue: FontCatalogue) {
    this.#catalogue = catalogue;
  }

  /** How a span is set. */
  styleOf(span: SpanSpec, digits: Digits): SpanStyle {
    const { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, objectWidth } = span;
    const stack = this.#catalogue.stackOf(parseFontFamilies(fontFamily), {
      weight: fontWeight,
      isItalic: fontStyle === 'italic',
    });
    const features = styleFeatures(digits, letterSpacing !== 0);
    const fonts = new Map<FaceUse, GlyphFont>();
    const font = this.#open(glyphFontOf({ fonts, fontSize }, stack.primary));
    const scale = font === null ? 0 : fontSize / font.unitsPerEm;
    const extents = font === null ? null : this.#hb.lineExtents(font);
    const metric = (tag: string, em: number): number =>
      (font === null ? null : this.#hb.metric(font, tag)) ?? em * (font?.unitsPerEm ?? 1);
    return {
      shapeKey: JSON.stringify([fontFamily, fontSize, fontWeight, fontStyle, letterSpacing]),
      stack,
      objectWidth,
      fontSize,
      letterSpacing,
      features,
      fonts,
      hyphenWidth: font === null ? 0 : this.#hyphenWidth(font, fontSize),
      ascent: (extents?.ascent ?? 0) * scale,
      descent: (extents?.descent ?? 0) * scale,
      lines: {
        underline: -metric('undo', LINE_EM.underline) * scale,
        strikethrough: -metric('stro', LINE_EM.strikethrough) * scale,
        thickness: metric('unds', LINE_EM.thickness) * scale,
      },
    };
  }

  #hyphenWidth(font: HbFont, fontSize: number): number {
    const glyphs = new GlyphStore();
    this.#hb.setParagraph('-');
    this.#paragraph = '-';
    const item = { from: 0, to: 1, isRightToLeft: false, script: 'Latn', features: [] };
    this.#hb.shape(font, item, fontSize, glyphs);
    return glyphs.advances[0] ?? 0;
  }

  /**
   * Shapes the paragraphs of a text, a part at a time; `styles` are by span. Yields how many characters each part has,
   * counted as in allowance.ts. Their glyphs and sums share arrays.
   */
  *shapeAll(
    paragraphs: readonly StyledText[],
    styles: readonly SpanStyle[],
  ): Steps<ShapedParagraph[]> {
    const length = paragraphs.reduce((sum, { text }) => sum + text.length + 1, 0);
    const store = new GlyphStore(length);
    const sums = new Float64Array(length);
    const unsafe = new Uint8Array(length);
    const shaped: ShapedParagraph[] = [];
    let from = 0;
    for (const styled of paragraphs) {
      const to = from + styled.text.length + 1;
      const room = { store, sums: sums.subarray(from, to), unsafe: unsafe.subarray(from, to) };
      from = to;
      shaped.push(yield* this.#shapeInto(styled, styles, room));
    }
    return shaped;
  }

  /** Shapes a paragraph, a part at a time, and adds its glyphs to `store`; `styles` are by span. */
  shape(
    styled: StyledText,
    styles: readonly SpanStyle[],
    store: GlyphStore,
  ): Steps<ShapedParagraph> {
    const length = styled.text.length + 1;
    const room = { store, sums: new Float64Array(length), unsafe: new Uint8Array(length) };
    return this.#shapeInto(styled, styles, room);
  }

  *#shapeInto(
    styled: StyledText,
    styles: readonly SpanStyle[],
    { store, sums, unsafe }: ParagraphRoom,
  ): Steps<ShapedParagraph> {
    const { text, spanOf, base, levels } = styled;
    if (text === '') return { text, spanOf, base, levels, items: [], sums, unsafe };
    const first = store.count;
    const items: ShapedItem[] = [];
    const parts = itemize(styled, styles);
    yield PARAGRAPH_CHARACTERS + text.length * ITEMIZED_PART;
    for (const item of parts) {
      const style = styles[item.span];
      if (item.use === null) sums[item.from + 1] = style?.objectWidth ?? 0;
      // Another text may have been shaped since the last part.
      items.push(this.reshape(text, item, style, store));
      yield shapingCost(item);
    }
    for (let i = first; i < store.count; i++) {
      const cluster = store.clusters[i] ?? 0;
      sums[cluster + 1] = (sums[cluster + 1] ?? 0) + (store.advances[i] ?? 0);
      unsafe[cluster] = store.unsafe[i] ?? 0;
    }
    for (let i = 1; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (sums[i - 1] ?? 0);
    return { text, spanOf, base, levels, items, sums, unsafe };
  }

  /** `part` of an item of a paragraph as it looks when a line begins or ends there; its glyphs are added to `store`. */
  reshape(
    paragraph: string,
    part: Item,
    style: SpanStyle | undefined,
    store: GlyphStore,
  ): ShapedItem {
    if (this.#paragraph !== paragraph) this.#hb.setParagraph(paragraph);
    this.#paragraph = paragraph;
    return this.#shapeItem(part, style, store);
  }

  #shapeItem(item: Item, style: SpanStyle | undefined, glyphs: GlyphStore): ShapedItem {
    const { from, to, span, level, script, use } = item;
    const first = glyphs.count;
    const font = style === undefined || use === null ? null : glyphFontOf(style, use);
    const open = font === null ? null : this.#open(font);
    if (open !== null && style !== undefined) {
      const isRightToLeft = level % 2 === 1;
      const features = scriptFeatures(script, style.features);
      const part = { from, to, isRightToLeft, script, features };
      this.#hb.shape(open, part, style.fontSize, glyphs);
      if (style.letterSpacing !== 0) this.#setApart(glyphs, first, style.letterSpacing);
    }
    const { count: end } = glyphs;
    return {
      from,
      to,
      span,
      level,
      script,
      use,
      font: open === null ? null : font,
      glyphs,
      first,
      end,
    };
  }

  /** Sets clusters apart that have been added from `first` on: each has the space on its right, as browsers have it. */
  #setApart(
    { clusters, advances, plain, count }: GlyphStore,
    first: number,
    spacing: number,
  ): void {
    for (let i = first; i < count; i++) {
      const cluster = clusters[i] ?? 0;
      const isLast = i + 1 === count || clusters[i + 1] !== cluster;
      const script = scriptOf(this.#paragraph.codePointAt(cluster) ?? 0);
      if (!isLast || (script !== null && CURSIVE.has(script))) continue;
      plain[i] = 0;
      advances[i] = (advances[i] ?? 0) + spacing;
    }
  }

  /** What glyphs cover, in em; null when the font does not say. A question for each glyph that is new. */
  boxesOf(font: GlyphFont): (glyph: number) => GlyphBox | null {
    const boxes = this.#boxesOfFont.get(font) ?? this.#boxesAt(font.place);
    this.#boxesOfFont.set(font, boxes);
    return (glyph) => {
      const known = boxes.get(glyph);
      if (known !== undefined) return known;
      const found = this.#boxOf(font, glyph);
      boxes.set(glyph, found);
      return found;
    };
  }

  #boxesAt(place: FontPlace): Map<number, GlyphBox | null> {
    const key = placeKey(place);
    const known = this.#boxes.get(key) ?? new Map<number, GlyphBox | null>();
    if (this.#boxes.size >= KEPT_BOX_FONTS) this.#boxes.clear();
    this.#boxes.set(key, known);
    return known;
  }

  #boxOf(font: GlyphFont, glyph: number): GlyphBox | null {
    const open = this.#open(font);
    const box = open === null ? null : this.#hb.glyphBox(open, glyph);
    if (open === null || box === null) return null;
    const em = open.unitsPerEm;
    const { left, top, right, bottom } = box;
    return { left: left / em, top: top / em, right: right / em, bottom: bottom / em };
  }

  #open(font: GlyphFont): HbFont | null {
    const known = this.#openOf.get(font);
    if (known?.closed === this.#fonts.closed) return known.font;
    const found = this.#fonts.get(font.place);
    if (found !== null) this.#openOf.set(font, { font: found, closed: this.#fonts.closed });
    return found;
  }
}

/** A face at the size of a style. */
function glyphFontOf(
  { fonts, fontSize }: Pick<SpanStyle, 'fonts' | 'fontSize'>,
  use: FaceUse,
): GlyphFont {
  const known = fonts.get(use);
  if (known !== undefined) return known;
  const { isEmboldened, isSlanted, face } = use;
  const font: GlyphFont = {
    place: placeOf(use, fontSize),
    fontSize,
    isEmboldened,
    isSlanted,
    isColor: face.isColor,
  };
  fonts.set(use, font);
  return font;
}

/** Where a font is for a text of a size: letters of fonts with optical sizes differ with it. */
function placeOf({ face, variations, opticalSize }: FaceUse, fontSize: number): FontPlace {
  const { path, index } = face;
  if (opticalSize === null) return { path, index, variations };
  const { min, max } = opticalSize;
  const size = Math.round(Math.min(max, Math.max(min, fontSize)) * 4) / 4;
  return { path, index, variations: [...variations, ['opsz', size]] };
}

function placeKey({ path, index, variations }: FontPlace): string {
  return `${path}#${index} ${variations.join()}`;
}
