import type { FontCatalogue } from '../../fonts/catalogue.js';
import type { FontStack } from '../../fonts/font-stack.js';
import type { FaceUse } from '../../fonts/match.js';
import { parseFontFamilies } from '../../scene/font-families.js';
import { toVisualOrder } from '../../render/text/bidi.js';
import { toStyled } from '../../render/text/clean.js';
import { scriptFeatures, styleFeatures } from '../../render/text/features.js';
import { itemize, type Item } from '../../render/text/itemize.js';
import { createMissingGlyphs, type FindMissingGlyphs } from '../../render/text/missing-glyphs.js';
import type { GlyphFont } from './glyph-font.js';
import { contoursOf, emboldened, slanted } from './outline.js';
import type { FontWish, ShapedGlyph, Shaper } from './shaper.js';

/** The box that stands for a coloured glyph, in heights of its font, y upwards. */
export const COLOR_BOX = { left: 0, bottom: -0.25, right: 1, top: 0.75 } as const;

/** A coloured glyph, to be drawn where its box is. */
export type ColorGlyph = { readonly use: FaceUse; readonly id: number };

/** Characters of a `GlyphFont`, in the order in which they are seen; spaces stay what they are. */
export type SetRun = { readonly text: string; readonly colors: readonly ColorGlyph[] | null };

export type SetOptions = {
  /** Direction of the whole; null: that of its first letter that has one. */
  readonly isRightToLeft: boolean | null;
  /** Whether letters are joined into ligatures: not where space is put between them. */
  readonly hasLigatures: boolean;
  /** Whether there must be a character for each of the text, since they are placed one by one. */
  readonly isCounted: boolean;
};

const SPACE = /^[ \t\r\n]$/;
const SPACES = /[\t\r\n]/g;

type PlainOptions = {
  readonly use: FaceUse;
  /** The whole paragraph, and where the part that is set ends in it. */
  readonly text: string;
  readonly to: number;
  readonly isCounted: boolean;
};

type Add = (text: string, colors: readonly ColorGlyph[] | null) => void;

/** The faces of a wish, in the order in which they are asked for a character. */
export function stackOf(fonts: FontCatalogue, wish: FontWish): FontStack {
  return fonts.stackOf(parseFontFamilies(wish.fontFamily), wish);
}

/** Sets texts with fonts and HarfBuzz, and collects what they are made of. */
export class RunSetter {
  /** Characters that no font has. */
  readonly missing = new Set<string>();
  readonly #fonts: FontCatalogue;
  readonly #findMissing: FindMissingGlyphs;
  readonly #shaper: Shaper;
  readonly #glyphs: GlyphFont;
  readonly #isColorOwn: boolean;

  /** @param isColorOwn - whether each coloured glyph has a character of its own, or all of a width the same box */
  constructor(
    fonts: FontCatalogue,
    shaper: Shaper,
    glyphs: GlyphFont,
    { isColorOwn }: { readonly isColorOwn: boolean },
  ) {
    this.#fonts = fonts;
    this.#findMissing = createMissingGlyphs(fonts);
    this.#isColorOwn = isColorOwn;
    this.#shaper = shaper;
    this.#glyphs = glyphs;
  }

