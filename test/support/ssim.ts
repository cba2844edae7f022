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

const WEIGHTS = gaussian();

/** Means of all windows that lie inside the picture: the Gaussian is applied to rows, then to columns. */
function windowMeans(width: number, height: number, value: (i: number) => number): Float64Array {
  const [w, h] = [width - 2 * RADIUS, height - 2 * RADIUS];
  const rows = new Float64Array(w * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (const [k, weight] of WEIGHTS.entries()) sum += weight * value(y * width + x + k);
      rows[y * w + x] = sum;
    }
  const means = new Float64Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (const [k, weight] of WEIGHTS.entries()) sum += weight * (rows[(y + k) * w + x] ?? 0);
      means[y * w + x] = sum;
    }
  return means;
}

/** From -1 to 1; 1: the pictures are the same. @throws Error when their sizes differ or are smaller than a window */
export function ssim(a: Grey, b: Grey): number {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) throw new Error('The pictures differ in size.');
  if (width <= 2 * RADIUS || height <= 2 * RADIUS) throw new Error('The pictures are too small.');
  const [p, q] = [a, b].map(
    ({ samples }) =>
      (i: number): number =>
        samples[i] ?? 0,
  );
  if (p === undefined || q === undefined) return 0;
  const means = (value: (i: number) => number): Float64Array => windowMeans(width, height, value);
  const [meanA, meanB] = [means(p), means(q)];
  const [squareA, squareB] = [means((i) => p(i) ** 2), means((i) => q(i) ** 2)];
  const product = means((i) => p(i) * q(i));
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
