import { clamp01, loadPixels, packPlanes, plane, rounded, storePixels } from './planes';

/**
 * Blend modes of https://www.w3.org/TR/compositing-1/, four pixels at a time, one vector of f32 per channel. The
 * numbers of the modes are their places in BLEND_MODES of the scene schema.
 */
export const BLEND_NORMAL = 0;
const MULTIPLY = 1;
const SCREEN = 2;
const OVERLAY = 3;
const DARKEN = 4;
const LIGHTEN = 5;
const COLOR_DODGE = 6;
const COLOR_BURN = 7;
const HARD_LIGHT = 8;
const SOFT_LIGHT = 9;
const DIFFERENCE = 10;
const EXCLUSION = 11;
const HUE = 12;
const SATURATION = 13;
const COLOR = 14;
const LUMINOSITY = 15;
const ADD = 16;

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** A premultiplied channel by its alpha: full is exactly 1, and none where there is no alpha. */
// @ts-ignore: decorator
@inline
function straight(channel: v128, alpha: v128): v128 {
  return v128.and(f32x4.div(channel, alpha), f32x4.gt(alpha, splat(0)));
}

/** 2·b·s, or its mirror where s is light. */
// @ts-ignore: decorator
@inline
function hardLight(b: v128, s: v128): v128 {
  const twice = f32x4.add(s, s);
  const dark = f32x4.mul(b, twice);
  const part = f32x4.sub(twice, splat(1));
  const light = f32x4.sub(f32x4.add(b, part), f32x4.mul(b, part));
  return v128.bitselect(dark, light, f32x4.le(s, splat(0.5)));
}

// @ts-ignore: decorator
@inline
function softLight(b: v128, s: v128): v128 {
  const part = f32x4.sub(f32x4.add(s, s), splat(1));
  const dark = f32x4.mul(f32x4.mul(part, b), f32x4.sub(splat(1), b));
  const cubic = f32x4.mul(
    f32x4.add(f32x4.mul(f32x4.sub(f32x4.mul(b, splat(16)), splat(12)), b), splat(4)),
    b,
  );
  const d = v128.bitselect(cubic, f32x4.sqrt(b), f32x4.le(b, splat(0.25)));
  const light = f32x4.mul(part, f32x4.sub(d, b));
  return f32x4.add(b, v128.bitselect(dark, light, f32x4.le(s, splat(0.5))));
}

/** One channel of the separable modes: b is below, s is the layer's own colour, both 0..1. */
// @ts-ignore: decorator
@inline
function separable(mode: i32, b: v128, s: v128): v128 {
  switch (mode) {
    case MULTIPLY:
      return f32x4.mul(b, s);
    case SCREEN:
      return f32x4.sub(f32x4.add(b, s), f32x4.mul(b, s));
    case OVERLAY:
      return hardLight(s, b);
    case DARKEN:
      return f32x4.pmin(b, s);
    case LIGHTEN:
      return f32x4.pmax(b, s);
    case COLOR_DODGE: {
      const quotient = f32x4.pmin(splat(1), f32x4.div(b, f32x4.sub(splat(1), s)));
      return v128.and(quotient, f32x4.gt(b, splat(0)));
    }
    case COLOR_BURN: {
      const quotient = f32x4.pmin(splat(1), f32x4.div(f32x4.sub(splat(1), b), s));
      return v128.bitselect(b, f32x4.sub(splat(1), quotient), f32x4.ge(b, splat(1)));
    }
    case HARD_LIGHT:
      return hardLight(b, s);
    case SOFT_LIGHT:
      return softLight(b, s);
    case DIFFERENCE:
      return f32x4.abs(f32x4.sub(b, s));
    case EXCLUSION: {
      const product = f32x4.mul(b, s);
      return f32x4.sub(f32x4.add(b, s), f32x4.add(product, product));
    }
    default:
      return s;
  }
}

// @ts-ignore: decorator
@inline
function luminosity(r: v128, g: v128, b: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(splat(0.3), r), f32x4.mul(splat(0.59), g)),
    f32x4.mul(splat(0.11), b),
  );
}

// @ts-ignore: decorator
@inline
function lowest(r: v128, g: v128, b: v128): v128 {
  return f32x4.pmin(r, f32x4.pmin(g, b));
}

// @ts-ignore: decorator
@inline
function highest(r: v128, g: v128, b: v128): v128 {
  return f32x4.pmax(r, f32x4.pmax(g, b));
}

/** One channel brought back into 0..1 without changing the luminosity l: see `clipping`. */
// @ts-ignore: decorator
@inline
function clipped(c: v128, l: v128, byLow: v128, byHigh: v128): v128 {
  return f32x4.add(l, f32x4.mul(f32x4.mul(f32x4.sub(c, l), byLow), byHigh));
}

/** `share` of the way from the luminosity where `isOut`, else all of it. */
// @ts-ignore: decorator
@inline
function clipping(isOut: v128, share: v128, whole: v128): v128 {
  return v128.bitselect(f32x4.div(share, whole), splat(1), isOut);
}

