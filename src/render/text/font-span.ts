import type { FontSpan } from './missing-glyphs.js';

type FontAppearance = Omit<FontSpan, 'text'>;

/** Characters that any format of a time may show. */
export const TIME_CHARACTERS = '0123456789AMP';

/** A text in the font of a layer or of a part of one. */
export function toFontSpan(
  text: string,
  { fontFamily, fontWeight, fontStyle }: FontAppearance,
): FontSpan {
  return { text, fontFamily, fontWeight, fontStyle };
}
