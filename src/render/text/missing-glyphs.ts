import { LRUCache } from 'lru-cache';
import { createCanvas } from '../canvas.js';
import { toFont } from '../text-metrics.js';
import { graphemeEnds } from './graphemes.js';
import type { SpanSpec } from './text-spec.js';

/** Says of which signs of a text no font has a glyph: each once, in the order in which they come. */
export type FindMissingGlyphs = (spans: readonly SpanSpec[]) => string[];

/** Unassigned in every version of Unicode: what a font stack draws for it, it draws for all that it does not have. */
const UNASSIGNED = '\u0378';
/** Signs that have no ink, or none of their own: spaces, controls, joiners, selectors. */
const INKLESS = /^[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\u2800]$/u;
/** Unassigned and private signs are of the category C too, but they should have ink. */
const UNKNOWN = /^[\p{Cn}\p{Co}]$/u;

const FONT_SIZE_PX = 24;
const CANVAS_PX = 48;
/** Signs that are kept as known, per finder. */
const KEPT_SIGNS = 20_000;

/**
 * Finds signs that would be drawn as a box. The canvas binding does not tell which font has a glyph, so the sign is
 * drawn small and compared with what the same fonts draw for an unassigned one. Some ten microseconds for a sign
 * that has not been seen before, nothing after that.
 */
export function createMissingGlyphs(): FindMissingGlyphs {
  const canvas = createCanvas(CANVAS_PX, CANVAS_PX);
  const context = canvas.getContext('2d');
  const known = new LRUCache<string, boolean>({ max: KEPT_SIGNS });
  const references = new LRUCache<string, Buffer>({ max: 64 });

  const raster = (font: string, sign: string): Buffer => {
    context.reset();
    context.font = font;
    context.fillStyle = '#000';
    context.fillText(sign, 8, 32);
    return Buffer.from(canvas.data());
  };

  const isMissing = (font: string, sign: string): boolean => {
    const key = `${sign}|${font}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const reference = references.get(font) ?? raster(font, UNASSIGNED);
    references.set(font, reference);
    const missing = raster(font, sign).equals(reference);
    known.set(key, missing);
    return missing;
  };

  return (spans) => {
    const missing = new Set<string>();
    for (const span of spans) {
      const font = toFont({ ...span, fontSize: FONT_SIZE_PX });
      let from = 0;
      for (const end of graphemeEnds(span.text)) {
        const grapheme = span.text.slice(from, end);
        from = end;
        const inked = Array.from(grapheme).filter(
          (sign) => !INKLESS.test(sign) || UNKNOWN.test(sign),
        );
        if (inked.some((sign) => isMissing(font, sign))) missing.add(grapheme);
      }
    }
    return [...missing];
  };
}
