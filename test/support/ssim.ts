/**
 * Structural similarity of two grey pictures, after Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment:
 * From Error Visibility to Structural Similarity" (2004): the mean over all windows of 11x11 pixels, weighted by a
 * Gaussian with a standard deviation of 1.5, with K1 = 0.01, K2 = 0.03 and samples of 0 to 255.
 */
export type Grey = {
  readonly width: number;
  readonly height: number;
  readonly samples: ArrayLike<number>;
};

const RADIUS = 5;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

function gaussian(): number[] {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

const WEIGHTS = Float64Array.from(gaussian());

/** Means of all windows that lie inside the picture: the Gaussian is applied to rows, then to columns. */
function windowMeans(width: number, height: number, values: Float64Array): Float64Array {
  const [w, h] = [width - 2 * RADIUS, height - 2 * RADIUS];
  const rows = weightedSums({ values, columns: w, lines: height, stride: width, step: 1 });
  return weightedSums({ values: rows, columns: w, lines: h, stride: w, step: w });
}

/** The samples to be added up begin where the result is, and are `step` from each other. */
type Sums = {
  readonly values: Float64Array;
  readonly columns: number;
  readonly lines: number;
  /** From one line of the values to the next. */
  readonly stride: number;
  readonly step: number;
};

function weightedSums({ values, columns, lines, stride, step }: Sums): Float64Array {
  const sums = new Float64Array(columns * lines);
  for (let y = 0; y < lines; y++)
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0, at = y * stride + x; k < WEIGHTS.length; k++, at += step)
        sum += (WEIGHTS[k] ?? 0) * (values[at] ?? 0);
      sums[y * columns + x] = sum;
    }
  return sums;
}

/** From -1 to 1; 1: the pictures are the same. @throws Error when their sizes differ or are smaller than a window */
export function ssim(a: Grey, b: Grey): number {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) throw new Error('The pictures differ in size.');
  if (width <= 2 * RADIUS || height <= 2 * RADIUS) throw new Error('The pictures are too small.');
  const [p, q] = [Float64Array.from(a.samples), Float64Array.from(b.samples)];
  const means = (values: Float64Array): Float64Array => windowMeans(width, height, values);
  const [meanA, meanB] = [means(p), means(q)];
  const [squareA, squareB] = [means(p.map((one) => one ** 2)), means(q.map((one) => one ** 2))];
  const product = means(p.map((one, i) => one * (q[i] ?? 0)));
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const [ma, mb] = [meanA[i] ?? 0, meanB[i] ?? 0];
    const varianceA = (squareA[i] ?? 0) - ma ** 2;
    const varianceB = (squareB[i] ?? 0) - mb ** 2;
    const covariance = (product[i] ?? 0) - ma * mb;
    sum +=
      ((2 * ma * mb + C1) * (2 * covariance + C2)) /
      ((ma ** 2 + mb ** 2 + C1) * (varianceA + varianceB + C2));
  }
  return sum / meanA.length;
}
