import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';

/** Small files that move, made in code. Frame i of a film shows a bar at the i-th of its places. */

export const BARS = { width: 60, height: 40, frames: 6 } as const;

const BAR_COLORS = ['#ff0000', '#00ff00', '#0000ff', '#ffff00', '#ff00ff', '#00ffff'];

function colorOf(i: number): [number, number, number] {
  const [r = 0, g = 0, b = 0] = Buffer.from((BAR_COLORS[i] ?? '#ffffff').slice(1), 'hex');
  return [r, g, b];
}

/** Pixels of all frames below each other, R G B A; what is no bar is transparent. */
export function barPixels(): Buffer {
  const { width, height, frames } = BARS;
  const rgba = Buffer.alloc(width * height * 4 * frames);
  for (let frame = 0; frame < frames; frame++) {
    for (let y = 0; y < height; y++) {
      for (let x = frame * 10; x < frame * 10 + 10; x++) {
        const at = ((frame * height + y) * width + x) * 4;
        rgba.set([...colorOf(frame), 255], at);
      }
    }
  }
  return rgba;
}

function film(): Sharp {
  const { width, height, frames } = BARS;
  const raw = { width, height: height * frames, channels: 4, pageHeight: height } as const;
  return sharp(barPixels(), { raw });
}

export function makeGif(delayMs: number[], loop = 0): Promise<Buffer> {
  return film().gif({ delay: delayMs, loop }).toBuffer();
}

export function makeMovingWebp(delayMs: number[], loop = 0): Promise<Buffer> {
  return film().webp({ delay: delayMs, loop, lossless: true }).toBuffer();
}

/** An APNG by FFmpeg, ten frames a second; it writes frames that cover parts only. */
export async function makeApng(folder: string, plays = 0): Promise<Buffer> {
  const { width, height } = BARS;
  const [input, output] = [join(folder, 'bars.rgba'), join(folder, 'bars.apng')];
  await writeFile(input, barPixels());
  const source = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', '10'];
  await promisify(execFile)('ffmpeg', [
    ...['-y', '-v', 'error', ...source, '-i', input],
    ...['-f', 'apng', '-plays', String(plays), output],
  ]);
  return readFile(output);
}

/** A Lottie animation of two seconds: a square that runs from left to right and turns. */
export function makeLottie(changes: Record<string, unknown> = {}): Buffer {
  const still = (k: unknown): { a: 0; k: unknown } => ({ a: 0, k });
  const moving = (from: number[], to: number[]): unknown => ({
    a: 1,
    k: [
      { t: 0, s: from, e: to, i: { x: [1], y: [1] }, o: { x: [0], y: [0] } },
      { t: 60, s: to },
    ],
  });
  const square = {
    ty: 'gr',
    it: [
      { ty: 'rc', d: 1, s: still([40, 40]), p: still([0, 0]), r: still(6) },
      { ty: 'fl', c: still([1, 0.3, 0.2, 1]), o: still(100), r: 1 },
      ...[
        {
          ty: 'tr',
          p: still([0, 0]),
          a: still([0, 0]),
          s: still([100, 100]),
          r: still(0),
          o: still(100),
        },
      ],
    ],
  };
  const layer = {
    ddd: 0,
    ind: 1,
    ty: 4,
    nm: 'square',
    sr: 1,
    ao: 0,
    ip: 0,
    op: 60,
    st: 0,
    bm: 0,
    ks: {
      o: still(100),
      r: moving([0], [180]),
      p: moving([30, 50, 0], [170, 50, 0]),
      a: still([0, 0, 0]),
      s: still([100, 100, 100]),
    },
    shapes: [square],
  };
  const lottie = {
    v: '5.7.0',
    fr: 30,
    ip: 0,
    op: 60,
    w: 200,
    h: 100,
    ddd: 0,
    assets: [],
    layers: [layer],
  };
  return Buffer.from(JSON.stringify({ ...lottie, ...changes }));
}

/** A drawing with what the renderer should be able to do. */
export const DRAWING = `<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 80 60">
  <defs>
    <linearGradient id="sky"><stop offset="0" stop-color="#204080"/><stop offset="1" stop-color="#f08040"/></linearGradient>
    <circle id="disc" r="6" fill="white"/>
  </defs>
  <style>.edge { fill: none; stroke: gold; stroke-width: 3 }</style>
  <rect width="80" height="60" rx="8" fill="url(#sky)"/>
  <path class="edge" d="M10 50 L30 15 L45 40 L55 25 L70 50"/>
  <use href="#disc" x="62" y="14"/>
</svg>`;
