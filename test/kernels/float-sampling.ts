import type { Pixels } from './tile-bench.js';

/** How the kernels sample a bitmap that has no levels, in floating point; the rules are those of reduction.ts there. */

/** Steps in the bitmap for a program pixel, along the program's rows and columns. */
export type Steps = {
  readonly ux: number;
  readonly vx: number;
  readonly uy: number;
  readonly vy: number;
};

/** A bitmap's channel at a whole place; nothing is outside of it. */
function texel({ width, height, rgba }: Pixels, x: number, y: number, channel: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  return rgba[(y * width + x) * 4 + channel] ?? 0;
}

/** The bitmap at a place of its own, between four of its pixels' centres, which are at halves. */
function sample(pixels: Pixels, u: number, v: number, channel: number): number {
  const [x, y] = [Math.floor(u - 0.5), Math.floor(v - 0.5)];
  const [fx, fy] = [u - 0.5 - x, v - 0.5 - y];
  const row = (at: number): number =>
    texel(pixels, x, at, channel) * (1 - fx) + texel(pixels, x + 1, at, channel) * fx;
  return row(y) * (1 - fy) + row(y + 1) * fy;
}

/** Places that are averaged in one direction, from the centre of the program pixel, in program pixels. */
function placesFor(ratio: number): number[] {
  if (ratio <= 1.15) return [0];
  if (ratio < 2) {
    const apart = ((ratio - 1) / (2 * ratio)) * Math.min(1, (ratio - 1.15) / 0.15);
    return [-apart, apart];
  }
  const count = Math.min(8, Math.max(3, Math.ceil(ratio / 1.2)));
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count - 0.5);
}

/** A channel of a bitmap around one place of it. */
export function sampleAround(
  pixels: Pixels,
  [u, v]: readonly [u: number, v: number],
  { ux, vx, uy, vy }: Steps,
  channel: number,
): number {
  const across = placesFor(Math.hypot(ux, vx));
  const down = placesFor(Math.hypot(uy, vy));
  let sum = 0;
  for (const dy of down)
    for (const dx of across)
      sum += sample(pixels, u + dx * ux + dy * uy, v + dx * vx + dy * vy, channel);
  return sum / (across.length * down.length);
}
