import { fontCatalogue, type FontCatalogue } from '../../fonts/catalogue.js';
import { parseFontFamilies } from '../../scene/font-families.js';
import { toCleanText } from './clean.js';
import { graphemeEnds } from './graphemes.js';
import { presentationOf } from './itemize.js';
import type { SpanSpec } from './text-spec.js';

/** What decides in which faces a text is set. */
export type FontSpan = Pick<SpanSpec, 'text' | 'fontFamily' | 'fontWeight' | 'fontStyle'>;

/** Says of which characters of a text no font has a glyph: each once, in the order in which they come. */
export type FindMissingGlyphs = (spans: readonly FontSpan[]) => string[];

/** Characters that have no ink, or none of their own: spaces, controls, joiners, selectors. */
const INKLESS = /^[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** Unassigned and private characters are of the category C too, but they should have ink. */
const UNKNOWN = /[\p{Cn}\p{Co}]/u;

/** Finds characters that are drawn as a box, because no font has them: neither those named nor any other. */
export function createMissingGlyphs(fonts: FontCatalogue = fontCatalogue()): FindMissingGlyphs {
  return (spans) => {
    const missing = new Set<string>();
    for (const { text, fontFamily, fontWeight, fontStyle } of spans) {
      const stack = fonts.stackOf(parseFontFamilies(fontFamily), {
        weight: fontWeight,
        isItalic: fontStyle === 'italic',
      });
      const clean = toCleanText(text);
      let from = 0;
      for (const end of graphemeEnds(clean)) {
        const cluster = clean.slice(from, end);
        from = end;
        if (INKLESS.test(cluster) && !UNKNOWN.test(cluster)) continue;
        const presentation = presentationOf(cluster, cluster.codePointAt(0) ?? 0);
        if (!stack.hasAll(cluster, presentation)) missing.add(cluster);
      }
    }
    return [...missing];
  };
}
