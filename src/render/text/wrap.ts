import { graphemeEnds } from './graphemes.js';
import type { Steps } from './allowance.js';
import { lineBreakSteps } from './line-breaks.js';
import type { ShapedParagraph, SpanStyle } from './shaper.js';

/** A line of a paragraph, in UTF-16 units of it, without the spaces at which it was broken. */
export type BrokenLine = {
  readonly from: number;
  readonly to: number;
  /** Whether the paragraph ends with it. */
  readonly isLast: boolean;
  /** Whether it ends inside a word. */
  readonly cutsWord: boolean;
};

/** Where a word may be divided: a hyphen at the end of a line, nothing elsewhere. */
export const SOFT_HYPHEN = '\u00ad';

/** Breaking lines takes as long as shaping this part of the characters. */
const WRAP_PART = 0.1;

/** Sums of widths are not exact to the last bit: so much longer than the line is not longer. */
const TOLERANCE = 0.01;

export function widthBetween({ sums }: ShapedParagraph, from: number, to: number): number {
  return (sums[to] ?? 0) - (sums[from] ?? 0);
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text[end - 1] === ' ' || text[end - 1] === '\u200b')) end--;
  return end;
}

/** The longest prose that was looked at: where its lines may end. */
type Places = { readonly breaks: readonly number[]; readonly ends: readonly number[] };
const placesOf = new WeakMap<ShapedParagraph, Places>();

function* placesIn(paragraph: ShapedParagraph): Steps<Places> {
  const known = placesOf.get(paragraph);
  if (known !== undefined) return known;
  const ends = graphemeEnds(paragraph.text);
  const places = { breaks: yield* lineBreakSteps(paragraph.text, ends), ends };
  placesOf.set(paragraph, places);
  return places;
}

/** The widest piece that no line end may be in: the least width that a paragraph can have. */
export function* longestPiece(paragraph: ShapedParagraph): Steps<number> {
  let [longest, from] = [0, 0];
  const { breaks } = yield* placesIn(paragraph);
  for (const to of breaks) {
    longest = Math.max(
      longest,
      widthBetween(paragraph, from, trimmedEnd(paragraph.text, from, to)),
    );
    from = to;
  }
  return longest;
}

/**
 * Breaks a paragraph into lines of at most `width` units: as late as possible, as browsers do. Takes time for each
 * character once, and no more lines than `maxLines`.
 */
export function* wrapParagraph(
  paragraph: ShapedParagraph,
  width: number,
  styles: readonly SpanStyle[],
  maxLines: number,
): Steps<BrokenLine[]> {
  const { text, spanOf } = paragraph;
  const limit = width + TOLERANCE;
  if (widthBetween(paragraph, 0, text.length) <= limit)
    return [{ from: 0, to: text.length, isLast: true, cutsWord: false }];
  const { breaks, ends } = yield* placesIn(paragraph);
  const lines: BrokenLine[] = [];
  /** As wide as it is seen at the end of a line: without spaces, with a hyphen that may be there. */
  const seen = (from: number, to: number): number => {
    const end = trimmedEnd(text, from, to);
    if (end <= from) return 0;
    const hyphen =
      text[end - 1] === SOFT_HYPHEN ? (styles[spanOf[end - 1] ?? 0]?.hyphenWidth ?? 0) : 0;
    return widthBetween(paragraph, from, end) + hyphen;
  };
  yield text.length * WRAP_PART;
  let from = 0;
  let end = 0;
  const endLine = (to: number, cutsWord: boolean): void => {
    lines.push({ from, to: trimmedEnd(text, from, to), isLast: false, cutsWord });
    // A hyphen that may be there is not, where the word is cut anyway.
    from = cutsWord && text[to] === SOFT_HYPHEN ? to + 1 : to;
    end = from;
  };
  let cluster = 0;
  for (const next of breaks) {
    if (next <= end) continue;
    if (end > from && seen(from, next) > limit) endLine(end, false);
    // A word that is longer than a whole line is cut between its characters.
    while (lines.length < maxLines && seen(from, next) > limit) {
      while ((ends[cluster] ?? Infinity) <= from) cluster++;
      // At least one character; then as many as there is room for.
      while (
        (ends[cluster + 1] ?? Infinity) < next &&
        seen(from, ends[cluster + 1] ?? from) <= limit
      )
        cluster++;
      const cut = ends[cluster] ?? next;
      if (cut >= trimmedEnd(text, from, next)) break;
      endLine(cut, true);
    }
    if (lines.length >= maxLines) return lines.slice(0, maxLines);
    end = next;
  }
  // Spaces at the end of a paragraph are kept as long as there is room for them.
  const isOver = widthBetween(paragraph, from, text.length) > limit;
  const to = isOver ? trimmedEnd(text, from, text.length) : text.length;
  const last = lines.at(-1);
  // A hyphen that may be there is not, when nothing comes after it.
  if (from < text.length || last === undefined)
    lines.push({ from, to, isLast: true, cutsWord: false });
  else lines[lines.length - 1] = { ...last, isLast: true };
  return lines.slice(0, maxLines);
}
