/**
 * Mixes and measures sound, in a memory of its own: this module belongs to the mixer thread, which lays the memory out. Samples
 * are f32; those of both channels are interleaved unless said otherwise. `count` counts samples of each channel.
 */

export { filter } from './sound-filter';
export { pinkNoise, whiteNoise } from './sound-noise';
export { compress, gate, reductionsOf } from './sound-dynamics';

/** Replaces what is not a finite number by silence. */
export function clean(samples: usize, count: i32): void {
  const end = samples + ((<usize>count) << 3);
  while (samples + 16 <= end) {
    const value = v128.load(samples);
    // Infinite values and those that are no numbers differ from themselves.
    const isFinite = f32x4.eq(f32x4.sub(value, value), f32x4.splat(0));
    v128.store(samples, v128.and(value, isFinite));
    samples += 16;
  }
  while (samples < end) {
    const value = load<f32>(samples);
    if (value - value != 0) store<f32>(samples, 0);
    samples += 4;
  }
}

/** target += samples */
export function add(target: usize, samples: usize, count: i32): void {
  const end = samples + ((<usize>count) << 3);
  while (samples + 16 <= end) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(samples)));
    target += 16;
    samples += 16;
  }
  while (samples < end) {
    store<f32>(target, load<f32>(target) + load<f32>(samples));
    target += 4;
    samples += 4;
  }
}

/** samples *= factors, one for both channels */
export function scale(samples: usize, factors: usize, count: i32): void {
  const end = factors + ((<usize>count) << 2);
  while (factors + 8 <= end) {
    const two = v128.load64_zero(factors);
    const both = v128.shuffle<f32>(two, two, 0, 0, 1, 1);
    v128.store(samples, f32x4.mul(v128.load(samples), both));
    samples += 16;
    factors += 8;
  }
  if (factors < end) {
    const factor = load<f32>(factors);
    store<f32>(samples, load<f32>(samples) * factor);
    store<f32>(samples, load<f32>(samples, 4) * factor, 4);
  }
}

/**
 * Adds to the four f64 at `meter` the squares of left and right, and leaves the larger of their peaks and those there:
 * Σl² Σr² max|l| max|r|.
 */
export function measure(samples: usize, count: i32, meter: usize): void {
  const end = samples + ((<usize>count) << 3);
  let squares = f32x4.splat(0);
  let peaks = f32x4.splat(0);
  while (samples + 16 <= end) {
    const value = v128.load(samples);
    squares = f32x4.add(squares, f32x4.mul(value, value));
    peaks = f32x4.max(peaks, f32x4.abs(value));
    samples += 16;
  }
  let left: f64 = f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 2);
  let right: f64 = f32x4.extract_lane(squares, 1) + f32x4.extract_lane(squares, 3);
  let leftPeak: f64 = max(f32x4.extract_lane(peaks, 0), f32x4.extract_lane(peaks, 2));
  let rightPeak: f64 = max(f32x4.extract_lane(peaks, 1), f32x4.extract_lane(peaks, 3));
  if (samples < end) {
    const l: f64 = load<f32>(samples);
    const r: f64 = load<f32>(samples, 4);
    left += l * l;
    right += r * r;
    leftPeak = max(leftPeak, abs(l));
    rightPeak = max(rightPeak, abs(r));
  }
  store<f64>(meter, load<f64>(meter) + left);
  store<f64>(meter, load<f64>(meter, 8) + right, 8);
  store<f64>(meter, max(load<f64>(meter, 16), leftPeak), 16);
  store<f64>(meter, max(load<f64>(meter, 24), rightPeak), 24);
}

/** samples *= levels, and left and right by those of their side */
export function strip(
  samples: usize,
  count: i32,
  levels: usize,
  left: usize,
  right: usize,
): void {
  const end = levels + ((<usize>count) << 2);
  while (levels + 8 <= end) {
    const two = v128.load64_zero(levels);
    const level = v128.shuffle<f32>(two, two, 0, 0, 1, 1);
    const side = v128.shuffle<f32>(v128.load64_zero(left), v128.load64_zero(right), 0, 4, 1, 5);
    v128.store(samples, f32x4.mul(v128.load(samples), f32x4.mul(level, side)));
    samples += 16;
    levels += 8;
    left += 8;
    right += 8;
  }
  if (levels < end) {
    const level = load<f32>(levels);
    store<f32>(samples, load<f32>(samples) * (level * load<f32>(left)));
    store<f32>(samples, load<f32>(samples, 4) * (level * load<f32>(right)), 4);
  }
}

