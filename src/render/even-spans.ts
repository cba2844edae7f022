/** A stretch of a line, in units. */
export type Span = { readonly from: number; readonly to: number };

/** What is to be divided into parts that look alike. Lengths are in units. */
export type Division = {
  readonly length: number;
  readonly count: number;
  readonly gap: number;
  /** Pixels per unit. */
  readonly scale: number;
};

/**
 * Parts of the same whole number of pixels with the same whole number of pixels between them, in the middle of the length: what
 * cannot be divided is left over on both sides. Where there is no room for gaps there are none.
 */
export function equalSpans({ length, count, gap, scale }: Division): Span[] {
  const lengthPx = Math.floor(length * scale + 1e-6);
  const gapPx = Math.max(0, Math.min(Math.round(gap * scale), Math.floor(lengthPx / count) - 1));
  const partPx = Math.max(1, Math.floor((lengthPx - gapPx * (count - 1)) / count));
  const firstPx = Math.max(0, Math.floor((lengthPx - partPx * count - gapPx * (count - 1)) / 2));
  return Array.from({ length: count }, (_, i) => {
    const fromPx = firstPx + i * (partPx + gapPx);
    return { from: fromPx / scale, to: (fromPx + partPx) / scale };
  });
}

/** Parts that fill the whole length, with the same whole number of pixels between them; each may be a pixel longer than others. */
export function fillingSpans({ length, count, gap, scale }: Division): Span[] {
  const lengthPx = Math.floor(length * scale + 1e-6);
  const gapPx = Math.max(0, Math.min(Math.round(gap * scale), Math.floor(lengthPx / count) - 1));
  const startPx = (i: number): number => Math.round((i * (lengthPx + gapPx)) / count);
  return Array.from({ length: count }, (_, i) => {
    return { from: startPx(i) / scale, to: (startPx(i + 1) - gapPx) / scale };
  });
}
