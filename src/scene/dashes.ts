/** Dashes and gaps that are shorter together would take long to draw, and look like a line of another colour. */
export const MIN_DASH_PX = 1;

/** How long the dashes and gaps of a line are together. */
export function dashLengthPx(dash: readonly number[]): number {
  return dash.reduce((sum, length) => sum + length, 0);
}
