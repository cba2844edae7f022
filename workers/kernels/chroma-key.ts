import { clamp01, loadPixels, packPlanes, plane, rounded, storePixels, unpremultiplier } from './planes';

/**
 * Chroma key. The idea is that of OBS Studio's filter (plugins/obs-filters/data/chroma_key_filter_v2.effect): how far a
 * colour is from the key is measured in the chroma plane alone, so that shadows and folds of the screen go with it.
 *
 *     Y  = 0.2126 R + 0.7152 G + 0.0722 B,  Cb = (B − Y) / 1.8556,  Cr = (R − Y) / 1.5748     (ITU-R BT.709)
 *     d  = |(Cb, Cr) − (Cb, Cr) of the key| / 1.1914
 *     alpha × smoothstep(similarity, similarity + smoothness, d)
 *     colour = Y + (colour − Y) · clamp((d − similarity) / spill, 0, 1)
 *
 * 1.1914 is the distance of green from magenta, the largest between two colours, so that d is 0..1. Spill takes the
 * key's colour from what stays: what is nearer to the key than similarity + spill turns grey by as much. All in f32
 * and of the colour itself, not premultiplied.
 */
const Y_R: f32 = 0.2126;
const Y_G: f32 = 0.7152;
const Y_B: f32 = 0.0722;
const CB_SCALE: f32 = 1.0 / 1.8556 / 1.1914;
const CR_SCALE: f32 = 1.0 / 1.5748 / 1.1914;
/** Stands for a width of nothing. */
const NARROWEST: f32 = 1e-6;

/** PARAMS of KIND_KEY: red, green, blue, similarity, smoothness, spill. Works on `count` premultiplied pixels. */
export function keyPixels(ptr: usize, count: i32, params: usize): void {
  const keyR = load<f32>(params);
  const keyB = load<f32>(params, 8);
  const keyY = Y_R * keyR + Y_G * load<f32>(params, 4) + Y_B * keyB;
  applyKey(
    ptr,
    count,
    f32x4.splat((keyB - keyY) * CB_SCALE),
    f32x4.splat((keyR - keyY) * CR_SCALE),
    f32x4.splat(load<f32>(params, 12)),
    f32x4.splat(1 / max(NARROWEST, load<f32>(params, 16))),
    f32x4.splat(1 / max(NARROWEST, load<f32>(params, 20))),
  );
}

/** The same with what is reckoned once: see applyMatrix. */
function applyKey(
  ptr: usize,
  count: i32,
  keyCb: v128,
  keyCr: v128,
  similarity: v128,
  perSmoothness: v128,
  perSpill: v128,
): void {
  const three = f32x4.splat(3);
  for (let i = 0; i < count; i += 4) {
    const at = ptr + (<usize>i << 2);
    const pixels = loadPixels(at, count - i);
    if (!v128.any_true(pixels)) continue;
    const alpha = plane(pixels, 24);
    const by = unpremultiplier(alpha);
    const r = f32x4.mul(plane(pixels, 0), by);
    const g = f32x4.mul(plane(pixels, 8), by);
    const b = f32x4.mul(plane(pixels, 16), by);
    const y = f32x4.add(
      f32x4.add(f32x4.mul(r, f32x4.splat(Y_R)), f32x4.mul(g, f32x4.splat(Y_G))),
      f32x4.mul(b, f32x4.splat(Y_B)),
    );
    const cb = f32x4.sub(f32x4.mul(f32x4.sub(b, y), f32x4.splat(CB_SCALE)), keyCb);
    const cr = f32x4.sub(f32x4.mul(f32x4.sub(r, y), f32x4.splat(CR_SCALE)), keyCr);
    const distance = f32x4.sqrt(f32x4.add(f32x4.mul(cb, cb), f32x4.mul(cr, cr)));
    const beyond = f32x4.sub(distance, similarity);
    const t = clamp01(f32x4.mul(beyond, perSmoothness));
    const keep = f32x4.mul(f32x4.mul(t, t), f32x4.sub(three, f32x4.add(t, t)));
    const saturation = clamp01(f32x4.mul(beyond, perSpill));
    const weight = f32x4.mul(alpha, keep);
    storePixels(
      at,
      packPlanes(
        rounded(f32x4.mul(toned(r, y, saturation), weight)),
        rounded(f32x4.mul(toned(g, y, saturation), weight)),
        rounded(f32x4.mul(toned(b, y, saturation), weight)),
        rounded(weight),
      ),
      count - i,
    );
  }
}

/** A channel between grey and itself. */
// @ts-ignore: decorator
@inline
function toned(value: v128, grey: v128, saturation: v128): v128 {
  return clamp01(f32x4.add(grey, f32x4.mul(f32x4.sub(value, grey), saturation)));
}
