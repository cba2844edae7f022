import { LRUCache } from 'lru-cache';
import { SCENE_LIMITS } from './limits.js';
import { toIntlOptions, type IntlTime } from './schema/intl-time.js';

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
