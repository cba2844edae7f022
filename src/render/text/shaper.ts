import type { FontCatalogue } from '../../fonts/catalogue.js';
import { harfBuzz, type FontFeature, type GlyphBox, type HbFont } from '../../fonts/harfbuzz.js';
import { openFonts, type FontPlace } from '../../fonts/open-fonts.js';
import type { FaceUse } from '../../fonts/match.js';
import { parseFontFamilies } from '../../scene/font-families.js';
import type { StyledText } from './clean.js';
import { itemize, type Item, type ItemStyle } from './itemize.js';
import type { Digits, SpanLines, SpanSpec } from './text-spec.js';

/** A span's font, and what it takes up of a line. */
export type SpanStyle = ItemStyle & {
  readonly fontSize: number;
  readonly letterSpacing: number;
  readonly features: readonly FontFeature[];
  /** Above and below the baseline, without the font's share of the line's height. */
  readonly ascent: number;
  readonly descent: number;
  readonly lines: SpanLines;
};

/** A shaped item: glyphs from left to right. Lengths are in units of the layer. */
export type ShapedItem = Item & {
  readonly place: FontPlace | null;
  readonly ids: Uint16Array;
  /** Where in the paragraph the cluster of each begins. */
  readonly clusters: Uint32Array;
  readonly advances: Float64Array;
  readonly dx: Float32Array;
  /** Downwards. */
  readonly dy: Float32Array;
  /** 1: it is as wide as its font says, and stands where the one before it ends. */
  readonly plain: Uint8Array;
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

const NO_IDS = new Uint16Array(0);
const NO_CLUSTERS = new Uint32Array(0);
const NO_ADVANCES = new Float64Array(0);
const NO_OFFSETS = new Float32Array(0);
const NONE_PLAIN = new Uint8Array(0);

const DIGIT_FEATURES: Readonly<Record<Digits, readonly FontFeature[]>> = {
  auto: [],
  tabular: [['tnum', 1]],
  proportional: [['pnum', 1]],
};
/** Letters that are set apart are not written as one: https://www.w3.org/TR/css-text-3/#letter-spacing-property. */
const SPACED_FEATURES: readonly FontFeature[] = [
  ['liga', 0],
  ['clig', 0],
];
/** Scripts whose letters join each other: they are not set apart, as browsers have it. */
const CURSIVE = new Set(['Arab', 'Syrc', 'Mand', 'Nkoo', 'Mong', 'Adlm', 'Rohg', 'Phag']);

/**
 * Browsers do not let spaces between Korean words be widened by what is beside them, unless the page says that it is
 * Korean.
 */
const HANGUL_FEATURES: readonly FontFeature[] = [['calt', 0]];

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
    const features = [...DIGIT_FEATURES[digits], ...(letterSpacing === 0 ? [] : SPACED_FEATURES)];
    const font = this.#open(stack.primary, fontSize);
    const scale = font === null ? 0 : fontSize / font.unitsPerEm;
    const extents = font === null ? null : this.#hb.lineExtents(font);
    const metric = (tag: string, em: number): number =>
      (font === null ? null : this.#hb.metric(font, tag)) ?? em * (font?.unitsPerEm ?? 1);
    return {
      shapeKey: JSON.stringify([fontFamily, fontSize, fontWeight, fontStyle, letterSpacing]),
      ...{ stack, objectWidth, fontSize, letterSpacing, features },
      ascent: (extents?.ascent ?? 0) * scale,
      descent: (extents?.descent ?? 0) * scale,
      lines: {
        underline: -metric('undo', LINE_EM.underline) * scale,
        strikethrough: -metric('stro', LINE_EM.strikethrough) * scale,
        thickness: metric('unds', LINE_EM.thickness) * scale,
      },
    };
  }

  /** Shapes a paragraph; `styles` are by span. */
  shape(styled: StyledText, styles: readonly SpanStyle[]): ShapedParagraph {
    const { text } = styled;
    this.#hb.setParagraph(text);
    this.#paragraph = text;
    const advances = new Float64Array(text.length + 1);
    const unsafe = new Uint8Array(text.length + 1);
    const items = itemize(styled, styles).map((item) => {
      const style = styles[item.span];
      const shaped = this.#shapeItem(item, style, unsafe);
      if (item.use === null) advances[item.from] = style?.objectWidth ?? 0;
      shaped.clusters.forEach((cluster, i) => {
        advances[cluster] = (advances[cluster] ?? 0) + (shaped.advances[i] ?? 0);
      });
      return shaped;
    });
    const sums = new Float64Array(text.length + 1);
    let sum = 0;
    for (let i = 0; i < text.length; i++) {
      sum += advances[i] ?? 0;
      sums[i + 1] = sum;
    }
    return { ...styled, items, sums, unsafe };
  }

  /** A part of an item as it looks when a line begins or ends there. */
  reshape(
    paragraph: ShapedParagraph,
    item: ShapedItem,
    part: { readonly from: number; readonly to: number },
    style: SpanStyle | undefined,
  ): ShapedItem {
    if (this.#paragraph !== paragraph.text) this.#hb.setParagraph(paragraph.text);
    this.#paragraph = paragraph.text;
    return this.#shapeItem({ ...item, ...part }, style, null);
  }

  #shapeItem(item: Item, style: SpanStyle | undefined, unsafe: Uint8Array | null): ShapedItem {
    const font =
      style === undefined || item.use === null ? null : this.#open(item.use, style.fontSize);
    if (font === null || style === undefined || item.use === null)
      return {
        ...item,
        ...{ place: null, ids: NO_IDS, clusters: NO_CLUSTERS, advances: NO_ADVANCES },
        ...{ dx: NO_OFFSETS, dy: NO_OFFSETS, plain: NONE_PLAIN },
      };
    const isRightToLeft = item.level % 2 === 1;
    const { from, to, script } = item;
    const features = script === 'Hang' ? [...style.features, ...HANGUL_FEATURES] : style.features;
    const glyphs = this.#hb.shape(font, { from, to, isRightToLeft, script, features });
    const { ids, clusters, plain } = glyphs;
    const count = ids.length;
    const scale = style.fontSize / font.unitsPerEm;
    const spacing = CURSIVE.has(script) ? 0 : style.letterSpacing;
    const advances = new Float64Array(count);
    const [dx, dy] = [new Float32Array(count), new Float32Array(count)];
    for (let i = 0; i < count; i++) {
      advances[i] = (glyphs.advances[i] ?? 0) * scale;
      dx[i] = (glyphs.xOffsets[i] ?? 0) * scale;
      dy[i] = -(glyphs.yOffsets[i] ?? 0) * scale;
      if (unsafe !== null) unsafe[clusters[i] ?? 0] = glyphs.unsafe[i] ?? 0;
      if (spacing === 0) continue;
      plain[i] = 0;
      // The space comes after the cluster as it is read: on its left where text runs to the left.
      if (isRightToLeft) dx[i] = (dx[i] ?? 0) + spacing;
      if (clusters[i + 1] !== clusters[i]) advances[i] = (advances[i] ?? 0) + spacing;
    }
    return {
      ...item,
      place: placeOf(item.use, style.fontSize),
      ids,
      clusters,
      advances,
      dx,
      dy,
      plain,
    };
  }

  /** What glyphs cover, in em; null when the font does not say. A question for each glyph that is new. */
  boxesOf(place: FontPlace): (glyph: number) => GlyphBox | null {
    const key = placeKey(place);
    const boxes = this.#boxes.get(key) ?? new Map<number, GlyphBox | null>();
    if (this.#boxes.size >= KEPT_BOX_FONTS) this.#boxes.clear();
    this.#boxes.set(key, boxes);
    return (glyph) => {
      const known = boxes.get(glyph);
      if (known !== undefined) return known;
      const font = this.#fonts.get(place);
      const box = font === null ? null : this.#hb.glyphBox(font, glyph);
      const em = font?.unitsPerEm ?? 1;
      const found =
        box === null
          ? null
          : {
              left: box.left / em,
              top: box.top / em,
              right: box.right / em,
              bottom: box.bottom / em,
            };
      boxes.set(glyph, found);
      return found;
    };
  }

  #open(use: FaceUse, fontSize: number): HbFont | null {
    return this.#fonts.get(placeOf(use, fontSize));
  }
}

/** Where a font is for a text of a size: letters of fonts with optical sizes differ with it. */
function placeOf({ face, variations, opticalSize }: FaceUse, fontSize: number): FontPlace {
  const { path, index } = face;
  if (opticalSize === null) return { path, index, variations };
  const { min, max } = opticalSize;
  const size = Math.round(Math.min(max, Math.max(min, fontSize)) * 4) / 4;
  return { path, index, variations: [...variations, ['opsz', size]] };
}

export function placeKey({ path, index, variations }: FontPlace): string {
  return `${path}#${index} ${variations.join()}`;
}
