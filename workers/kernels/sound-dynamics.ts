/** Gate and compressor over interleaved stereo samples, in place; both channels get the gain that the louder one asks for. */

/**
 * Opens in a straight line of amplitude, and closes in one of dB. `state` is 8 f64: the gain, for how many samples it is held
 * open, the threshold, the gain when closed; per sample: what is added while it opens, the factor while it closes; for how many
 * samples it is held, and what is added while the gain when closed rises. Answers the lowest gain.
 */
export function gate(samples: usize, count: i32, state: usize): f64 {
  let gain = load<f64>(state);
  let held = load<f64>(state, 8);
  const threshold = load<f64>(state, 16);
  const floor = load<f64>(state, 24);
  const opening = load<f64>(state, 32);
  const closing = load<f64>(state, 40);
  const hold = load<f64>(state, 48);
  const rising = load<f64>(state, 56);
  let lowest = gain;
  for (let i = 0; i < count; i++) {
    const left = load<f32>(samples);
    const right = load<f32>(samples, 4);
    const isLoud = <f64>abs(left) >= threshold || <f64>abs(right) >= threshold;
    // The sample itself counts, and then as many as are held.
    if (isLoud) held = hold + 1;
    if (held > 0) {
      held -= 1;
      gain = min(1.0, gain + opening);
    } else if (gain > floor) {
      gain = max(floor, gain * closing);
    } else if (gain < floor) {
      gain = min(floor, gain + rising);
    }
    lowest = min(lowest, gain);
    store<f32>(samples, <f32>(<f64>left * gain));
    store<f32>(samples, <f32>(<f64>right * gain), 4);
    samples += 8;
  }
  store<f64>(state, gain);
  store<f64>(state, held, 8);
  return lowest;
}

/** log2 of four positive numbers, within 1e-7: the exponent, and the series of the inverse hyperbolic tangent for the rest. */
// @ts-ignore: decorator
@inline
function log2Of(values: v128): v128 {
  const half = f32x4.splat(Mathf.SQRT1_2);
  // Mantissas from √½ to √2, around which the series is short.
  const bits = i32x4.sub(values, half);
  const exponents = i32x4.shr_s(bits, 23);
  const mantissas = i32x4.sub(values, i32x4.shl(exponents, 23));
  const one = f32x4.splat(1);
  const t = f32x4.div(f32x4.sub(mantissas, one), f32x4.add(mantissas, one));
  const t2 = f32x4.mul(t, t);
  let sum = f32x4.splat(1.0 / 7);
  sum = f32x4.add(f32x4.mul(sum, t2), f32x4.splat(1.0 / 5));
  sum = f32x4.add(f32x4.mul(sum, t2), f32x4.splat(1.0 / 3));
  sum = f32x4.add(f32x4.mul(sum, t2), one);
  const rest = f32x4.mul(f32x4.mul(sum, t), f32x4.splat(2 / <f32>0.6931471805599453));
  return f32x4.add(f32x4.convert_i32x4_s(exponents), rest);
}

/** 2 to the power of four numbers from -126 to 127, within 2e-7 of each; of 0 it is 1. */
// @ts-ignore: decorator
@inline
function exp2Of(values: v128): v128 {
  const whole = f32x4.nearest(values);
  const x = f32x4.mul(f32x4.sub(values, whole), f32x4.splat(0.6931471805599453));
  const one = f32x4.splat(1);
  let sum = f32x4.splat(1.0 / 720);
  sum = f32x4.add(f32x4.mul(sum, x), f32x4.splat(1.0 / 120));
  sum = f32x4.add(f32x4.mul(sum, x), f32x4.splat(1.0 / 24));
  sum = f32x4.add(f32x4.mul(sum, x), f32x4.splat(1.0 / 6));
  sum = f32x4.add(f32x4.mul(sum, x), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, x), one);
  sum = f32x4.add(f32x4.mul(sum, x), one);
  return i32x4.add(sum, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
}