/** The same with levels that stay: `factors` has two f32, of left and right. */
export function stripResting(samples: usize, count: i32, factors: usize): void {
  const pair = v128.load64_splat(factors);
  const end = samples + ((<usize>count) << 3);
  while (samples + 16 <= end) {
    v128.store(samples, f32x4.mul(v128.load(samples), pair));
    samples += 16;
  }
  if (samples < end) {
    store<f32>(samples, load<f32>(samples) * load<f32>(factors));
    store<f32>(samples, load<f32>(samples, 4) * load<f32>(factors, 4), 4);
  }
}

/** One channel of interleaved samples, `channel` 0 or 1, in one piece at `target`. */
export function pick(samples: usize, count: i32, channel: i32, target: usize): void {
  samples += (<usize>channel) << 2;
  for (let i = 0; i < count; i++) {
    store<f32>(target, load<f32>(samples));
    samples += 8;
    target += 4;
  }
}

/**
 * The true peak around each of `count` samples of one channel: the larger of it and of what is at `peaks` is left there.
 * The window of a sample are the `taps` samples from its place at `samples` on; `middle` is the one that counts by itself.
 * `filters` has three rows of `taps` f32. There must be room to read three samples beyond the last window. Answers the largest.
 */
export function truePeaks(
  samples: usize,
  count: i32,
  filters: usize,
  taps: i32,
  middle: i32,
  peaks: usize,
): f32 {
  const row = (<usize>taps) << 2;
  let largest = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let at = samples;
    let filter = filters;
    for (let tap = 0; tap < taps; tap++) {
      const value = v128.load(at);
      a = f32x4.add(a, f32x4.mul(value, v128.load32_splat(filter)));
      b = f32x4.add(b, f32x4.mul(value, v128.load32_splat(filter + row)));
      c = f32x4.add(c, f32x4.mul(value, v128.load32_splat(filter + 2 * row)));
      at += 4;
      filter += 4;
    }
    let peak = f32x4.abs(v128.load(samples + ((<usize>middle) << 2)));
    peak = f32x4.max(peak, f32x4.abs(a));
    peak = f32x4.max(peak, f32x4.max(f32x4.abs(b), f32x4.abs(c)));
    peak = f32x4.max(peak, v128.load(peaks));
    v128.store(peaks, peak);
    if (i + 4 <= count) largest = f32x4.max(largest, peak);
    else
      for (let rest = i; rest < count; rest++)
        largest = f32x4.max(largest, v128.load32_splat(peaks + ((<usize>(rest - i)) << 2)));
    samples += 16;
    peaks += 16;
  }
  return max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
}

/**
 * The sum of the squares of both channels after two filters of second order (transposed direct form II).
 * `coefficients`: b0 b1 b2 a1 a2 of each as f64; `state`: four pairs of f64, kept from call to call.
 */
export function weigh(samples: usize, count: i32, coefficients: usize, state: usize): f64 {
  const b0 = v128.load64_splat(coefficients);
  const b1 = v128.load64_splat(coefficients + 8);
  const b2 = v128.load64_splat(coefficients + 16);
  const a1 = v128.load64_splat(coefficients + 24);
  const a2 = v128.load64_splat(coefficients + 32);
  const d0 = v128.load64_splat(coefficients + 40);
  const d1 = v128.load64_splat(coefficients + 48);
  const d2 = v128.load64_splat(coefficients + 56);
  const c1 = v128.load64_splat(coefficients + 64);
  const c2 = v128.load64_splat(coefficients + 72);
  let s1 = v128.load(state);
  let s2 = v128.load(state, 16);
  let t1 = v128.load(state, 32);
  let t2 = v128.load(state, 48);
  let sum = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(samples));
    const y = f64x2.add(f64x2.mul(b0, x), s1);
    s1 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), s2);
    s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
    const z = f64x2.add(f64x2.mul(d0, y), t1);
    t1 = f64x2.add(f64x2.sub(f64x2.mul(d1, y), f64x2.mul(c1, z)), t2);
    t2 = f64x2.sub(f64x2.mul(d2, y), f64x2.mul(c2, z));
    sum = f64x2.add(sum, f64x2.mul(z, z));
    samples += 8;
  }
  v128.store(state, s1);
  v128.store(state, s2, 16);
  v128.store(state, t1, 32);
  v128.store(state, t2, 48);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
