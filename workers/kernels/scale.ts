/**
 * Scales a program frame down for the preview: every pixel is the mean of the area that it covers, so thin lines
 * and small text grow faint instead of breaking up. Chroma comes out at half the size, as JPEG keeps it, and is
 * converted to full-range RGB by BT.709.
 *
 * Work goes in groups of 16 rows of the picture (8 of chroma). A plane's rows are summed up vertically (16 columns
 * to a step), turned so that 8 rows lie side by side, summed up horizontally (8 rows to a step), and turned back:
 *
 *     src rows ─▶ SUMS 8 × width ─▶ TURNED width × 8 ─▶ NARROW dstWidth × 8 ─▶ lines of 16-bit samples ─▶ RGBA
 *
 * The scratch lies behind the picture; its parts are sized for frames up to 4096 and pictures up to 2048 wide:
 *
 *     picture │ 64 spare │ SUMS │ TURNED │ NARROW │ Y × 16 lines │ U × 8 │ V × 8 │ TAPS │ WEIGHTS │ ROW SCALES
 */
const MAX_SRC_WIDTH: usize = 4096;
const MAX_DST_WIDTH: usize = 2048;
const LINE_BYTES: usize = MAX_DST_WIDTH * 2;
const SUM_LINE_BYTES: usize = MAX_SRC_WIDTH * 2;

const SUMS: usize = 64;
const TURNED: usize = SUMS + 8 * SUM_LINE_BYTES;
const NARROW: usize = TURNED + 8 * SUM_LINE_BYTES;
const Y_LINES: usize = NARROW + 8 * LINE_BYTES;
const U_LINES: usize = Y_LINES + 16 * LINE_BYTES;
const V_LINES: usize = U_LINES + 8 * LINE_BYTES;
const TAPS: usize = V_LINES + 8 * LINE_BYTES;
const WEIGHTS: usize = TAPS + MAX_DST_WIDTH * 8;
const ROW_SCALES: usize = WEIGHTS + (MAX_SRC_WIDTH + 2 * MAX_DST_WIDTH) * 2;

/** Horizontal weights of one pixel sum up to this. */
const WEIGHT_ONE: i32 = 1 << 14;
/** Most that the vertical weights of one pixel may sum up to: 255 times it still fits 16 bits. */
const ROW_WEIGHT_SUM: i32 = 255;
/** Lines hold samples with this many fractional bits. */
const LINE_BITS: i32 = 7;

const BLACK: i16 = 16 * 128;
const GREY: i16 = 128 * 128;
/** Half a byte step where products of the coefficients below have LINE_BITS - 2 fractional bits. */
const HALF: i16 = 16;

// BT.709 limited to full range, a quarter of each in 1/32768: 255/219, 255/224 · 1.5748, ….
const LUMA: i16 = 9539;
const RED_V: i16 = 14686;
const GREEN_U: i16 = -1747;
const GREEN_V: i16 = -4366;
const BLUE_U: i16 = 17305;

