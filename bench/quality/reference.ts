/** How test pictures ideally look when they are shown smaller, turned and moved. */

/** RGBA, not premultiplied, rows without gaps. */
export type Pixels = {
  readonly width: number;
  readonly height: number;
  readonly rgba: ArrayLike<number>;
};

/** A part of a picture, in its own pixels; may be fractional. */
export type Part = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** Where a part of a picture stands: its top left at (x, y), `scale` times as large, then turned about its middle. */
export type Placing = {
  readonly part: Part;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly degrees: number;
};

/** A part of the frame from its upper left on, pixels. */
export type Area = { readonly width: number; readonly height: number };

/** Luma of an area, 0 to 255, not rounded, rows without gaps. */
export type Luma = {
  readonly width: number;
  readonly height: number;
  readonly samples: Float64Array;
};

const LOBES = 3;

/** https://en.wikipedia.org/wiki/Lanczos_resampling, a = 3. */
function lanczos(distance: number): number {
  if (distance === 0) return 1;
  if (Math.abs(distance) >= LOBES) return 0;
  const x = Math.PI * distance;
  return (LOBES * Math.sin(x) * Math.sin(x / LOBES)) / (x * x);
}

/** Luma of BT.709. */
export function lumaOf(r: number, g: number, b: number): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Premultiplied luma and coverage of every source pixel. */
function toPlanes({ width, height, rgba }: Pixels): { luma: Float64Array; alpha: Float64Array } {
  const luma = new Float64Array(width * height);
  const alpha = new Float64Array(width * height);
  for (let i = 0; i < alpha.length; i++) {
    const at = (channel: number): number => rgba[i * 4 + channel] ?? 0;
    const share = at(3) / 255;
    alpha[i] = share;
    luma[i] = share * lumaOf(at(0), at(1), at(2));
  }
  return { luma, alpha };
}

/**
 * The picture over a plain background, every pixel a Lanczos-3 mean of the source around it, in the directions of the
 * program's pixels; the kernel is as wide as a pixel of the shown size is in the source. What lies outside the part
 * repeats its edge inside the shown box, and nothing of it is seen outside of the box but for the shared edge pixels.
 */
export function placeIdeally(
  source: Pixels,
  { part, x, y, scale, degrees }: Placing,
  area: Area & { readonly background: number },
): Luma {
  const { luma, alpha } = toPlanes(source);
  const samples = new Float64Array(area.width * area.height);
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [shownWidth, shownHeight] = [part.width * scale, part.height * scale];
  const [middleX, middleY] = [x + shownWidth / 2, y + shownHeight / 2];
  const reach = LOBES / Math.min(1, scale);
  const [low, high] = [
    { x: part.x, y: part.y },
    { x: part.x + part.width, y: part.y + part.height },
  ];
  const clampX = (at: number): number =>
    Math.min(Math.ceil(high.x) - 1, Math.max(Math.floor(low.x), at));
  const clampY = (at: number): number =>
    Math.min(Math.ceil(high.y) - 1, Math.max(Math.floor(low.y), at));
  const kernelScale = Math.min(1, scale);
  for (let row = 0; row < area.height; row++) {
    for (let column = 0; column < area.width; column++) {
      const [dx, dy] = [column + 0.5 - middleX, row + 0.5 - middleY];
      const [boxX, boxY] = [cos * dx + sin * dy, cos * dy - sin * dx];
      // Share of the pixel that the box covers, to a first order: exact for upright edges.
      const cover =
        Math.min(1, Math.max(0, shownWidth / 2 - Math.abs(boxX) + 0.5)) *
        Math.min(1, Math.max(0, shownHeight / 2 - Math.abs(boxY) + 0.5));
      let value = area.background;
      if (cover > 0) {
        const u = part.x + (boxX + shownWidth / 2) / scale;
        const v = part.y + (boxY + shownHeight / 2) / scale;
        let [sum, sumLuma, sumAlpha] = [0, 0, 0];
        for (let sy = Math.floor(v - reach); sy <= v + reach; sy++) {
          const wy = lanczos((sy + 0.5 - v) * kernelScale);
          if (wy === 0) continue;
          const line = clampY(sy) * source.width;
          for (let sx = Math.floor(u - reach); sx <= u + reach; sx++) {
            const weight = wy * lanczos((sx + 0.5 - u) * kernelScale);
            const at = line + clampX(sx);
            sum += weight;
            sumLuma += weight * (luma[at] ?? 0);
            sumAlpha += weight * (alpha[at] ?? 0);
          }
        }
        const share = Math.min(1, Math.max(0, sumAlpha / sum)) * cover;
        const own = Math.min(255, Math.max(0, sumLuma / sum)) * cover;
        value = own + area.background * (1 - share);
      }
      samples[row * area.width + column] = value;
    }
  }
  return { width: area.width, height: area.height, samples };
}

/** Peak signal-to-noise ratio in dB; at most 99, which stands for equal. */
export function psnr(a: Luma, b: Luma): number {
  let sum = 0;
  for (let i = 0; i < a.samples.length; i++)
    sum += ((a.samples[i] ?? 0) - (b.samples[i] ?? 0)) ** 2;
  return Math.min(99, 10 * Math.log10((255 * 255 * a.samples.length) / Math.max(sum, 1e-9)));
}
