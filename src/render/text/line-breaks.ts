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
 * inside of what people take for one character. `ends` are where these end.
 */
export function lineBreaks(text: string, ends: readonly number[] = graphemeEnds(text)): number[] {
  const isBreak = new Uint8Array(text.length + 1);
  for (const at of dictionaryBreaks(text)) isBreak[at] = 1;
  const breaker = new LineBreaker(text);
  for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak())
    isBreak[next.position] = 1;
  const breaks = ends.filter((at) => isBreak[at] === 1 && at < text.length);
  return [...breaks, text.length];
}
