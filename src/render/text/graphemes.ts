/** Signs as people count them: https://unicode.org/reports/tr29/ */
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A text whose UTF-16 units are all signs of their own, apart from surrogates and what joins: most texts are. */
const SIMPLE = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/;

/** Where the signs of a text end, in UTF-16 units, ascending; the last is the length of the text. */
export function graphemeEnds(text: string): number[] {
  if (SIMPLE.test(text)) return Array.from(text, (_, i) => i + 1);
  return Array.from(segmenter.segment(text), ({ index, segment }) => index + segment.length);
}