/** The least level that is told from silence. */
const LEAST_LEVEL: f32 = 1e-12;

/** One setting of a compressor at four samples: it grows by a step with each. */
// @ts-ignore: decorator
@inline
function settingAt(setting: usize, places: v128): v128 {
  return f32x4.add(
    v128.load32_splat(setting),
    f32x4.mul(v128.load32_splat(setting, 4), places),
  );
}

/** How many samples after the writing of a compressor's settings the next four are. */
// @ts-ignore: decorator
@inline
function placesOf(settings: usize): v128 {
  return f32x4.add(v128.load32_splat(settings, 40), f32x4(1, 2, 3, 4));
}

/**
 * Leaves at `reductions` by how much the gain is to be lower at each of `count` samples, in octaves of amplitude (log2), and
 * nothing yet of how fast. The curve is that of Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design" (2012).
 * `settings` is 11 f32: threshold and knee in octaves, 1 - 1 / ratio, makeup in octaves, and the share in which all this is in
 * effect, each with its step a sample; and how many samples there were since they were written. There must be room for three
 * samples more at both.
 */
export function reductionsOf(
  samples: usize,
  count: i32,
  settings: usize,
  reductions: usize,
): void {
  let places = placesOf(settings);
  for (let i = 0; i < count; i += 4) {
    const a = f32x4.abs(v128.load(samples));
    const b = f32x4.abs(v128.load(samples, 16));
    const left = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
    const right = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
    // What is no number does not get through: the second one counts then.
    const least = f32x4.splat(LEAST_LEVEL);
    const loud = f32x4.pmax(f32x4.pmax(least, left), right);
    const over = f32x4.sub(log2Of(loud), settingAt(settings, places));
    const knee = f32x4.max(settingAt(settings + 8, places), f32x4.splat(1e-4));
    const half = f32x4.mul(knee, f32x4.splat(0.5));
    const zero = f32x4.splat(0);
    const bent = f32x4.min(f32x4.max(f32x4.add(over, half), zero), knee);
    const square = f32x4.div(f32x4.mul(bent, bent), f32x4.add(knee, knee));
    const straight = f32x4.max(f32x4.sub(over, half), zero);
    const slope = settingAt(settings + 16, places);
    v128.store(reductions, f32x4.mul(slope, f32x4.add(square, straight)));
    places = f32x4.add(places, f32x4.splat(4));
    samples += 32;
    reductions += 16;
  }
}

/**
 * Makes factors of reductions, in place: they rise by the attack and fall by the release (the smooth decoupled detector of the same
 * paper), and are taken from the makeup. `detector` is 4 f64: the reduction as it is let go, that which is in effect, and what is
 * left of both after a sample, of the first while it falls, of the second always; `settings` are those above. Answers the largest
 * reduction.
 */
export function compress(
  reductions: usize,
  count: i32,
  detector: usize,
  settings: usize,
): f64 {
  let peak = load<f64>(detector);
  let smooth = load<f64>(detector, 8);
  const release = load<f64>(detector, 16);
  const attack = load<f64>(detector, 24);
  let largest = smooth;
  let at = reductions;
  for (let i = 0; i < count; i++) {
    const wanted = <f64>load<f32>(at);
    peak = max(wanted, release * peak + (1 - release) * wanted);
    smooth = attack * smooth + (1 - attack) * peak;
    largest = max(largest, smooth);
    store<f32>(at, <f32>smooth);
    at += 4;
  }
  store<f64>(detector, peak);
  store<f64>(detector, smooth, 8);
  let places = placesOf(settings);
  at = reductions;
  for (let i = 0; i < count; i += 4) {
    const gain = f32x4.sub(settingAt(settings + 24, places), v128.load(at));
    const power = f32x4.mul(settingAt(settings + 32, places), gain);
    v128.store(at, exp2Of(f32x4.max(power, f32x4.splat(-120))));
    places = f32x4.add(places, f32x4.splat(4));
    at += 16;
  }
  return largest;
}
