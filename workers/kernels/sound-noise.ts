/** Noise whose samples follow from their numbers, so that it is the same however it is cut into blocks. */

/** Four numbers that follow from four others: the finaliser of MurmurHash3 (public domain, A. Appleby). */
// @ts-ignore: decorator
@inline
function hashed(numbers: v128): v128 {
  let bits = v128.xor(numbers, i32x4.shr_u(numbers, 16));
  bits = i32x4.mul(bits, i32x4.splat(<i32>0x85ebca6b));
  bits = v128.xor(bits, i32x4.shr_u(bits, 13));
  bits = i32x4.mul(bits, i32x4.splat(<i32>0xc2b2ae35));
  return v128.xor(bits, i32x4.shr_u(bits, 16));
}

const FULL_SCALE: f64 = 2147483648;

/** White noise of full scale: `count` samples of each channel, of which the first has the number `first`; may write two more. */
export function whiteNoise(target: usize, count: i32, first: i32): void {
  const scale = f32x4.splat(<f32>(1 / FULL_SCALE));
  let numbers = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (let i = 0; i < count; i += 2) {
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(hashed(numbers)), scale));
    numbers = i32x4.add(numbers, i32x4.splat(4));
    target += 16;
  }
}

/**
 * The same made pink: three poles a channel, after P. Kellet's economy filter, within 0.5 dB from 9.2 Hz on. `poles`: three pairs of
 * f64, left and right, kept from call to call.
 */
export function pinkNoise(target: usize, count: i32, first: i32, poles: usize): void {
  const scale = f64x2.splat(1 / FULL_SCALE);
  let a = v128.load(poles);
  let b = v128.load(poles, 16);
  let c = v128.load(poles, 32);
  let numbers = i32x4.add(i32x4.splat(first), i32x4(0, 1, 0, 0));
  for (let i = 0; i < count; i++) {
    const white = f64x2.mul(f64x2.convert_low_i32x4_s(hashed(numbers)), scale);
    a = f64x2.add(f64x2.mul(f64x2.splat(0.99765), a), f64x2.mul(white, f64x2.splat(0.099046)));
    b = f64x2.add(f64x2.mul(f64x2.splat(0.963), b), f64x2.mul(white, f64x2.splat(0.2965164)));
    c = f64x2.add(f64x2.mul(f64x2.splat(0.57), c), f64x2.mul(white, f64x2.splat(1.0526913)));
    const sum = f64x2.add(f64x2.add(f64x2.add(a, b), c), f64x2.mul(white, f64x2.splat(0.1848)));
    // Brings the peaks of white noise of full scale to about full scale.
    const pink = f64x2.mul(sum, f64x2.splat(0.2));
    v128.store64_lane(target, f32x4.demote_f64x2_zero(pink), 0);
    numbers = i32x4.add(numbers, i32x4.splat(2));
    target += 8;
  }
  v128.store(poles, a);
  v128.store(poles, b, 16);
  v128.store(poles, c, 32);
}
