import { LEVEL_LEAST_HUNDREDTHS } from '../../src/memory/records';

/**
 * How a bitmap is sampled where it is shown smaller than it is. Ratios are bitmap pixels for a program pixel, along
 * the program's rows and columns. Up to FREE_RATIO one place is sampled, as where it is enlarged. Beyond, several
 * places within the program pixel are averaged, and beyond that, a level is sampled instead of the bitmap. Shortly
 * before a coarser level takes over it is mixed in, so that nothing is seen of it in a zoom.
 */

/** Up to here a single bilinear sample is as good; from here to FULL_RATIO the places move apart. */
export const FREE_RATIO: f64 = 1.15;
const FULL_RATIO: f64 = 1.3;

/** Of a level at most twice that many of its pixels are taken for a program pixel. */
const LEAST_RATIO: f64 = <f64>LEVEL_LEAST_HUNDREDTHS / 100;
/**
 * The same where rows and columns cannot be averaged apart, since the bitmap is turned: there each place costs as much as a
 * whole picture that is not reduced. Up to WIDE_RATIO that is as good as in Chromium; what is shown smaller has few pixels.
 */
const LEAST_TURNED_RATIO: f64 = 1;
const WIDE_RATIO: f64 = 12;
/** From this share of what is taken at most on the next level is mixed in: a fifth of an octave before it takes over. */
const MIX_SHARE: f64 = 0.87;

/** From here on three places and more are averaged, each for so many pixels. */
const THREE_RATIO: f64 = 2;
const PLACE_RATIO: f64 = 1.2;
const MAX_PLACES: i32 = 8;
/** A bitmap that is reduced more in one direction than MAX_PLACES can average is taken from a coarser level. */
const MAX_RATIO: f64 = 9.6;

/** Set by `reduce`: the level (0 is the bitmap itself), and how much of the next one is mixed in, 0 to 256. */
export let level: i32 = 0;
export let nextLevel: i32 = 0;

/**
 * Decides for a pair of ratios. `levelCount` is the number of levels that there are, `isUpright` whether rows and columns
 * are averaged apart. Answers whether more than one bilinear sample of the bitmap is to be taken.
 */
export function reduce(ratioX: f64, ratioY: f64, levelCount: i32, isUpright: bool): bool {
  level = 0;
  nextLevel = 0;
  const most = max(ratioX, ratioY);
  if (most <= FREE_RATIO) return false;
  const limit = 2 * (isUpright || most > WIDE_RATIO ? LEAST_RATIO : LEAST_TURNED_RATIO);
  let ratio = max(min(ratioX, ratioY), most * (limit / MAX_RATIO));
  while (ratio >= limit && level < levelCount) {
    ratio *= 0.5;
    level++;
  }
  const mixed = limit * MIX_SHARE;
  if (ratio > mixed && level < levelCount) {
    nextLevel = min(256, <i32>((ratio - mixed) * (256 / (limit - mixed))));
  }
  return true;
}

/** How many places are averaged in one direction for a ratio at a level. */
export function placesOf(ratio: f64, depth: i32): i32 {
  const own = ratio / <f64>(1 << depth);
  if (own <= FREE_RATIO) return 1;
  if (own < THREE_RATIO) return 2;
  return min(MAX_PLACES, max(3, <i32>ceil(own / PLACE_RATIO)));
}

/** How far the first and the last place are from the centre of the program pixel, in program pixels. */
export function spreadOf(ratio: f64, depth: i32, places: i32): f64 {
  if (places == 1) return 0;
  if (places > 2) return <f64>(places - 1) / <f64>(2 * places);
  const own = ratio / <f64>(1 << depth);
  return ((own - 1) / (2 * own)) * min(1, (own - FREE_RATIO) / (FULL_RATIO - FREE_RATIO));
}

/** How many levels a bitmap of this size has. */
export function levelCountOf(width: i32, height: i32): i32 {
  return 32 - clz(max(width, height) - 1);
}

/** Where the i-th of several places is, from the centre of the program pixel, 16.16. */
// @ts-ignore: decorator
@inline
export function offsetOf(i: i32, places: i32, spread: i64): i64 {
  return places == 1 ? 0 : (spread * <i64>(2 * i - places + 1)) / <i64>(places - 1);
}