/** A premultiplied channel, 0..255, of what is below (d of alpha `under`), the layer's own (s of `alpha`), and both blended. */
// @ts-ignore: decorator
@inline
function composed(d: v128, s: v128, mixed: v128, under: v128, alpha: v128): v128 {
  const one = splat(1);
  const own = f32x4.add(f32x4.mul(s, f32x4.sub(one, under)), f32x4.mul(mixed, under));
  const below = f32x4.mul(d, f32x4.sub(one, alpha));
  return rounded(f32x4.add(below, f32x4.mul(f32x4.mul(alpha, own), splat(255))));
}

/**
 * Blends `count` pixels at `src` onto those at `dst`, opacity 0..256. What is below may be of any alpha:
 * https://www.w3.org/TR/compositing-1/#generalformula
 */
export function blendRow(dst: usize, src: usize, count: i32, opacity: i32, mode: i32): void {
  const fraction = splat(<f32>opacity / 256);
  const inverse = splat(1.0 / 255.0);
  for (let i = 0; i < count; i += 4) {
    const from = loadPixels(src + (<usize>i << 2), count - i);
    if (!v128.any_true(from)) continue;
    const at = dst + (<usize>i << 2);
    const to = loadPixels(at, count - i);
    const own = plane(from, 24);
    const under255 = plane(to, 24);
    const sr255 = plane(from, 0);
    const sg255 = plane(from, 8);
    const sb255 = plane(from, 16);
    const dr = plane(to, 0);
    const dg = plane(to, 8);
    const db = plane(to, 16);
    if (mode == ADD) {
      // More than all is cut off by the packing.
      const r = rounded(f32x4.add(dr, f32x4.mul(sr255, fraction)));
      const g = rounded(f32x4.add(dg, f32x4.mul(sg255, fraction)));
      const b = rounded(f32x4.add(db, f32x4.mul(sb255, fraction)));
      const a = rounded(f32x4.add(under255, f32x4.mul(own, fraction)));
      storePixels(at, packPlanes(r, g, b, a), count - i);
      continue;
    }
    const sr = straight(sr255, own);
    const sg = straight(sg255, own);
    const sb = straight(sb255, own);
    const br = straight(dr, under255);
    const bg = straight(dg, under255);
    const bb = straight(db, under255);
    let r: v128;
    let g: v128;
    let b: v128;
    if (mode < HUE) {
      r = separable(mode, br, sr);
      g = separable(mode, bg, sg);
      b = separable(mode, bb, sb);
    } else {
      // The colour whose hue is taken, the saturation it is given, and the luminosity it is given.
      const fromLayer = mode == HUE || mode == COLOR;
      r = fromLayer ? sr : br;
      g = fromLayer ? sg : bg;
      b = fromLayer ? sb : bb;
      if (mode == HUE || mode == SATURATION) {
        const wanted =
          mode == HUE
            ? f32x4.sub(highest(br, bg, bb), lowest(br, bg, bb))
            : f32x4.sub(highest(sr, sg, sb), lowest(sr, sg, sb));
        const low = lowest(r, g, b);
        const range = f32x4.sub(highest(r, g, b), low);
        const gain = v128.and(f32x4.div(wanted, range), f32x4.gt(range, splat(0)));
        r = f32x4.mul(f32x4.sub(r, low), gain);
        g = f32x4.mul(f32x4.sub(g, low), gain);
        b = f32x4.mul(f32x4.sub(b, low), gain);
      }
      const l = mode == LUMINOSITY ? luminosity(sr, sg, sb) : luminosity(br, bg, bb);
      const shift = f32x4.sub(l, luminosity(r, g, b));
      r = f32x4.add(r, shift);
      g = f32x4.add(g, shift);
      b = f32x4.add(b, shift);
      const low = lowest(r, g, b);
      const high = highest(r, g, b);
      const byLow = clipping(f32x4.lt(low, splat(0)), l, f32x4.sub(l, low));
      const byHigh = clipping(
        f32x4.gt(high, splat(1)),
        f32x4.sub(splat(1), l),
        f32x4.sub(high, l),
      );
      r = clamp01(clipped(r, l, byLow, byHigh));
      g = clamp01(clipped(g, l, byLow, byHigh));
      b = clamp01(clipped(b, l, byLow, byHigh));
    }
    const alpha = f32x4.mul(f32x4.mul(own, fraction), inverse);
    const under = f32x4.mul(under255, inverse);
    const rest = f32x4.mul(under255, f32x4.sub(splat(1), alpha));
    storePixels(
      at,
      packPlanes(
        composed(dr, sr, r, under, alpha),
        composed(dg, sg, g, under, alpha),
        composed(db, sb, b, under, alpha),
        rounded(f32x4.add(rest, f32x4.mul(alpha, splat(255)))),
      ),
      count - i,
    );
  }
}
