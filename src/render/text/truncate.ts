import { bidiLevels } from './bidi.js';
import { graphemeEnds } from './graphemes.js';
import { sliceStyled, widthOf, type SizedSpan, type StyledText } from './paragraph.js';
import type { TextSpec } from './text-spec.js';

/** Stands for what is left out. */
const ELLIPSIS = '…';

/** What of a paragraph is kept, up to `to`, with an ellipsis in the style of the last sign that is kept. */
function cutAt(
  paragraph: StyledText,
  to: number,
  direction: TextSpec['direction'],
): { paragraph: StyledText; length: number } {
  const text = paragraph.text.slice(0, to) + ELLIPSIS;
  const spanOf = [...paragraph.spanOf.slice(0, to), paragraph.spanOf[Math.max(0, to - 1)] ?? 0];
  const towards = direction === 'auto' ? (paragraph.base === 1 ? 'rtl' : 'ltr') : direction;
  return { paragraph: { text, spanOf, ...bidiLevels(text, towards) }, length: text.length };
}

/** The line from `from` to `to` of a paragraph, cut between signs so that it fits into the width with an ellipsis. */
export function truncateLine(
  paragraph: StyledText,
  from: number,
  to: number,
  width: number,
  direction: TextSpec['direction'],
  spans: readonly SizedSpan[],
): StyledText {
  const ends = [0, ...graphemeEnds(paragraph.text.slice(from, to))];
  const cutTo = (count: number): StyledText => {
    const kept = paragraph.text.slice(from, from + (ends[count] ?? 0)).trimEnd().length;
    const cut = cutAt(paragraph, from + kept, direction);
    return sliceStyled(cut.paragraph, from, cut.length);
  };
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const line = cutTo(middle);
    if (widthOf(line, 0, line.text.length, spans) <= width) low = middle;
    else high = middle - 1;
  }
  return cutTo(low);
}
