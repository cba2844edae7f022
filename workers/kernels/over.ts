import { fade, over } from './pixels';

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
