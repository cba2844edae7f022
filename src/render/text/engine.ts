import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { fontCatalogue, type FontCatalogue } from '../../fonts/catalogue.js';
import { TextAllowance } from './allowance.js';
import { toParagraphs } from './clean.js';
import { layoutText, type ShapedText } from './layout.js';
import { inkOf } from './line.js';
import { cutLine, type LinePart } from './line-part.js';
import { toShapedLine, type LineSpec, type ShapedLine } from './shaped-line.js';
import { TextShaper, type ShapedParagraph, type SpanStyle } from './shaper.js';
import type { TextLayout, TextSpec } from './text-spec.js';
import { longestPiece } from './wrap.js';

/**
 * Sets all text, of whatever layer. What is set is plain data:
 *
 *     const layout = engine.setText(spec)       lines of runs of glyphs, with their places
 *     const line = engine.setLine(spec)         one line and its clusters
 *     placeText(layer, spans, layout, …)        a layout as a bitmap (text-block.ts)
 *     const part = engine.cut(line, 0, 4)       some of its clusters, counted from the left
 *     partContent(part, look, scale)            these as a bitmap (line-part.ts)
 *
 * Both remember what they were asked for, so asking again each frame costs a look-up. A text is shaped once, however
 * its box changes. One engine belongs to one thread.
 */
export type TextEngine = {
  /** The fonts that texts are set in. */
  readonly fonts: FontCatalogue;
  /**
   * Bounds what is set from now on, in characters that are not known yet (allowance.ts): beyond it, and as long as they
   * are not done, setText, setLine and minWidth throw UnfinishedText. At first there is no bound. Answers what is left
   * of the bound before.
   */
  allow(characters: number): number;
  setText(spec: TextSpec): TextLayout;
  setLine(spec: LineSpec): ShapedLine;
  /** The clusters of a line from `first` up to `end`, counted from the left. Not remembered. */
  cut(line: ShapedLine, first: number, end: number): LinePart;
  /** The least width at which no word is cut: that of the longest piece of the text that no line may end in. */
  minWidth(spec: TextSpec): number;
  /** Forgets what is kept: it is set anew when it is asked for. */
  forget(): void;
};

/** A text whose letters are known in part. */
type Shaping = {
  readonly styles: readonly SpanStyle[];
  readonly steps: Generator<number, ShapedParagraph[]>;
};

/** Texts that wait for more of it: only the last one of a frame is left in the middle. */
const BEGUN_TEXTS = 32;

/** Placing a line takes as long as shaping so many characters. */
const LINE_CHARACTERS = 4;

/**
 * Layouts, lines and shaped texts that are kept, by the UTF-16 units of what they were asked for by: some 1,200 texts of
 * 60 characters, which take 42 MB.
 */
const KEPT_UNITS = 400_000;
const KEPT_TEXTS = 4000;

function unitsOf(text: { readonly length: number }): number {
  return text.length + 20;
}

function lengthOf({ spans }: TextSpec): number {
  return spans.reduce((sum, { text }) => sum + text.length, 0);
}

/** What of a spec decides how its letters look; the rest is where they stand. */
function shapeKey({ spans, direction, digits }: TextSpec): string {
  return JSON.stringify([spans, direction, digits]);
}

/** @param keptUnits - how much is kept: see KEPT_UNITS */
export function createTextEngine(
  fonts = fontCatalogue(),
  keptUnits: number = KEPT_UNITS,
): TextEngine {
  const shaper = new TextShaper(fonts);
  const allowance = new TextAllowance();
  const begun = new LRUCache<string, Shaping>({ max: BEGUN_TEXTS });
  const limits = { max: KEPT_TEXTS, maxSize: keptUnits, maxEntrySize: keptUnits };
  const shapedTexts = new LRUCache<string, ShapedText>({
    ...limits,
    sizeCalculation: (_, key) => unitsOf(key),
  });
  const layouts = new LRUCache<string, TextLayout>({
    ...limits,
    sizeCalculation: (_, key) => unitsOf(key),
  });
  const lines = new LRUCache<string, ShapedLine>({
    ...limits,
    sizeCalculation: (_, key) => unitsOf(key),
  });

  const begin = (spec: TextSpec): Shaping => {
    const styles = spec.spans.map((span) => shaper.styleOf(span, spec.digits));
    return { styles, steps: shaper.shapeAll(toParagraphs(spec), styles) };
  };

  const shape = (spec: TextSpec): ShapedText => {
    const key = shapeKey(spec);
    const known = shapedTexts.get(key);
    if (known !== undefined) return known;
    const length = lengthOf(spec);
    allowance.check(length);
    const { styles, steps } = begun.get(key) ?? begin(spec);
    begun.delete(key);
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        const text = { paragraphs: step.value, styles };
        shapedTexts.set(key, text);
        return text;
      }
      allowance.take(step.value);
      try {
        allowance.check(length);
      } catch (error) {
        begun.set(key, { styles, steps });
        throw error;
      }
    }
  };

  const setText = (spec: TextSpec): TextLayout => {
    const key = JSON.stringify(spec);
    const known = layouts.get(key);
    if (known !== undefined) return known;
    allowance.check(lengthOf(spec));
    const short = createHash('sha256').update(key).digest('base64url').slice(0, 24);
    const layout = { key: short, ...layoutText(spec, shape, shaper) };
    allowance.take(LINE_CHARACTERS * layout.lines.length);
    layouts.set(key, layout);
    return layout;
  };

  return {
    fonts,
    allow: (characters) => {
      const { left } = allowance;
      allowance.begin(characters);
      return left;
    },
    setText,
    setLine: (spec) => {
      const key = JSON.stringify(spec);
      const known = lines.get(key);
      if (known !== undefined) return known;
      const line = toShapedLine(spec, setText, shape);
      lines.set(key, line);
      return line;
    },
    cut: (line, first, end) =>
      cutLine(line, first, end, (runs, glyphs) => inkOf(runs, glyphs, line.fonts, shaper)),
    minWidth: (spec) => Math.max(0, ...shape(spec).paragraphs.map(longestPiece)),
    forget: () => {
      for (const cache of [shapedTexts, layouts, lines, begun]) cache.clear();
    },
  };
}
