/** Texts of strangers: what steers a text instead of being in it is taken out before it is shown. */

/** Marks on one letter that are kept: Vietnamese has two, pointed Hebrew three, and nobody writes five. */
const MAX_MARKS = 4;
const SURPLUS_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu');

/** Halves of surrogate pairs. */
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Controls, characters that turn the direction of text, places for objects, and code points that are none: what is put around
 * texts could be closed by them, and pictures stand at U+FFFC.
 */
const STEERING =
  /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffc\ufeff\ufdd0-\ufdef]/g;

/** Joiners, selectors and what has no width: emoji have two after each other. */
const ZERO_WIDTHS = /([\u200b-\u200d\ufe00-\ufe0f]{3})[\u200b-\u200d\ufe00-\ufe0f]+/g;

/** Line ends and spaces of all kinds; a message is one paragraph. */
const SPACES = /[\s\u0085\u3164\uffa0\u115f\u1160]+/g;

/** A text as it can be set into a line with others. The same text gives the same one again. */
export function toSafeText(text: string): string {
  return text
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(STEERING, '')
    .replace(SPACES, ' ')
    .normalize('NFC')
    .replace(SURPLUS_MARKS, '$1')
    .replace(ZERO_WIDTHS, '$1')
    .trim();
}

/** First strong isolate, and its end: https://unicode.org/reports/tr9/#Explicit_Directional_Isolates */
export const ISOLATE = '\u2068';
export const ISOLATE_END = '\u2069';

/** A text whose direction neither changes what is around it nor is changed by it. */
export function isolated(text: string): string {
  return `${ISOLATE}${text}${ISOLATE_END}`;
}
