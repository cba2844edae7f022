/** Width and height in pixels. */
export type Size = { readonly width: number; readonly height: number };

/** Where a layer stands in its group, in pixels from the group's top left corner. */
export type Box = Size & { readonly x: number; readonly y: number };

/**
 * The width at which something is measured: pixels; or as wide as it likes, without wrapping (`max-content`); or as
 * narrow as it can be, wrapping wherever it may (`min-content`). Terms of https://www.w3.org/TR/css-sizing-3/.
 */
export type WidthQuery = number | 'min-content' | 'max-content';

/** The size that a layout is made for, padding counted. */
export type GroupSize = {
  /** Pixels, or as its layers need it. */
  readonly width: WidthQuery;
  /** Pixels, or null: as its layers need it. */
  readonly height: number | null;
  /**
   * Whether percentages of the height have something to count from. They have not when the height is only what the
   * layers themselves have come to: in CSS they are then as if not given. Of no meaning without a height.
   */
  readonly isHeightDefinite: boolean;
};

/** What a layout decides for a layer. */
export type LayoutBox = Box & {
  /** Whether percentages in a group count from this height, see `GroupSize`. */
  readonly isHeightDefinite: boolean;
};

/** Pixels at the four sides. */
export type Edges = {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
};

/**
 * Layouts reckon in 64ths of a pixel, as browsers do: sums of them are exact in the 32-bit numbers of the flex engine,
 * so that items which fill a line exactly are never one rounding error too wide for it.
 */
const UNITS_PER_PX = 64;
/** What a sum of doubles may be off by, in units: a size that is whole stays so. */
const TOLERANCE = 1e-6;

/** The largest multiple of 1/64 px that is not above `px`. */
export function floorUnit(px: number): number {
  return Math.floor(px * UNITS_PER_PX + TOLERANCE) / UNITS_PER_PX;
}

/** The smallest multiple of 1/64 px that is not below `px`: what is measured must fit, a text must not wrap for a rounding. */
export function ceilUnit(px: number): number {
  return Math.ceil(px * UNITS_PER_PX - TOLERANCE) / UNITS_PER_PX;
}

/** Pixels between two bounds; where they contradict each other the lower one counts, as in CSS. */
export function clamp(px: number, minPx: number, maxPx: number): number {
  return Math.max(minPx, Math.min(px, maxPx));
}

/** The four sides of a padding or margin that may be given as one number for all. */
export function toEdges(value: number | Edges): Edges {
  if (typeof value !== 'number') return value;
  return { top: value, right: value, bottom: value, left: value };
}
