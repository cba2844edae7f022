import { fade, over } from './pixels';

/**
 * Puts a row on what is below it. The numbers of the modes are their places in BLEND_MODES of the scene schema.
 * What is below is opaque in the lowest buffer, which begins with the background, and of any alpha inside of groups.
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

/** `src` over `dst`, `count` pixels, opacity 0..256. */
export function overRow(dst: usize, src: usize, count: i32, opacity: i32): void {
  let i = 0;
  if (opacity == 256) {
    const alpha = i32x4.splat(0xff000000);
    for (; i + 4 <= count; i += 4) {
      const color = v128.load(src + (<usize>i << 2));
      const at = dst + (<usize>i << 2);
      // Most of a picture is either opaque or not there at all.
      if (i32x4.all_true(i32x4.ge_u(color, alpha))) v128.store(at, color);
      else if (v128.any_true(color)) v128.store(at, over(color, v128.load(at)));
    }
  } else {
    const weight = i16x8.splat(<i16>opacity);
    for (; i + 4 <= count; i += 4) {
      const color = v128.load(src + (<usize>i << 2));
      if (!v128.any_true(color)) continue;
      const at = dst + (<usize>i << 2);
      v128.store(at, over(fade(color, weight), v128.load(at)));
    }
  }
  for (; i < count; i++) {
    const at = dst + (<usize>i << 2);
    const color = fade(v128.load32_splat(src + (<usize>i << 2)), i16x8.splat(<i16>opacity));
    v128.store32_lane(at, over(color, v128.load32_splat(at)), 0);
  }
}

/** The colour itself at `ptr` plus `channel`, 0..1. */
// @ts-ignore: decorator
@inline
function channelOf(ptr: usize, channel: i32): f32 {
  return <f32>load<u8>(ptr + channel) / 255;
}

/** One channel of the separable modes: b is below, s is the layer's own colour, both 0..1. */
function separable(mode: i32, b: f32, s: f32): f32 {
  switch (mode) {
    case MULTIPLY:
      return b * s;
    case SCREEN:
      return b + s - b * s;
    case OVERLAY:
      return hardLight(s, b);
    case DARKEN:
      return min(b, s);
    case LIGHTEN:
      return max(b, s);
    case COLOR_DODGE:
      return b == 0 ? 0 : s >= 1 ? 1 : min<f32>(1, b / (1 - s));
    case COLOR_BURN:
      return b >= 1 ? 1 : s <= 0 ? 0 : 1 - min<f32>(1, (1 - b) / s);
    case HARD_LIGHT:
      return hardLight(b, s);
    case SOFT_LIGHT: {
      if (s <= 0.5) return b - (1 - 2 * s) * b * (1 - b);
      const d: f32 = b <= 0.25 ? ((b * 16 - 12) * b + 4) * b : sqrt<f32>(b);
      return b + (2 * s - 1) * (d - b);
    }
    case DIFFERENCE:
      return abs(b - s);
    case EXCLUSION:
      return b + s - 2 * b * s;
    default:
      return s;
  }
}

// @ts-ignore: decorator
@inline
function hardLight(b: f32, s: f32): f32 {
  return s <= 0.5 ? 2 * b * s : b + (2 * s - 1) - b * (2 * s - 1);
}

// @ts-ignore: decorator
@inline
function luminosity(r: f32, g: f32, b: f32): f32 {
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

// @ts-ignore: decorator
@inline
function spread(r: f32, g: f32, b: f32): f32 {
  return max(r, max(g, b)) - min(r, min(g, b));
}

/** One channel brought back into 0..1 without changing the colour's luminosity l; low and high are its extremes. */
// @ts-ignore: decorator
@inline
function clipped(c: f32, l: f32, low: f32, high: f32): f32 {
  let out = c;
  if (low < 0) out = l + ((out - l) * l) / (l - low);
  if (high > 1) out = l + ((out - l) * (1 - l)) / (high - l);
  return out;
}

// @ts-ignore: decorator
@inline
function toByte(value: f32): u8 {
  return <u8>nearest<f32>(max<f32>(0, min<f32>(1, value)) * 255);
}

/**
 * The other modes of https://www.w3.org/TR/compositing-1/, a pixel at a time: they are rare, and exact in f32 on
 * every machine. What is below may be of any alpha: https://www.w3.org/TR/compositing-1/#generalformula
 */
export function blendRow(dst: usize, src: usize, count: i32, opacity: i32, mode: i32): void {
  const fraction = <f32>opacity / 256;
  for (let i = 0; i < count; i++) {
    const from = src + (<usize>i << 2);
    const at = dst + (<usize>i << 2);
    const own = channelOf(from, 3);
    if (own == 0) continue;
    const alpha = own * fraction;
    const sr = channelOf(from, 0) / own;
    const sg = channelOf(from, 1) / own;
    const sb = channelOf(from, 2) / own;
    const below = channelOf(at, 3);
    if (mode == ADD) {
      store<u8>(at, toByte(channelOf(at, 0) + sr * alpha), 0);
      store<u8>(at, toByte(channelOf(at, 1) + sg * alpha), 1);
      store<u8>(at, toByte(channelOf(at, 2) + sb * alpha), 2);
      store<u8>(at, toByte(below + alpha), 3);
      continue;
    }
    // Where there is nothing below, its colour is of no weight.
    const by: f32 = below > 0 ? <f32>1 / below : 0;
    const br = channelOf(at, 0) * by;
    const bg = channelOf(at, 1) * by;
    const bb = channelOf(at, 2) * by;
    let r: f32 = 0;
    let g: f32 = 0;
    let b: f32 = 0;
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
        const wanted = mode == HUE ? spread(br, bg, bb) : spread(sr, sg, sb);
        const low = min(r, min(g, b));
        const range = spread(r, g, b);
        const gain = range > 0 ? wanted / range : <f32>0;
        r = (r - low) * gain;
        g = (g - low) * gain;
        b = (b - low) * gain;
      }
      const l = mode == LUMINOSITY ? luminosity(sr, sg, sb) : luminosity(br, bg, bb);
      const shift = l - luminosity(r, g, b);
      r += shift;
      g += shift;
      b += shift;
      const low = min(r, min(g, b));
      const high = max(r, max(g, b));
      r = clipped(r, l, low, high);
      g = clipped(g, l, low, high);
      b = clipped(b, l, low, high);
    }
    store<u8>(at, toByte(composed(br, sr, r, below, alpha)), 0);
    store<u8>(at, toByte(composed(bg, sg, g, below, alpha)), 1);
    store<u8>(at, toByte(composed(bb, sb, b, below, alpha)), 2);
    store<u8>(at, toByte(below + alpha - below * alpha), 3);
  }
}

/**
 * A premultiplied channel from what is below, b of alpha `below`, the layer's own, s of alpha `alpha`, and the two
 * blended, `mixed`.
 */
// @ts-ignore: decorator
@inline
function composed(b: f32, s: f32, mixed: f32, below: f32, alpha: f32): f32 {
  return b * below * (1 - alpha) + alpha * (s * (1 - below) + mixed * below);
}