/** Unsigned 16-bit 8×8 block, rows `fromStride` apart, to `to` with rows and columns swapped. */
// @ts-ignore: decorator
@inline
function turnBlock(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromStride);
  const c = v128.load(from + 2 * fromStride);
  const d = v128.load(from + 3 * fromStride);
  const e = v128.load(from + 4 * fromStride);
  const f = v128.load(from + 5 * fromStride);
  const g = v128.load(from + 6 * fromStride);
  const h = v128.load(from + 7 * fromStride);
  const ab0 = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  const ab1 = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  const cd0 = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11);
  const cd1 = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15);
  const ef0 = v128.shuffle<i16>(e, f, 0, 8, 1, 9, 2, 10, 3, 11);
  const ef1 = v128.shuffle<i16>(e, f, 4, 12, 5, 13, 6, 14, 7, 15);
  const gh0 = v128.shuffle<i16>(g, h, 0, 8, 1, 9, 2, 10, 3, 11);
  const gh1 = v128.shuffle<i16>(g, h, 4, 12, 5, 13, 6, 14, 7, 15);
  const abcd0 = v128.shuffle<i32>(ab0, cd0, 0, 4, 1, 5);
  const abcd1 = v128.shuffle<i32>(ab0, cd0, 2, 6, 3, 7);
  const abcd2 = v128.shuffle<i32>(ab1, cd1, 0, 4, 1, 5);
  const abcd3 = v128.shuffle<i32>(ab1, cd1, 2, 6, 3, 7);
  const efgh0 = v128.shuffle<i32>(ef0, gh0, 0, 4, 1, 5);
  const efgh1 = v128.shuffle<i32>(ef0, gh0, 2, 6, 3, 7);
  const efgh2 = v128.shuffle<i32>(ef1, gh1, 0, 4, 1, 5);
  const efgh3 = v128.shuffle<i32>(ef1, gh1, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(abcd0, efgh0, 0, 2));
  v128.store(to + toStride, v128.shuffle<i64>(abcd0, efgh0, 1, 3));
  v128.store(to + 2 * toStride, v128.shuffle<i64>(abcd1, efgh1, 0, 2));
  v128.store(to + 3 * toStride, v128.shuffle<i64>(abcd1, efgh1, 1, 3));
  v128.store(to + 4 * toStride, v128.shuffle<i64>(abcd2, efgh2, 0, 2));
  v128.store(to + 5 * toStride, v128.shuffle<i64>(abcd2, efgh2, 1, 3));
  v128.store(to + 6 * toStride, v128.shuffle<i64>(abcd3, efgh3, 0, 2));
  v128.store(to + 7 * toStride, v128.shuffle<i64>(abcd3, efgh3, 1, 3));
}

/**
 * For every column of the picture its first source column and its number of taps (TAPS), and their weights in a row
 * (WEIGHTS). Column i covers the source from i·src/dst to (i+1)·src/dst; in units of 1/dst all ends are integers.
 * Chroma has the same ratio and so the same table.
 */
function planColumns(src: i32, dst: i32, scratch: usize): void {
  let taps = scratch + TAPS;
  let weight = scratch + WEIGHTS;
  for (let i = 0; i < dst; i++) {
    const begin = i * src;
    const end = begin + src;
    const first = begin / dst;
    let k = first;
    let before = 0;
    for (let at = begin; at < end; k++) {
      at = min((k + 1) * dst, end);
      // Rounded sums, not rounded weights: so their total is exact however many there are.
      const sum = ((at - begin) * WEIGHT_ONE + (src >> 1)) / src;
      store<u16>(weight, <u16>(sum - before));
      before = sum;
      weight += 2;
    }
    store<i32>(taps, first);
    store<i32>(taps, k - first, 4);
    taps += 8;
  }
}

/**
 * Sums up the source rows that row `j` covers to 16-bit `sums`, and returns the sum of their weights. Rows that are
 * covered whole weigh `whole`, the first and the last their share of it.
 */
function sumRows(plane: usize, width: i32, height: i32, dstHeight: i32, j: i32, sums: usize): i32 {
  const whole = ROW_WEIGHT_SUM * dstHeight / height;
  const begin = j * height;
  const end = begin + height;
  let row = begin / dstHeight;
  let firstWeight = 0;
  const firstRow = plane + <usize>row * width;
  if (begin % dstHeight != 0) {
    const share = min((row + 1) * dstHeight, end) - begin;
    firstWeight = (share * whole + (dstHeight >> 1)) / dstHeight;
    row++;
  }
  const rest = max(end - row * dstHeight, 0);
  const count = rest / dstHeight;
  const lastWeight = ((rest - count * dstHeight) * whole + (dstHeight >> 1)) / dstHeight;
  const middle = plane + <usize>row * width;
  const lastRow = lastWeight == 0 ? firstRow : middle + <usize>count * width;
  const wholes = i16x8.splat(<i16>whole);
  const firsts = i16x8.splat(<i16>firstWeight);
  const lasts = i16x8.splat(<i16>lastWeight);
  const hasEdges = (firstWeight | lastWeight) != 0;
  for (let x: usize = 0; x < <usize>width; x += 16) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    let ptr = middle + x;
    for (let k = 0; k < count; k++) {
      const bytes = v128.load(ptr);
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes));
      ptr += width;
    }
    low = i16x8.mul(low, wholes);
    high = i16x8.mul(high, wholes);
    if (hasEdges) {
      const a = v128.load(firstRow + x);
      const b = v128.load(lastRow + x);
      low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(a), firsts));
      low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(b), lasts));
      high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(a), firsts));
      high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(b), lasts));
    }
    v128.store(sums + (x << 1), low);
    v128.store(sums + (x << 1), high, 16);
  }
  return count * whole + firstWeight + lastWeight;
}

