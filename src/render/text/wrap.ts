import { graphemeEnds } from './graphemes.js';
import { lineBreaks } from './line-breaks.js';
import { SOFT_HYPHEN, widthOf, type SizedSpan, type StyledText } from './paragraph.js';

/** A line of a paragraph, in UTF-16 units of it, without the spaces at which it was broken. */
export type BrokenLine = {
  readonly from: number;
  readonly to: number;
  /** Whether the paragraph ends with it. */
  readonly isLast: boolean;
  /** Whether it ends inside a word. */
  readonly cutsWord: boolean;
};

/** Sums of widths are not exact to the last bit: so much longer than the line is not longer. */
const TOLERANCE = 0.01;

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text[end - 1] === ' ' || text[end - 1] === '\u200b')) end--;
  return end;
}

/** As many signs from `from` on as fit into the width, at least one; binary search, since text only grows. */
function fittingEnd(
  from: number,
  ends: readonly number[],
  width: number,
  widthTo: (end: number) => number,
): number {
  const after = ends.filter((end) => end > from);
  let [low, high] = [0, after.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthTo(after[middle] ?? from) <= width + TOLERANCE) low = middle;
    else high = middle - 1;
  }
  return after[low] ?? from;
}

/** Breaks a paragraph into lines of at most `width` units: as late as possible, as browsers do. */
export function wrapParagraph(
  paragraph: StyledText,
  width: number,
  spans: readonly SizedSpan[],
): BrokenLine[] {
  const { text } = paragraph;
  const lines: BrokenLine[] = [];
  const measured = (from: number, to: number): number => widthOf(paragraph, from, to, spans);
  /** As wide as it is seen at the end of a line: without spaces, with a hyphen that may be there. */
  const seen = (from: number, to: number): number => {
    const end = trimmedEnd(text, from, to);
    const hyphen =
      text[end - 1] === SOFT_HYPHEN ? spans[paragraph.spanOf[end - 1] ?? 0] : undefined;
    return measured(from, end) + (hyphen?.widthOf('-') ?? 0);
  };
  /** A word and the spaces after it: apart, because the word alone is known by then. */
  const whole = (from: number, to: number): number => {
    const end = trimmedEnd(text, from, to);
    return measured(from, end) + measured(end, to);
  };
  // Most texts fit: measured at once, which is faster than word by word.
  if (measured(0, text.length) <= width + TOLERANCE)
    return [{ from: 0, to: text.length, isLast: true, cutsWord: false }];
  let from = 0;
  let end = 0;
  let used = 0;
  const endLine = (to: number, cutsWord: boolean): void => {
    lines.push({ from, to: trimmedEnd(text, from, to), isLast: false, cutsWord });
    // A hyphen that may be there is not, where the word is cut anyway.
    const next = cutsWord && text[to] === SOFT_HYPHEN ? to + 1 : to;
    [from, end, used] = [next, next, 0];
  };
  for (const next of lineBreaks(text)) {
    if (end > from && used + seen(end, next) > width + TOLERANCE) endLine(end, false);
    // A word that is longer than a whole line is cut between its signs.
    while (seen(end, next) > width + TOLERANCE) {
      const ends = graphemeEnds(text.slice(end, next)).map((at) => end + at);
      const cut = fittingEnd(end, ends, width, (to) => seen(from, to));
      if (cut >= trimmedEnd(text, end, next)) break;
      endLine(cut, true);
    }
    used += whole(end, next);
    end = next;
  }
  // Spaces at the end of a paragraph are kept as long as there is room for them.
  const isOver = measured(from, text.length) > width + TOLERANCE;
  const to = isOver ? trimmedEnd(text, from, text.length) : text.length;
  lines.push({ from, to, isLast: true, cutsWord: false });
  return lines;
}