  /** A text as characters of the collected font; coloured glyphs are runs of their own. */
  set(text: string, wish: FontWish, options: SetOptions): SetRun[] {
    const runs: SetRun[] = [];
    const add: Add = (words, colors) => {
      const last = runs.at(-1);
      if (last?.colors === null && colors === null)
        runs[runs.length - 1] = { text: last.text + words, colors };
      else runs.push({ text: words, colors });
    };
    const { fontFamily, weight: fontWeight, isItalic } = wish;
    const fontStyle = isItalic ? 'italic' : 'normal';
    for (const cluster of this.#findMissing([{ text, fontFamily, fontWeight, fontStyle }]))
      this.missing.add(cluster);
    const { isRightToLeft } = options;
    const direction = isRightToLeft === null ? 'auto' : isRightToLeft ? 'rtl' : 'ltr';
    const plain = text.replace(SPACES, ' ');
    const styled = toStyled(plain, new Uint16Array(plain.length + 1), direction);
    const stack = stackOf(this.#fonts, wish);
    const items = itemize(styled, [{ shapeKey: '', stack, objectWidth: null }]);
    this.#shaper.setParagraph(styled.text);
    for (const item of toVisualOrder(items)) this.#setItem(item, text, options, add);
    return runs;
  }

  #setItem(item: Item, text: string, options: SetOptions, add: Add): void {
    const { from, to, level, script, use } = item;
    if (use === null) return;
    const features = scriptFeatures(script, styleFeatures('auto', !options.hasLigatures));
    const part = { from, to, isRightToLeft: level % 2 === 1, script, features };
    const glyphs = this.#shaper.shape(use, part);
    if (use.face.isColor) this.#setColors(glyphs, use, text, add);
    else add(this.#setPlain(glyphs, { use, text, to, isCounted: options.isCounted }), null);
  }

  #setColors(glyphs: readonly ShapedGlyph[], use: FaceUse, text: string, add: Add): void {
    const { left, bottom, right, top } = COLOR_BOX;
    const corners = [
      [left, bottom],
      [right, bottom],
      [right, top],
      [left, top],
    ];
    const contours = [corners.map(([x = 0, y = 0]) => ({ x, y, isOn: true }))];
    for (const { id, advance, cluster } of glyphs) {
      const own = text[cluster] ?? '';
      if (SPACE.test(own)) {
        add(own, null);
        continue;
      }
      const key = `box ${advance}${this.#isColorOwn ? ` ${use.key} ${id}` : ''}`;
      add(
        this.#glyphs.characterOf(key, () => ({ contours, advance })),
        [{ use, id }],
      );
    }
  }

  #setPlain(glyphs: readonly ShapedGlyph[], { use, text, to, isCounted }: PlainOptions): string {
    const clusters: ShapedGlyph[][] = [];
    for (const glyph of glyphs) {
      const last = clusters.at(-1);
      if (last?.[0]?.cluster === glyph.cluster) last.push(glyph);
      else clusters.push([glyph]);
    }
    const starts = clusters.map(([first]) => first?.cluster ?? 0).sort((a, b) => a - b);
    const nextOf = new Map(starts.map((start, i) => [start, starts[i + 1] ?? to]));
    return clusters
      .map((cluster) => {
        const start = cluster[0]?.cluster ?? 0;
        const own = Array.from(text.slice(start, nextOf.get(start) ?? to));
        if (own.length === 1 && SPACE.test(own[0] ?? '')) return own[0] ?? '';
        const character = this.#characterOf(use, cluster);
        return isCounted ? character + this.nothing().repeat(own.length - 1) : character;
      })
      .join('');
  }

  #characterOf(use: FaceUse, glyphs: readonly ShapedGlyph[]): string {
    const placed = glyphs.map(({ id, x, y, advance }) => [id, x, y, advance].join(' ')).join(',');
    return this.#glyphs.characterOf(`${use.key} ${placed}`, () => {
      const font = this.#shaper.font(use);
      let at = 0;
      const contours = glyphs.flatMap(({ id, x, y, advance }) => {
        const offset = { x: at + x, y };
        at += advance;
        const outline = this.#shaper.drawing.outline(font, id);
        const upright = contoursOf(outline, font.unitsPerEm, offset);
        const bold = use.isEmboldened ? emboldened(upright) : upright;
        return use.isSlanted ? slanted(bold) : bold;
      });
      return { contours, advance: at };
    });
  }

  /** A character without ink or width. */
  nothing(): string {
    return this.#glyphs.characterOf('nothing', () => ({ contours: [], advance: 0 }));
  }
}
