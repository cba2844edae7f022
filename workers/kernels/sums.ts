/** Means of several rows of pixels, by way of 16-bit sums: of at most 64 rows. */

/** Adds a row of `count` pixels to the sums, or begins them with it. Up to three more are touched in both. */
export function addRow(sums: usize, row: usize, count: i32, isFirst: bool): void {
  const bytes = <usize>count << 2;
  if (isFirst) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const pixels = v128.load(row + at);
      v128.store(sums + (at << 1), i16x8.extend_low_i8x16_u(pixels));
      v128.store(sums + (at << 1), i16x8.extend_high_i8x16_u(pixels), 16);
    }
    return;
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    const pixels = v128.load(row + at);
    const to = sums + (at << 1);
    v128.store(to, i16x8.add(v128.load(to), i16x8.extend_low_i8x16_u(pixels)));
    v128.store(to, i16x8.add(v128.load(to, 16), i16x8.extend_high_i8x16_u(pixels)), 16);
  }
}

/** Sums of 16 bits times `by` / 65536, rounded. */
// @ts-ignore: decorator
@inline
function scaled(sums: v128, by: v128): v128 {
  const half = i32x4.splat(32768);
  return i16x8.narrow_i32x4_u(
    i32x4.shr_u(i32x4.add(i32x4.extmul_low_i16x8_u(sums, by), half), 16),
    i32x4.shr_u(i32x4.add(i32x4.extmul_high_i16x8_u(sums, by), half), 16),
  );
}

/** The mean of `rows` rows that were added; up to three pixels more than `count` are written. */
export function meanRow(dst: usize, sums: usize, count: i32, rows: i32): void {
  const by = i16x8.splat(<i16>((65536 + rows - 1) / rows));
  const bytes = <usize>count << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const from = sums + (at << 1);
    v128.store(
      dst + at,
      i8x16.narrow_i16x8_u(scaled(v128.load(from), by), scaled(v128.load(from, 16), by)),
    );
  }
}
