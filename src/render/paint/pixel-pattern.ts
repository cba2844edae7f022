import { createCanvas, releaseCanvas, type Context2D } from '../canvas.js';

/** Patterns that are reckoned pixel by pixel, in greys. */

/** Draws a grey of 0 to 255 for each pixel, from the top left. */
function drawGreys(
  context: Context2D,
  widthPx: number,
  heightPx: number,
  greyAt: (x: number, y: number) => number,
): void {
  const canvas = createCanvas(widthPx, heightPx);
  const bytes = canvas.data();
  const pixels = new Uint32Array(bytes.buffer, bytes.byteOffset, widthPx * heightPx);
  let i = 0;
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) pixels[i++] = (0xff000000 | (greyAt(x, y) * 0x010101)) >>> 0;
  context.drawImage(canvas, 0, 0);
  releaseCanvas(canvas);
}

/** Entries of the table of a whole wave: finer than greys can tell. */
const WAVE = 4096;

/**
 * Rings around the middle whose frequency grows with the distance: half a wave a pixel, the finest that there is, at
 * the nearer ends of the longer axis.
 */
export function drawZonePlate(context: Context2D, widthPx: number, heightPx: number): void {
  const wave = Uint8Array.from({ length: WAVE }, (_, i) =>
    Math.round(127.5 + 127.5 * Math.cos((i / WAVE) * 2 * Math.PI)),
  );
  // A phase of π r² / extent has r / extent waves a pixel.
  const perSquarePx = WAVE / 2 / Math.max(widthPx, heightPx);
  const [middleX, middleY] = [(widthPx - 1) / 2, (heightPx - 1) / 2];
  drawGreys(context, widthPx, heightPx, (x, y) => {
    const phase = ((x - middleX) ** 2 + (y - middleY) ** 2) * perSquarePx;
    return wave[Math.floor(phase) % WAVE] ?? 0;
  });
}

/** Greys by chance, the same for the same seed: each pixel's number through the finaliser of MurmurHash3. */
export function drawNoise(
  context: Context2D,
  widthPx: number,
  heightPx: number,
  seed: number,
): void {
  const start = Math.imul(seed, 0x9e3779b1);
  drawGreys(context, widthPx, heightPx, (x, y) => {
    let hash = (start + y * widthPx + x) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & 0xff;
  });
}
