import { RAMP_ANGLE, RAMP_LINEAR } from '../../src/memory/records';
import { modulate, spreadBytes } from './mask';
import { clamp01, loadPixels, rounded, storePixels } from './planes';

/** Radians. */
const TURN: f32 = 6.283185307179586;

/**
 * atan(z) / 2π for z in 0..1, to 2e-6 of a turn: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.49.
 */
// @ts-ignore: decorator
@inline
function arcTurns(z: v128): v128 {
  const square = f32x4.mul(z, z);
  let sum = f32x4.splat(0.0208351 / TURN);
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(-0.085133 / TURN));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(0.180141 / TURN));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(-0.3302995 / TURN));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(0.999866 / TURN));
  return f32x4.mul(sum, z);
}

/** Angles of four places clockwise from straight up, in turns, 0..1; y grows downwards. */
// @ts-ignore: decorator
@inline
function turnsOf(dx: v128, dy: v128): v128 {
  const across = f32x4.abs(dx);
  const along = f32x4.abs(dy);
  // The centre itself has no angle: 0 / 1 instead of 0 / 0.
  const longer = f32x4.pmax(f32x4.splat(1e-6), f32x4.pmax(across, along));
  const octant = arcTurns(f32x4.div(f32x4.pmin(across, along), longer));
  const quarter = f32x4.splat(0.25);
  const half = f32x4.splat(0.5);
  // From the vertical, 0..1/4.
  const upright = v128.bitselect(f32x4.sub(quarter, octant), octant, f32x4.gt(across, along));
  const right = v128.bitselect(f32x4.sub(half, upright), upright, f32x4.gt(dy, f32x4.splat(0)));
  return v128.bitselect(f32x4.sub(f32x4.splat(1), right), right, f32x4.lt(dx, f32x4.splat(0)));
}

/**
 * Multiplies `count` pixels at `dst` from program pixel (x, y) by a ramp; `params` are those of KIND_RAMP. Distances
 * are computed from the program pixel alone.
 */
export function rampRow(dst: usize, count: i32, x: i32, y: i32, variant: i32, params: usize): void {
  const gain = f32x4.splat(load<f32>(params));
  const bias = f32x4.splat(load<f32>(params, 4));
  const p = load<f32>(params, 8);
  const q = load<f32>(params, 12);
  const row = <f32>y + 0.5;
  if (variant == RAMP_LINEAR) {
    applyRamp(dst, count, x, variant, gain, bias, f32x4.splat(0), f32x4.splat(p), f32x4.splat(row * q));
  } else if (variant == RAMP_ANGLE) {
    applyRamp(dst, count, x, variant, gain, bias, f32x4.splat(p), f32x4.splat(1), f32x4.splat(row - q));
  } else {
    const tall = (row - q) / load<f32>(params, 20);
    const wide = f32x4.splat(1 / load<f32>(params, 16));
    applyRamp(dst, count, x, variant, gain, bias, f32x4.splat(p), wide, f32x4.splat(tall * tall));
  }
}

/** The same with the row's part of the distance, `along`, and that of a column as (x − from) · step: see applyMatrix. */
function applyRamp(
  dst: usize,
  count: i32,
  x: i32,
  variant: i32,
  gain: v128,
  bias: v128,
  from: v128,
  step: v128,
  along: v128,
): void {
  const full = f32x4.splat(255);
  const ones = i32x4.splat(-1);
  const half = f32x4.splat(0.5);
  for (let i = 0; i < count; i += 4) {
    const at = dst + (<usize>i << 2);
    const pixels = loadPixels(at, count - i);
    if (!v128.any_true(pixels)) continue;
    const columns = f32x4.convert_i32x4_s(i32x4.add(i32x4.splat(x + i), i32x4(0, 1, 2, 3)));
    const across = f32x4.mul(f32x4.sub(f32x4.add(columns, half), from), step);
    let d: v128;
    if (variant == RAMP_LINEAR) d = f32x4.add(across, along);
    else if (variant == RAMP_ANGLE) d = turnsOf(across, along);
    else d = f32x4.sqrt(f32x4.add(f32x4.mul(across, across), along));
    const m = spreadBytes(rounded(f32x4.mul(clamp01(f32x4.add(f32x4.mul(d, gain), bias)), full)));
    if (i32x4.all_true(i32x4.eq(m, ones))) continue;
    storePixels(at, modulate(pixels, m), count - i);
  }
}
