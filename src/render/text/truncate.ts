import type { Steps } from './allowance.js';
import { sliceStyled, toStyled, type StyledText } from './clean.js';
import { graphemeEnds } from './graphemes.js';
import type { GlyphStore } from '../../fonts/glyph-store.js';
import type { ShapedParagraph, SpanStyle, TextShaper } from './shaper.js';
import type { TextSpec } from './text-spec.js';
import { SOFT_HYPHEN, widthBetween } from './wrap.js';

/** Stands for what is left out. */
const ELLIPSIS = '…';
const TOLERANCE = 0.01;

/** A part of a paragraph with something after it, in the style of the last character that is kept. */
export function withEnding(
  paragraph: StyledText,
  { from, to }: { readonly from: number; readonly to: number },
  ending: string,
  direction: TextSpec['direction'],
): StyledText {
  const kept = sliceStyled(paragraph, from, to);
  const text = kept.text + ending;
  const spanOf = new Uint16Array(text.length + 1);
  spanOf.set(kept.spanOf.subarray(0, kept.text.length));
  spanOf.fill(paragraph.spanOf[Math.max(from, to - 1)] ?? 0, kept.text.length);
  const towards = direction === 'auto' ? (paragraph.base === 1 ? 'rtl' : 'ltr') : direction;
  return toStyled(text, spanOf, towards);
}

/** A line that ends with a hyphen that may be there, with the hyphen. */
export function withHyphen(
  paragraph: ShapedParagraph,
  from: number,
  to: number,
  direction: TextSpec['direction'],
): StyledText | null {
  if (paragraph.text[to - 1] !== SOFT_HYPHEN) return null;
  return withEnding(paragraph, { from, to: to - 1 }, '-', direction);
}

/**
 * The line from `from` to `to` of a paragraph, cut between characters so that it fits into the width with an ellipsis.
 * Of a width in which there is no room for that either, nothing is left.
 */
export function* truncateLine(
  paragraph: ShapedParagraph,
  line: { readonly from: number; readonly to: number },
  width: number,
  context: {
    readonly shaper: TextShaper;
    readonly styles: readonly SpanStyle[];
    readonly direction: TextSpec['direction'];
    /** Takes up the glyphs. */
    readonly store: GlyphStore;
  },
): Steps<ShapedParagraph> {
  const { from, to } = line;
  const { shaper, styles, direction, store } = context;
  const ends = [0, ...graphemeEnds(paragraph.text.slice(from, to))];
  const cutTo = (count: number): Steps<ShapedParagraph> => {
    const kept = paragraph.text.slice(from, from + (ends[count] ?? 0)).trimEnd().length;
    const styled = withEnding(paragraph, { from, to: from + kept }, ELLIPSIS, direction);
    return shaper.shape(styled, styles, store);
  };
  const ellipsis = yield* cutTo(0);
  const dots = widthBetween(ellipsis, 0, ellipsis.text.length);
  if (dots > width + TOLERANCE)
    return yield* shaper.shape(sliceStyled(paragraph, from, from), styles, store);
  // By the sums first, so that the line is shaped once or twice and not for each of its characters.
  let count = ends.length - 1;
  while (
    count > 0 &&
    widthBetween(paragraph, from, from + (ends[count] ?? 0)) + dots > width + TOLERANCE
  )
    count--;
  for (; count > 0; count--) {
    const cut = yield* cutTo(count);
    if (widthBetween(cut, 0, cut.text.length) <= width + TOLERANCE) return cut;
  }
  return ellipsis;
}
