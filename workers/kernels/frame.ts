import { TILE_ALIGN_PX, TILE_HEIGHT, TILE_PATCH, TILE_WIDTH, TILE_X, TILE_Y } from '../../src/memory/records';

/** Program frames: I420, planes Y, U, V one after the other, rows without gaps. */

/** Copies rows of `bytes` bytes. */
// @ts-ignore: decorator
@inline
function copyRows(dst: usize, dstStride: usize, src: usize, srcStride: usize, bytes: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(dst, src, bytes);
    dst += dstStride;
    src += srcStride;
  }
}

/** Puts the patch of the tile record at `tile` into a program frame of `width` × `height`. */
export function applyPatch(tile: usize, frame: usize, width: i32, height: i32): void {
  const x = <usize>load<i32>(tile + TILE_X);
  const y = <usize>load<i32>(tile + TILE_Y);
  const w = load<i32>(tile + TILE_WIDTH);
  const h = load<i32>(tile + TILE_HEIGHT);
  const patch = load<usize>(tile + TILE_PATCH);
  const padded = <usize>((w + TILE_ALIGN_PX - 1) & -TILE_ALIGN_PX);
  const stride = <usize>width;
  const half = stride >> 1;
  const luma = stride * <usize>height;
  copyRows(frame + y * stride + x, stride, patch, padded, w, h);
  let plane = frame + luma;
  let src = patch + padded * <usize>h;
  for (let i = 0; i < 2; i++) {
    copyRows(plane + (y >> 1) * half + (x >> 1), half, src, padded >> 1, <usize>w >> 1, h >> 1);
    plane += luma >> 2;
    src += (padded * <usize>h) >> 2;
  }
}

/** Copies a part, all even, from one program frame to another of the same size. */
export function copyRect(dst: usize, src: usize, width: i32, height: i32, x: i32, y: i32, w: i32, h: i32): void {
  const stride = <usize>width;
  const half = stride >> 1;
  const luma = stride * <usize>height;
  let at = <usize>y * stride + <usize>x;
  copyRows(dst + at, stride, src + at, stride, w, h);
  at = luma + <usize>(y >> 1) * half + <usize>(x >> 1);
  copyRows(dst + at, half, src + at, half, w >> 1, h >> 1);
  at += luma >> 2;
  copyRows(dst + at, half, src + at, half, w >> 1, h >> 1);
}

// @ts-ignore: decorator
@inline
function byte(value: f32): u32 {
  return <u32>nearest<f32>(max<f32>(0, min<f32>(255, value)));
}

/** A whole frame as opaque RGBA at `dst`, for pictures on disk: BT.709 limited to full range, chroma repeated. */
export function i420ToRgba(frame: usize, width: i32, height: i32, dst: usize): void {
  const luma = <usize>width * <usize>height;
  for (let y: usize = 0; y < <usize>height; y++) {
    for (let x: usize = 0; x < <usize>width; x++) {
      const c = (y >> 1) * (<usize>width >> 1) + (x >> 1);
      const l = <f32>(<i32>load<u8>(frame + y * <usize>width + x) - 16) * (255.0 / 219.0);
      const u = <f32>(<i32>load<u8>(frame + luma + c) - 128) * (255.0 / 224.0);
      const v = <f32>(<i32>load<u8>(frame + luma + (luma >> 2) + c) - 128) * (255.0 / 224.0);
      const r = byte(l + 1.5748 * v);
      const g = byte(l - 0.1873 * u - 0.4681 * v);
      const b = byte(l + 1.8556 * u);
      store<u32>(dst + ((y * <usize>width + x) << 2), r | (g << 8) | (b << 16) | 0xff000000);
    }
  }
}
