import LineBreaker from 'linebreak';
import { finish, type Steps } from './allowance.js';
import { graphemeEnds } from './graphemes.js';

/** Scripts that do not divide words: UAX #14 leaves them to a dictionary, which Intl has. */
const UNDIVIDED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;

const words = new Intl.Segmenter('th', { granularity: 'word' });

/** The dictionary is asked for so much at a time, and what it says of the end of it, where words may be cut, is not used. */
const WINDOW_UNITS = 256;
const USED_UNITS = 192;
/** Looking words up takes as long as shaping this part of their characters. */
const DICTIONARY_PART = 0.5;

/** Marks where words of an undivided script end inside of a run of it that begins at `start`. */
function* markWords(run: string, start: number, isBreak: Uint8Array): Steps<void> {
  for (let from = 0; from < run.length;) {
    const isRest = run.length - from <= WINDOW_UNITS;
    const used = isRest ? run.length : from + USED_UNITS;
    let last = from;
    for (const { index } of words.segment(run.slice(from, from + WINDOW_UNITS))) {
      if (index === 0 || from + index > used) continue;
      last = from + index;
      isBreak[start + last] = 1;
    }
    yield WINDOW_UNITS * DICTIONARY_PART;
    // A word that is longer than all that is looked at has no end.
    from = isRest ? run.length : last > from ? last : used;
  }
}

/** Characters that UAX #14 is asked for in one step, which takes as long as shaping a quarter of them. */
const RULED_UNITS = 1024;
const RULES_PART = 0.25;

/** `lineBreaks`, a part at a time. */
export function* lineBreakSteps(text: string, ends: readonly number[]): Steps<number[]> {
  const isBreak = new Uint8Array(text.length + 1);
  for (const { index, 0: run } of text.matchAll(UNDIVIDED)) yield* markWords(run, index, isBreak);
  const breaker = new LineBreaker(text);
  let counted = 0;
  for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak()) {
    isBreak[next.position] = 1;
    if (next.position - counted < RULED_UNITS) continue;
    yield (next.position - counted) * RULES_PART;
    counted = next.position;
  }
  const breaks = ends.filter((at) => isBreak[at] === 1 && at < text.length);
  return [...breaks, text.length];
}

/**
 * Where a line of a paragraph may end, in UTF-16 units, ascending; the last is the length of the text. By
 * https://unicode.org/reports/tr14/, with the words of a dictionary in Thai, Lao, Khmer and Burmese, and never
 * inside of what people take for one character. `ends` are where these end.
 */
export function lineBreaks(text: string, ends: readonly number[] = graphemeEnds(text)): number[] {
  return finish(lineBreakSteps(text, ends));
}
