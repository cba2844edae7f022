import { bidiLevels, toVisualOrder } from '../../render/text/bidi.js';
import { contoursOf, type GlyphFont } from './glyph-font.js';
import type { FontFile, FontSet, FontWish } from './font-set.js';
import type { Shaper, ShapedGlyph } from './shaper.js';

/** The box that stands for a coloured glyph, in heights of its font, y upwards. */
export const COLOR_BOX = { left: 0, bottom: -0.25, right: 1, top: 0.75 } as const;

/** A coloured glyph, to be drawn where its box is. */
export type ColorGlyph = { readonly face: FontFile; readonly id: number };

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

type Level = { readonly text: string; readonly level: number };

/** Text taken apart by direction, in the order in which it is seen. */
function visualRuns(text: string, isRightToLeft: boolean | null): readonly Level[] {
  const direction = isRightToLeft === null ? 'auto' : isRightToLeft ? 'rtl' : 'ltr';
  const { base, levels } = bidiLevels(text, direction);
  if (levels === null) return [{ text, level: base }];
  const runs: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const level = levels[i] ?? base;
    const last = runs.at(-1);
    const unit = text[i] ?? '';
    if (last?.level === level) runs[runs.length - 1] = { text: last.text + unit, level };
    else runs.push({ text: unit, level });
  }
  return toVisualOrder(runs);
}

/** Sets texts with fonts and HarfBuzz, and collects what they are made of. */
export class RunSetter {
  /** Characters that no font has. */
  readonly missing = new Set<string>();
  readonly #fonts: FontSet;
  readonly #shaper: Shaper;
  readonly #glyphs: GlyphFont;

  readonly #isColorOwn: boolean;

  /** @param isColorOwn - whether each coloured glyph has a character of its own, or all of a width the same box */
  constructor(
    fonts: FontSet,
    shaper: Shaper,
    glyphs: GlyphFont,
    { isColorOwn }: { readonly isColorOwn: boolean },
  ) {
    this.#fonts = fonts;
    this.#isColorOwn = isColorOwn;
    this.#shaper = shaper;
    this.#glyphs = glyphs;
  }

  /** A text as characters of the collected font; coloured glyphs are runs of their own. */
  set(text: string, wish: FontWish, options: SetOptions): SetRun[] {
    const runs: SetRun[] = [];
    const add = (words: string, colors: readonly ColorGlyph[] | null): void => {
      const last = runs.at(-1);
      if (last?.colors === null && colors === null)
        runs[runs.length - 1] = { text: last.text + words, colors };
      else runs.push({ text: words, colors });
    };
    for (const { text: part, level } of visualRuns(text, options.isRightToLeft)) {
      const isRightToLeft = level % 2 === 1;
      const faces = this.#fonts.runsOf(part, wish);
      for (const { text: words, face, isFound } of isRightToLeft ? faces.toReversed() : faces) {
        if (!isFound) for (const character of words.trim()) this.missing.add(character);
        const isColored = this.#shaper.face(face).hasColors;
        if (isColored) this.#setColors(words, face, add);
        else add(this.#setPlain(words, face, { ...options, isRightToLeft }), null);
      }
    }
    return runs;
  }

  #setColors(
    words: string,
    face: FontFile,
    add: (text: string, colors: readonly ColorGlyph[] | null) => void,
  ): void {
    const { unitsPerEm } = this.#shaper.face(face);
    const { left, bottom, right, top } = COLOR_BOX;
    const corners = [
      [left, bottom],
      [right, bottom],
      [right, top],
      [left, top],
    ];
    const contours = [corners.map(([x = 0, y = 0]) => ({ x, y, isOn: true }))];
    for (const { id, advance, cluster } of this.#shaper.face(face).shape(words, false)) {
      const own = words[cluster] ?? '';
      if (SPACE.test(own)) {
        add(own, null);
        continue;
      }
      const width = advance / unitsPerEm;
      const key = `box ${width}${this.#isColorOwn ? ` ${face.path} ${id}` : ''}`;
      add(
        this.#glyphs.characterOf(key, () => ({ contours, advance: width })),
        [{ face, id }],
      );
    }
  }

  #setPlain(
    words: string,
    file: FontFile,
    { isRightToLeft, hasLigatures, isCounted }: SetOptions & { readonly isRightToLeft: boolean },
  ): string {
    const face = this.#shaper.face(file);
    const clusters: ShapedGlyph[][] = [];
    for (const glyph of face.shape(words.replace(/[\t\r\n]/g, ' '), isRightToLeft, hasLigatures)) {
      const last = clusters.at(-1);
      if (last?.[0]?.cluster === glyph.cluster) last.push(glyph);
      else clusters.push([glyph]);
    }
    const starts = clusters.map(([first]) => first?.cluster ?? 0).sort((a, b) => a - b);
    return clusters
      .map((glyphs) => {
        const start = glyphs[0]?.cluster ?? 0;
        const next = starts.find((other) => other > start) ?? words.length;
        const own = Array.from(words.slice(start, next));
        if (own.length === 1 && SPACE.test(own[0] ?? '')) return own[0] ?? '';
        const character = this.#characterOf(file, glyphs);
        return isCounted ? character + this.#nothing().repeat(own.length - 1) : character;
      })
      .join('');
  }

  #characterOf(file: FontFile, glyphs: readonly ShapedGlyph[]): string {
    const face = this.#shaper.face(file);
    const placed = glyphs.map(({ id, x, y, advance }) => [id, x, y, advance].join(' ')).join(',');
    return this.#glyphs.characterOf(`${file.path} ${file.index} ${placed}`, () => {
      let at = 0;
      const contours = glyphs.flatMap(({ id, x, y, advance }) => {
        const offset = { x: at + x, y };
        at += advance;
        return contoursOf(face.font.glyphToJson(id), face.unitsPerEm, offset);
      });
      return { contours, advance: at / face.unitsPerEm };
    });
  }

  #nothing(): string {
    return this.#glyphs.characterOf('nothing', () => ({ contours: [], advance: 0 }));
  }
}
