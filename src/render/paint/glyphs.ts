import { glyphCharacter } from '../../fonts/glyph-font.js';
import { boldnessEm, SLANT } from '../../fonts/synthetic-style.js';
import { glyphFamily, type Context2D } from '../canvas.js';
import type { GlyphFont, GlyphRun, LineGlyphs } from '../text/text-spec.js';

/** What stands for glyphs that a font does not have, in em. */
const BOX_EM = { width: 0.5, height: 0.7, line: 0.05 };

/** A run of a line, and where the line begins, in units of the context. */
export type PlacedRun = {
  readonly run: GlyphRun;
  readonly glyphs: LineGlyphs;
  readonly font: GlyphFont;
  /** The font on whose baseline all runs of the text stand. */
  readonly first: GlyphFont;
  readonly x: number;
  readonly baseline: number;
};

/** By how much the canvas draws letters of a font too low, in units of the context. */
const loweredBy = new WeakMap<GlyphFont, number>();

/** A glyph that every font has. */
const ANY_GLYPH = 1;

/**
 * The canvas rounds the ascent of each font to whole units, not pixels, and draws its letters by as much lower or higher,
 * up to half a unit. Sets the context's font.
 */
function loweringOf(context: Context2D, font: GlyphFont): number {
  const known = loweredBy.get(font);
  if (known !== undefined) return known;
  const isKnown = setFont(context, font);
  const { fontBoundingBoxAscent: ascent } = context.measureText(glyphCharacter(ANY_GLYPH) ?? '');
  const lowering = isKnown ? Math.round(ascent) - ascent : 0;
  loweredBy.set(font, lowering);
  return lowering;
}

/** How much a font would stand below the first one of its text: nothing where units are pixels, which are whole. */
function unevennessOf(context: Context2D, font: GlyphFont, first: GlyphFont): number {
  const { a, d } = context.getTransform();
  if (font === first || (Math.abs(a) <= 1 && Math.abs(d) <= 1)) return 0;
  return loweringOf(context, font) - loweringOf(context, first);
}

/** Draws characters from a place on. */
type Draw = (characters: string, x: number, y: number) => void;

/**
 * Draws the glyphs of a run, as many at once as stand where they stand by themselves: a call costs as much as ten
 * glyphs.
 */
function eachStretch(
  context: Context2D,
  { run, glyphs, x: left, baseline }: PlacedRun,
  draw: { readonly glyphs: Draw; readonly missing: Draw },
): void {
  const { ids, xs, ys, plain } = glyphs;
  const { b, c, d, f } = context.getTransform();
  // Letters stand on whole rows of pixels; the canvas sees to that, too, but rounds its own sums.
  const onRow = (y: number): number => (b === 0 && c === 0 ? (Math.round(y * d + f) - f) / d : y);
  let [characters, first] = ['', run.first];
  const flush = (): void => {
    if (characters !== '')
      draw.glyphs(characters, left + (xs[first] ?? 0), onRow(baseline + (ys[first] ?? 0)));
    characters = '';
  };
  for (let i = run.first; i < run.end; i++) {
    const character = glyphCharacter(ids[i] ?? 0);
    if (plain[i] === 0 || character === null) {
      flush();
      first = i;
    }
    if (character === null) {
      draw.missing('', left + (xs[i] ?? 0), baseline);
      continue;
    }
    if (characters === '') first = i;
    characters += character;
    // The next stands elsewhere than where this one ends.
    if (plain[i] === 0) flush();
  }
  flush();
}

/** Makes the context draw with a font. False: it cannot be used. */
function setFont(context: Context2D, { place, fontSize }: GlyphFont): boolean {
  const family = glyphFamily(place.path, place.index);
  if (family === null) return false;
  context.font = `${fontSize}px "${family}"`;
  context.fontVariationSettings = place.variations
    .map(([tag, value]) => `"${tag}" ${value}`)
    .join(', ');
  context.letterSpacing = '0px';
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.direction = 'ltr';
  return true;
}

/** Does something with what is drawn slanted about its baseline. */
function slanted(context: Context2D, { font, baseline }: PlacedRun, draw: () => void): void {
  if (!font.isSlanted) {
    draw();
    return;
  }
  context.save();
  context.transform(1, 0, -SLANT, 1, SLANT * baseline, 0);
  draw();
  context.restore();
}

/** Fills the glyphs of a run with what the context fills with. */
export function fillGlyphs(context: Context2D, run: PlacedRun): void {
  const { font, first } = run;
  const placed = { ...run, baseline: run.baseline - unevennessOf(context, font, first) };
  if (!setFont(context, font)) return;
  const { fontSize } = font;
  slanted(context, placed, () => {
    if (font.isEmboldened) {
      context.strokeStyle = context.fillStyle;
      context.lineWidth = fontSize * boldnessEm(fontSize);
      context.lineJoin = 'miter';
    }
    const glyphs: Draw = (characters, x, y) => {
      context.fillText(characters, x, y);
      if (font.isEmboldened) context.strokeText(characters, x, y);
    };
    const missing: Draw = (_, x, y) => {
      context.strokeStyle = context.fillStyle;
      context.lineWidth = BOX_EM.line * fontSize;
      const [width, height] = [BOX_EM.width * fontSize, BOX_EM.height * fontSize];
      context.strokeRect(x + context.lineWidth, y - height, width - 2 * context.lineWidth, height);
    };
    eachStretch(context, placed, { glyphs, missing });
  });
}

/** Draws a line of `width` units around the glyphs of a run, half of it inside, with the stroke style of the context. */
export function strokeGlyphs(context: Context2D, run: PlacedRun, width: number): void {
  const { font, first } = run;
  const placed = { ...run, baseline: run.baseline - unevennessOf(context, font, first) };
  if (!setFont(context, font)) return;
  slanted(context, placed, () => {
    context.lineWidth = width;
    const glyphs: Draw = (characters, x, y) => {
      context.strokeText(characters, x, y);
    };
    eachStretch(context, placed, { glyphs, missing: () => undefined });
  });
}
