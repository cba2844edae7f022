import { toHexColor } from '../../scene/color.js';

/** Parameters of 32-bit FNV-1a: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Of the colours: light and calm enough to be read on a dark ground, and strong enough to be told apart. */
const LIGHTNESS = 0.78;
const CHROMA = 0.14;

/** 32-bit FNV-1a of the UTF-8 bytes of a text. */
export function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/**
 * The colour of an author who has none: the hue in degrees is FNV-1a of the name, in NFC and lower case, modulo 360;
 * lightness and chroma (OKLCH) are the same for all. Always the same for the same name.
 */
export function authorColor(author: string): string {
  const hue = fnv1a(author.normalize('NFC').toLowerCase()) % 360;
  return toHexColor(`oklch(${LIGHTNESS} ${CHROMA} ${hue})`);
}
