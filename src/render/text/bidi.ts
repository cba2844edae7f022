import bidiFactory from 'bidi-js';

/** Letters, digits and marks that make a text run from right to left, in part or as a whole. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const bidi = bidiFactory();

/** Embedding levels of a paragraph: odd ones run to the left. */
export type BidiLevels = {
  /** That of the paragraph: 0 or 1. */
  readonly base: number;
  /** By UTF-16 unit; null: all are 0. */
  readonly levels: Uint8Array | null;
};

/** Levels by https://unicode.org/reports/tr9/; `auto` goes by the first letter that has a direction. */
export function bidiLevels(text: string, direction: 'auto' | 'ltr' | 'rtl'): BidiLevels {
  if (direction !== 'rtl' && !RIGHT_TO_LEFT.test(text)) return { base: 0, levels: null };
  const { levels, paragraphs } = bidi.getEmbeddingLevels(text, direction);
  return { base: paragraphs[0]?.level ?? (direction === 'rtl' ? 1 : 0), levels };
}

/** Rule L2: parts of a line in the order in which they stand from left to right. */
export function toVisualOrder<T extends { readonly level: number }>(parts: readonly T[]): T[] {
  const ordered = [...parts];
  const highest = Math.max(0, ...parts.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to++;
      if (to - from > 1) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      if (to > from) from = to;
    }
  }
  return ordered;
}
