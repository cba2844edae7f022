import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { fontCatalogue, type FontCatalogue } from '../../fonts/catalogue.js';
import { finish, TextAllowance, UNFINISHED, type Steps } from './allowance.js';
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
   * are not done, setText, setLine, cut and minWidth throw UnfinishedText. At first there is no bound. Answers what is
   * left of the bound before.
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
  readonly steps: Steps<ShapedParagraph[]>;
};

/** Cutting a part out of a line takes as long as shaping its clusters and so many characters. */
const CUT_CHARACTERS = 10;

/** Texts of one kind that wait for more of it: only the last one of a frame is left in the middle. */
const BEGUN_TEXTS = 32;

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

class KeepingTextEngine implements TextEngine {
  readonly fonts: FontCatalogue;
  readonly #shaper: TextShaper;
  readonly #allowance = new TextAllowance();
  readonly #begunShapes = new LRUCache<string, Shaping>({ max: BEGUN_TEXTS });
  readonly #begunLayouts = new LRUCache<string, Steps<Omit<TextLayout, 'key'>>>({
    max: BEGUN_TEXTS,
  });
  readonly #begunWidths = new LRUCache<string, Steps<number>>({ max: BEGUN_TEXTS });
  readonly #shapedTexts: LRUCache<string, ShapedText>;
  readonly #layouts: LRUCache<string, TextLayout>;
  readonly #lines: LRUCache<string, ShapedLine>;

  constructor(fonts: FontCatalogue, keptUnits: number) {
    this.fonts = fonts;
    this.#shaper = new TextShaper(fonts);
    const limits = {
      max: KEPT_TEXTS,
      maxSize: keptUnits,
      maxEntrySize: keptUnits,
      sizeCalculation: (_: unknown, key: string) => unitsOf(key),
    };
    this.#shapedTexts = new LRUCache<string, ShapedText>(limits);
    this.#layouts = new LRUCache<string, TextLayout>(limits);
    this.#lines = new LRUCache<string, ShapedLine>(limits);
  }

  allow(characters: number): number {
    const { left } = this.#allowance;
    this.#allowance.begin(characters);
    return left;
  }

  setText(spec: TextSpec): TextLayout {
    const key = JSON.stringify(spec);
    const known = this.#layouts.get(key);
    if (known !== undefined) return known;
    const placed = this.#goOn(this.#begunLayouts, key, spec, () =>
      layoutText(spec, (one) => this.#shape(one), this.#shaper),
    );
    const short = createHash('sha256').update(key).digest('base64url').slice(0, 24);
    const layout = { key: short, ...placed };
    this.#layouts.set(key, layout);
    return layout;
  }

  setLine(spec: LineSpec): ShapedLine {
    const key = JSON.stringify(spec);
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = toShapedLine(
      spec,
      (one) => this.setText(one),
      (whole) => finish(this.#shape(whole)),
    );
    this.#lines.set(key, line);
    return line;
  }

  cut(line: ShapedLine, first: number, end: number): LinePart {
    if (this.#allowance.isSpent(0)) throw UNFINISHED;
    this.#allowance.take(CUT_CHARACTERS + (end - first));
    return cutLine(line, first, end, (runs, glyphs) =>
      inkOf(runs, glyphs, line.fonts, this.#shaper),
    );
  }

  minWidth(spec: TextSpec): number {
    return this.#goOn(this.#begunWidths, shapeKey(spec), spec, () => this.#least(spec));
  }

  forget(): void {
    for (const cache of [this.#shapedTexts, this.#layouts, this.#lines]) cache.clear();
    for (const begun of [this.#begunShapes, this.#begunLayouts, this.#begunWidths]) begun.clear();
  }

  #begin(spec: TextSpec): Shaping {
    const styles = spec.spans.map((span) => this.#shaper.styleOf(span, spec.digits));
    return { styles, steps: this.#shaper.shapeAll(toParagraphs(spec), styles) };
  }

  /** Letters are shaped once, whichever of the layouts that want them takes the next step. */
  *#shape(spec: TextSpec): Steps<ShapedText> {
    const key = shapeKey(spec);
    for (;;) {
      const known = this.#shapedTexts.get(key);
      if (known !== undefined) return known;
      const shaping = this.#begunShapes.get(key) ?? this.#begin(spec);
      this.#begunShapes.set(key, shaping);
      const step = shaping.steps.next();
      if (step.done !== true) {
        yield step.value;
        continue;
      }
      this.#begunShapes.delete(key);
      const text = { paragraphs: step.value, styles: shaping.styles };
      this.#shapedTexts.set(key, text);
      return text;
    }
  }

  *#least(spec: TextSpec): Steps<number> {
    let width = 0;
    for (const paragraph of (yield* this.#shape(spec)).paragraphs)
      width = Math.max(width, yield* longestPiece(paragraph));
    return width;
  }

  /** Goes on with what has been begun, as long as the allowance lasts. */
  #goOn<T>(
    begun: LRUCache<string, Steps<T>>,
    key: string,
    spec: TextSpec,
    steps: () => Steps<T>,
  ): T {
    const length = lengthOf(spec);
    if (this.#allowance.isSpent(length)) throw UNFINISHED;
    const own = begun.get(key) ?? steps();
    begun.delete(key);
    for (;;) {
      const step = own.next();
      if (step.done === true) return step.value;
      this.#allowance.take(step.value);
      if (!this.#allowance.isSpent(length)) continue;
      begun.set(key, own);
      throw UNFINISHED;
    }
  }
}

/** @param keptUnits - how much is kept: see KEPT_UNITS */
export function createTextEngine(
  fonts = fontCatalogue(),
  keptUnits: number = KEPT_UNITS,
): TextEngine {
  return new KeepingTextEngine(fonts, keptUnits);
}
