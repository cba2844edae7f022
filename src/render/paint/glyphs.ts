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
  readonly x: number;
  readonly baseline: number;
};

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
export function fillGlyphs(context: Context2D, placed: PlacedRun): void {
  const { font } = placed;
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
export function strokeGlyphs(context: Context2D, placed: PlacedRun, width: number): void {
  if (!setFont(context, placed.font)) return;
  slanted(context, placed, () => {
    context.lineWidth = width;
    const glyphs: Draw = (characters, x, y) => {
      context.strokeText(characters, x, y);
    };
    eachStretch(context, placed, { glyphs, missing: () => undefined });
  });
}
