/** How far browsers slant what has no italic face, as a part of the height. */
export const SLANT = 0.25;

/** How much bolder Skia, and with it browsers, draw a face that is not bold, in em at these sizes. */
const BOLD_SIZES = { small: 9, large: 36 };
const BOLD_EM = { small: 1 / 24, large: 1 / 32 };

/** From here on letters are made bolder by the same part of their size, pixels. */
export const LARGE_PX = BOLD_SIZES.large;

/** The width of the line that is drawn around what has no bold face, in em. @param sizePx of the text */
export function boldnessEm(sizePx: number): number {
  const { small, large } = BOLD_SIZES;
  const share = Math.min(1, Math.max(0, (sizePx - small) / (large - small)));
  return BOLD_EM.small + (BOLD_EM.large - BOLD_EM.small) * share;
}