/** Rows `first` to `first + 7` of a plane that keeps its size, as lines of samples. */
function copyRows(plane: usize, width: i32, height: i32, first: i32, lines: usize): void {
  for (let k = 0; k < 8; k++) {
    const row = plane + <usize>min(first + k, height - 1) * width;
    const line = lines + <usize>k * LINE_BYTES;
    for (let x: usize = 0; x < <usize>width; x += 8) {
      const samples = i16x8.extend_low_i8x16_u(v128.load64_zero(row + x));
      v128.store(line + (x << 1), i16x8.shl(samples, LINE_BITS));
    }
  }
}

/** Rows `first` to `first + 7` of a plane scaled, as lines of samples LINE_BYTES apart at `lines`. */
function scaleRows(
  plane: usize,
  width: i32,
  height: i32,
  dstWidth: i32,
  dstHeight: i32,
  first: i32,
  lines: usize,
  scratch: usize,
): void {
  if (width == dstWidth && height == dstHeight) {
    copyRows(plane, width, height, first, lines);
    return;
  }
  const sums = scratch + SUMS;
  const turned = scratch + TURNED;
  const narrow = scratch + NARROW;
  const scales = scratch + ROW_SCALES;
  for (let k = 0; k < 8; k++) {
    // Rows below the picture fill up the last group; nobody reads them.
    const j = min(first + k, dstHeight - 1);
    const total = sumRows(plane, width, height, dstHeight, j, sums + <usize>k * SUM_LINE_BYTES);
    store<f32>(scales + (<usize>k << 2), <f32>(1 << LINE_BITS) / (<f32>total * <f32>WEIGHT_ONE));
  }
  for (let x: usize = 0; x < <usize>width; x += 8) {
    turnBlock(sums + (x << 1), SUM_LINE_BYTES, turned + (x << 4), 16);
  }
  const upperScale = v128.load(scales);
  const lowerScale = v128.load(scales, 16);
  const half = f32x4.splat(0.5);
  let taps = scratch + TAPS;
  let weight = scratch + WEIGHTS;
  for (let i: usize = 0; i < <usize>dstWidth; i++) {
    let ptr = turned + (<usize>load<i32>(taps) << 4);
    const last = weight + (<usize>load<i32>(taps, 4) << 1);
    let upper = i32x4.splat(0);
    let lower = i32x4.splat(0);
    for (; weight < last; weight += 2) {
      const column = v128.load(ptr);
      const w = v128.load16_splat(weight);
      upper = i32x4.add(upper, i32x4.extmul_low_i16x8_u(column, w));
      lower = i32x4.add(lower, i32x4.extmul_high_i16x8_u(column, w));
      ptr += 16;
    }
    const a = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(upper), upperScale), half);
    const b = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(lower), lowerScale), half);
    v128.store(
      narrow + (i << 4),
      i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(a), i32x4.trunc_sat_f32x4_s(b)),
    );
    taps += 8;
  }
  for (let x: usize = 0; x < <usize>dstWidth; x += 8) {
    turnBlock(narrow + (x << 4), 16, lines + (x << 1), LINE_BYTES);
  }
}

