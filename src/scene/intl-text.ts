import { LRUCache } from 'lru-cache';
import { SCENE_LIMITS } from './limits.js';
import type { IntlTime } from './schema/intl-time.js';

/**
 * Formats that are kept: making one takes Intl some hundred times as long as using it, so that all clocks of a scene must find
 * theirs. Each takes some 60 kB.
 */
const KEPT_FORMATS = SCENE_LIMITS.layersPerScene;

/** Writes a moment as a language does. */
export type FormatIntl = (intl: IntlTime, timeZone: string, wallTimeMs: number) => string;

/**
 * A formatter with a memory of its own. The text depends on nothing but what it is made of: neither the system's zone nor
 * its language.
 */
export function createIntlFormat(): FormatIntl {
  const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: KEPT_FORMATS });
  return (intl, timeZone, wallTimeMs) => {
    const key = JSON.stringify([intl, timeZone]);
    const format =
      formats.get(key) ??
      new Intl.DateTimeFormat(intl.locale, { ...toIntlOptions(intl), timeZone });
    formats.set(key, format);
    return format.format(Math.floor(wallTimeMs));
  };
}

/**
 * The options as Intl wants them: what is left out must not be there at all. Without twelve hours a day begins at 0
 * o'clock, as ECMA-402 says since 2023; ICU still writes 24:00 for some languages.
 */
function toIntlOptions(intl: IntlTime): Intl.DateTimeFormatOptions {
  const { hour12, ...rest } = intl;
  const meant = hour12 === false ? { ...rest, hourCycle: 'h23' } : intl;
  const set = Object.entries(meant).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.filter(([name]) => name !== 'locale'));
}
