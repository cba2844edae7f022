import { LRUCache } from 'lru-cache';
import { toIntlOptions, type IntlTime } from './schema/intl-time.js';
import type { TimeToken } from './time-text.js';

/** Formats that are kept: making one takes Intl some hundred times as long as using it. */
const KEPT_FORMATS = 64;

const LATIN_DIGITS = /^[0-9]+$/;
/** Scripts that run to the left: their texts are set as a whole. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** Writes a moment as a language does. */
export type FormatIntl = (intl: IntlTime, timeZone: string, wallTimeMs: number) => TimeToken[];

/**
 * A formatter with a memory of its own. The text depends on nothing but what it is given: neither the system's zone nor
 * its language; numbers of Latin digits are tokens of digits, so that they stand in cells.
 */
export function createIntlFormat(): FormatIntl {
  const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: KEPT_FORMATS });
  return (intl, timeZone, wallTimeMs) => {
    const key = JSON.stringify([intl, timeZone]);
    const format =
      formats.get(key) ??
      new Intl.DateTimeFormat(intl.locale, { ...toIntlOptions(intl), timeZone });
    formats.set(key, format);
    const parts = format.formatToParts(Math.floor(wallTimeMs));
    const text = parts.map(({ value }) => value).join('');
    if (RIGHT_TO_LEFT.test(text)) return [{ kind: 'words', text }];
    const tokens: TimeToken[] = [];
    for (const { value } of parts) {
      const before = tokens.at(-1);
      const kind = LATIN_DIGITS.test(value) ? 'digits' : 'words';
      // Words that follow each other are drawn as one, as they would be in a text.
      if (kind === 'words' && before?.kind === 'words')
        tokens.splice(-1, 1, { kind, text: before.text + value });
      else tokens.push({ kind, text: value });
    }
    return tokens;
  };
}
