/**
 * Bytes that the largest code holds, by how much of it may be lost: table 7 of ISO/IEC 18004:2015, version 40 in
 * byte mode. Codes of nothing but digits or capitals would hold more.
 */
export const QR_CAPACITY_BYTES = { L: 2953, M: 2331, Q: 1663, H: 1273 } as const;

/** Bytes of a text as a code holds it. */
export function qrBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
