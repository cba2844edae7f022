import { test } from 'node:test';
import type { Item } from '../../src/compositor/items/item.js';
import { assertWithin } from './pixel-checks.js';
import { group, solid } from './stack-items.js';
import { createTileBench, noise, type Pixels } from './tile-bench.js';
import { BLEND_MODES } from '../../src/scene/blend-modes.js';
import { toItem } from './placed-item.js';

const [WIDTH, HEIGHT] = [96, 64];
const FRAME = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const NOWHERE = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
const bench = createTileBench(WIDTH, HEIGHT);

function place(pixels: Pixels, opacity: number, blend: number): Item[] {
  const item = toItem('item', bench.bitmap(pixels), NOWHERE, { clip: FRAME, opacity, blend });
  return item === null ? [] : [item];
}

type Rgb = readonly [number, number, number];

const lum = ([r, g, b]: Rgb): number => 0.3 * r + 0.59 * g + 0.11 * b;
const sat = (c: Rgb): number => Math.max(...c) - Math.min(...c);
const mapRgb = ([r, g, b]: Rgb, f: (value: number) => number): Rgb => [f(r), f(g), f(b)];

/** https://www.w3.org/TR/compositing-1/#blendingnonseparable */
function clipColor(c: Rgb): Rgb {
  const [l, n, x] = [lum(c), Math.min(...c), Math.max(...c)];
  const up = n < 0 ? mapRgb(c, (v) => l + ((v - l) * l) / (l - n)) : c;
  return x > 1 ? mapRgb(up, (v) => l + ((v - l) * (1 - l)) / (x - l)) : up;
}

function setLum(c: Rgb, l: number): Rgb {
  return clipColor(mapRgb(c, (v) => v + l - lum(c)));
}

function setSat(c: Rgb, s: number): Rgb {
  const low = Math.min(...c);
  return sat(c) === 0 ? [0, 0, 0] : mapRgb(c, (v) => ((v - low) * s) / sat(c));
}

function hardLight(b: number, s: number): number {
  return s <= 0.5 ? b * 2 * s : b + (2 * s - 1) - b * (2 * s - 1);
}

/** https://www.w3.org/TR/compositing-1/#blendingseparable; `b` is below, `s` on top. */
const SEPARABLE: Readonly<Record<string, (b: number, s: number) => number>> = {
  normal: (_, s) => s,
  multiply: (b, s) => b * s,
  screen: (b, s) => b + s - b * s,
  overlay: (b, s) => hardLight(s, b),
  darken: Math.min,
  lighten: Math.max,
  'color-dodge': (b, s) => (b === 0 ? 0 : s === 1 ? 1 : Math.min(1, b / (1 - s))),
  'color-burn': (b, s) => (b === 1 ? 1 : s === 0 ? 0 : 1 - Math.min(1, (1 - b) / s)),
  'hard-light': hardLight,
  'soft-light': (b, s) => {
    if (s <= 0.5) return b - (1 - 2 * s) * b * (1 - b);
    const d = b <= 0.25 ? ((16 * b - 12) * b + 4) * b : Math.sqrt(b);
    return b + (2 * s - 1) * (d - b);
  },
  difference: (b, s) => Math.abs(b - s),
  exclusion: (b, s) => b + s - 2 * b * s,
};

const WHOLE: Readonly<Record<string, (b: Rgb, s: Rgb) => Rgb>> = {
  hue: (b, s) => setLum(setSat(s, sat(b)), lum(b)),
  saturation: (b, s) => setLum(setSat(b, sat(s)), lum(b)),
  color: (b, s) => setLum(s, lum(b)),
  luminosity: (b, s) => setLum(b, lum(s)),
};

function blend(mode: string, below: Rgb, own: Rgb): Rgb {
  const separable = SEPARABLE[mode];
  if (separable === undefined) return WHOLE[mode]?.(below, own) ?? below;
  const [r, g, b] = below;
  return [separable(r, own[0]), separable(g, own[1]), separable(b, own[2])];
}

/**
 * Compositing with a blend mode, as premultiplied RGBA: https://www.w3.org/TR/compositing-1/#generalformula, and
 * plus-lighter for `add`.
 */
