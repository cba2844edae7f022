import type { GreyPicture } from './sampled-pictures.js';

/** From a place on the screen to one in the picture, both in pixels whose centres are at halves. */
export type ToPicture = (x: number, y: number) => readonly [u: number, v: number];

const LOBES = 3;

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function lanczos(x: number): number {
  return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

/** The picture between its pixels; outside of it there is nothing. */
function sampleAt({ width, height, samples }: GreyPicture, u: number, v: number): number {
  if (u < 0 || v < 0 || u >= width || v >= height) return 0;
  const [x, y] = [Math.floor(u - 0.5), Math.floor(v - 0.5)];
  const [fx, fy] = [u - 0.5 - x, v - 0.5 - y];
  const [x0, x1] = [Math.max(0, x), Math.min(width - 1, x + 1)];
  const [top, bottom] = [Math.max(0, y) * width, Math.min(height - 1, y + 1) * width];
  const upper = (samples[top + x0] ?? 0) * (1 - fx) + (samples[top + x1] ?? 0) * fx;
  const lower = (samples[bottom + x0] ?? 0) * (1 - fx) + (samples[bottom + x1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Filters every `density`-th place of a line that begins LOBES screen pixels before the first. */
function filtered(line: ArrayLike<number>, weights: readonly number[], first: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (line[first + i] ?? 0);
  return sum;
}

/**
 * A picture as it should be seen: sampled `density` times in both directions for every pixel of the screen, which
 * should be more often than the picture has pixels there, and filtered with Lanczos of three lobes in pixels of the
 * screen.
 */
export function idealPicture(
  picture: GreyPicture,
  toPicture: ToPicture,
  size: { readonly width: number; readonly height: number },
  density: number,
): Float64Array {
  const { width, height } = size;
  const margin = LOBES * density;
  const [fineWidth, fineHeight] = [width * density + 2 * margin, height * density + 2 * margin];
  const raw = Array.from({ length: 2 * margin + density }, (_, i) =>
    lanczos((i - margin + 0.5) / density - 0.5),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  const columns = Array.from({ length: width }, () => new Float64Array(fineHeight));
  const row = new Float64Array(fineWidth);
  for (let j = 0; j < fineHeight; j++) {
    for (let i = 0; i < fineWidth; i++) {
      const [u, v] = toPicture((i - margin + 0.5) / density, (j - margin + 0.5) / density);
      row[i] = sampleAt(picture, u, v);
    }
    columns.forEach((column, x) => {
      column[j] = filtered(row, weights, x * density);
    });
  }
  return Float64Array.from({ length: width * height }, (_, at) => {
    const column = columns[at % width] ?? [];
    return Math.max(0, Math.min(255, filtered(column, weights, Math.floor(at / width) * density)));
  });
}

/** Peak signal-to-noise ratio in decibels; Infinity for what is the same. */
export function psnr(found: ArrayLike<number>, ideal: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < ideal.length; i++) squares += ((found[i] ?? 0) - (ideal[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * ideal.length) / squares);
}