/** One row of samples to opaque RGBA, 8 pixels to a step: up to 7 more than `width` are written. */
function paintRow(y: usize, u: usize, v: usize, width: i32, dst: usize): void {
  const black = i16x8.splat(BLACK);
  const grey = i16x8.splat(GREY);
  const half = i16x8.splat(HALF);
  const opaque = i16x8.splat(255);
  for (let x: usize = 0; x < <usize>width; x += 8) {
    const cu = v128.load64_zero(u + x);
    const cv = v128.load64_zero(v + x);
    const du = i16x8.sub(v128.shuffle<i16>(cu, cu, 0, 0, 1, 1, 2, 2, 3, 3), grey);
    const dv = i16x8.sub(v128.shuffle<i16>(cv, cv, 0, 0, 1, 1, 2, 2, 3, 3), grey);
    const luma = i16x8.add(
      i16x8.q15mulr_sat_s(i16x8.sub(v128.load(y + (x << 1)), black), i16x8.splat(LUMA)),
      half,
    );
    const r = i16x8.add(luma, i16x8.q15mulr_sat_s(dv, i16x8.splat(RED_V)));
    const g = i16x8.add(
      luma,
      i16x8.add(
        i16x8.q15mulr_sat_s(du, i16x8.splat(GREEN_U)),
        i16x8.q15mulr_sat_s(dv, i16x8.splat(GREEN_V)),
      ),
    );
    const b = i16x8.add(luma, i16x8.q15mulr_sat_s(du, i16x8.splat(BLUE_U)));
    const shift = LINE_BITS - 2;
    const rg = i8x16.narrow_i16x8_u(i16x8.shr_s(r, shift), i16x8.shr_s(g, shift));
    const ba = i8x16.narrow_i16x8_u(i16x8.shr_s(b, shift), opaque);
    const rgs = v128.shuffle<i8>(rg, rg, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    const bas = v128.shuffle<i8>(ba, ba, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    v128.store(dst + (x << 2), v128.shuffle<i16>(rgs, bas, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(dst + (x << 2), v128.shuffle<i16>(rgs, bas, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  }
}

/**
 * Scales tight I420 planes (even, at most 4096 wide) to opaque RGBA at `dst` (even, at most 2048 wide, in neither
 * direction larger than the source). Needs SCALE_SCRATCH_BYTES of src/preview/picture-size.ts behind the picture.
 */
export function scaleI420ToRgba(
  y: usize,
  u: usize,
  v: usize,
  width: i32,
  height: i32,
  dst: usize,
  dstWidth: i32,
  dstHeight: i32,
): void {
  const scratch = (dst + ((<usize>dstWidth * <usize>dstHeight) << 2) + 63) & ~63;
  const half = dstWidth >> 1;
  const halfHeight = dstHeight >> 1;
  planColumns(width, dstWidth, scratch);
  for (let top = 0; top < dstHeight; top += 16) {
    const rows = min(16, dstHeight - top);
    for (let part = 0; part < rows; part += 8) {
      const lines = scratch + Y_LINES + <usize>part * LINE_BYTES;
      scaleRows(y, width, height, dstWidth, dstHeight, top + part, lines, scratch);
    }
    scaleRows(u, width >> 1, height >> 1, half, halfHeight, top >> 1, scratch + U_LINES, scratch);
    scaleRows(v, width >> 1, height >> 1, half, halfHeight, top >> 1, scratch + V_LINES, scratch);
    for (let k = 0; k < rows; k++) {
      const chroma = <usize>(k >> 1) * LINE_BYTES;
      paintRow(
        scratch + Y_LINES + <usize>k * LINE_BYTES,
        scratch + U_LINES + chroma,
        scratch + V_LINES + chroma,
        dstWidth,
        dst + ((<usize>(top + k) * <usize>dstWidth) << 2),
      );
    }
  }
}
