import LineBreaker from 'linebreak';
import { graphemeEnds } from './graphemes.js';

/** Scripts that do not divide words: UAX #14 leaves them to a dictionary, which Intl has. */
const UNDIVIDED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;

const words = new Intl.Segmenter('th', { granularity: 'word' });

/** Where words of undivided scripts end inside of a text. */
function dictionaryBreaks(text: string): number[] {
  return [...text.matchAll(UNDIVIDED)].flatMap(({ index, 0: run }) =>
    [...words.segment(run)].slice(1).map((word) => index + word.index),
  );
}

/**
 * Where a line of a paragraph may end, in UTF-16 units, ascending; the last is the length of the text. By
 * https://unicode.org/reports/tr14/, with the words of a dictionary in Thai, Lao, Khmer and Burmese, and never
 * inside of what people take for one sign.
 */
export function lineBreaks(text: string): number[] {
  const breaks = new Set(dictionaryBreaks(text));
  const breaker = new LineBreaker(text);
  for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak())
    breaks.add(next.position);
  const signEnds = new Set(graphemeEnds(text));
  breaks.add(text.length);
  return [...breaks]
    .filter((at) => at > 0 && (signEnds.has(at) || at === text.length))
    .sort((a, b) => a - b);
}