function expectedBlend(mode: string, below: Pixels, own: Pixels, opacity: number): number[] {
  const expected: number[] = [];
  for (let at = 0; at < own.rgba.length; at += 4) {
    const straight = ({ rgba }: Pixels): Rgb => {
      const alpha = Math.max(1, rgba[at + 3] ?? 0);
      return [(rgba[at] ?? 0) / alpha, (rgba[at + 1] ?? 0) / alpha, (rgba[at + 2] ?? 0) / alpha];
    };
    const alpha = ((own.rgba[at + 3] ?? 0) / 255) * opacity;
    const under = (below.rgba[at + 3] ?? 0) / 255;
    const [b, s] = [straight(below), straight(own)];
    const mixed = blend(mode, b, s);
    for (const i of [0, 1, 2] as const)
      expected.push(
        255 *
          (mode === 'add'
            ? Math.min(1, b[i] * under + s[i] * alpha)
            : (1 - under) * alpha * s[i] + (1 - alpha) * under * b[i] + alpha * under * mixed[i]),
      );
    expected.push(
      255 * (mode === 'add' ? Math.min(1, under + alpha) : under + alpha - under * alpha),
    );
  }
  return expected;
}

const KINDS = [
  [12, true, 1],
  [13, false, 1],
  [14, false, 0.5],
] as const;

BLEND_MODES.forEach((mode, number) => {
  // Whole numbers are used for the one that everything goes through: with opacity it rounds twice.
  const tolerance = (opacity: number): number => (number === 0 && opacity < 1 ? 1.51 : 1.01);

  test(`${mode} is what the W3C says`, () => {
    bench.clear();
    const below = noise(11, WIDTH, HEIGHT, true);
    for (const [seed, isOpaque, opacity] of KINDS) {
      const own = noise(seed, WIDTH, HEIGHT, isOpaque);
      const items = [...place(below, 1, 0), ...place(own, opacity, number)];
      const found = bench.renderRgba(items, [0, 0, 0], FRAME);
      assertWithin(found, expectedBlend(mode, below, own, opacity), tolerance(opacity), WIDTH);
    }
  });

  test(`${mode} is what the W3C says in a group, where what is below is of any alpha`, () => {
    bench.clear();
    const below = noise(15, WIDTH, HEIGHT, false);
    for (const [seed, isOpaque, opacity] of KINDS) {
      const own = noise(seed, WIDTH, HEIGHT, isOpaque);
      const content = [...place(below, 1, 0), ...place(own, opacity, number)];
      const found = bench.renderGroup(group(FRAME, content), FRAME);
      assertWithin(found, expectedBlend(mode, below, own, opacity), tolerance(opacity), WIDTH);
    }
  });

  test(`a group is composited with ${mode} as a bitmap would be, byte for byte`, () => {
    bench.clear();
    const below = place(noise(16, WIDTH, HEIGHT, true), 1, 0);
    for (const [seed, isOpaque, opacity] of KINDS) {
      const own = noise(seed, WIDTH, HEIGHT, isOpaque);
      const direct = bench.renderRgba([...below, ...place(own, opacity, number)], [0, 0, 0], FRAME);
      const grouped = bench.renderRgba(
        [...below, ...group(FRAME, place(own, 1, 0), opacity * 256, number)],
        [0, 0, 0],
        FRAME,
      );
      assertWithin(grouped, [...direct], 0, WIDTH);
    }
  });

  test(`a colour is filled in with ${mode} as a bitmap of it would be, byte for byte`, () => {
    bench.clear();
    const below = place(noise(17, WIDTH, HEIGHT, true), 1, 0);
    for (const color of [
      [10, 200, 90, 255],
      [30, 0, 77, 100],
    ]) {
      const rgba = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => color[i % 4] ?? 0);
      const direct = bench.renderRgba(
        [...below, ...place({ width: WIDTH, height: HEIGHT, rgba }, 0.75, number)],
        [0, 0, 0],
        FRAME,
      );
      const filled = bench.renderRgba(
        [...below, solid(FRAME, color, 192, number)],
        [0, 0, 0],
        FRAME,
      );
      assertWithin(filled, [...direct], 0, WIDTH);
    }
  });
});
