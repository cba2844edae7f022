import { placePixel } from './rows';

/** Places are kept in this many pixels either way, far outside of every bitmap, so that they fit fixed point. */
const FAR: f64 = 1048576;

/**
 * A row of a bitmap seen in perspective: fills `count` pixels at `dst` from program pixel (x, y). `params` are the
 * nine coefficients of SAMPLE_PERSPECTIVE. Every place is computed from its own program pixel.
 */
export function perspectiveRow(
  dst: usize,
  count: i32,
  bitmap: usize,
  width: i32,
  height: i32,
  x: i32,
  y: i32,
  params: usize,
): void {
  const a = load<f64>(params);
  const d = load<f64>(params, 24);
  const g = load<f64>(params, 48);
  const row = <f64>y;
  const b = load<f64>(params, 8) * row + load<f64>(params, 16);
  const e = load<f64>(params, 32) * row + load<f64>(params, 40);
  const h = load<f64>(params, 56) * row + load<f64>(params, 64);
  for (let i = 0; i < count; i++) {
    const column = <f64>(x + i);
    const w = g * column + h;
    let pixel: u32 = 0;
    // What is behind the eye is not seen.
    if (w > 0) {
      const by = 1 / w;
      const u = max(-FAR, min(FAR, (a * column + b) * by));
      const v = max(-FAR, min(FAR, (d * column + e) * by));
      pixel = placePixel(bitmap, width, height, <i64>floor(u * 65536), <i64>floor(v * 65536));
    }
    store<u32>(dst + (<usize>i << 2), pixel);
  }
}
