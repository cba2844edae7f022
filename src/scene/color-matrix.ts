import { toChannels } from './color.js';
import type { Filter } from './schema/style.js';

/** A 4×5 colour matrix row by row, offsets where 1 is full, as feColorMatrix has it. */
export type ColorMatrix = readonly number[];

/** Luminance weights that https://www.w3.org/TR/filter-effects-1/ uses in its filters. */
const [R, G, B] = [0.2126, 0.7152, 0.0722];

const KEEP_ALPHA = [0, 0, 0, 1, 0];

function scaled(gain: number, offset: number): ColorMatrix {
  return [gain, 0, 0, 0, offset, 0, gain, 0, 0, offset, 0, 0, gain, 0, offset, ...KEEP_ALPHA];
}

/** Saturation as in feColorMatrix: 0 is grey, 1 leaves the colour as it is. */
function saturated(s: number): ColorMatrix {
  const row = (own: number): number[] => [
    R * (1 - s) + (own === 0 ? s : 0),
    G * (1 - s) + (own === 1 ? s : 0),
    B * (1 - s) + (own === 2 ? s : 0),
    0,
    0,
  ];
  return [...row(0), ...row(1), ...row(2), ...KEEP_ALPHA];
}

/** The turn of the hue of feColorMatrix `hueRotate`. */
function turned(degrees: number): ColorMatrix {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    ...[R + cos * (1 - R) - sin * R, G - cos * G - sin * G, B - cos * B + sin * (1 - B), 0, 0],
    ...[R - cos * R + sin * 0.143, G + cos * (1 - G) + sin * 0.14, B - cos * B - sin * 0.283, 0, 0],
    ...[R - cos * R - sin * (1 - R), G - cos * G + sin * G, B + cos * (1 - B) + sin * B, 0, 0],
    ...KEEP_ALPHA,
  ];
}

/** The matrix of the sepia filter: https://www.w3.org/TR/filter-effects-1/#sepiaEquivalent. */
function sepia(amount: number): ColorMatrix {
  const keep = 1 - amount;
  return [
    ...[0.393 + 0.607 * keep, 0.769 - 0.769 * keep, 0.189 - 0.189 * keep, 0, 0],
    ...[0.349 - 0.349 * keep, 0.686 + 0.314 * keep, 0.168 - 0.168 * keep, 0, 0],
    ...[0.272 - 0.272 * keep, 0.534 - 0.534 * keep, 0.131 + 0.869 * keep, 0, 0],
    ...KEEP_ALPHA,
  ];
}

/** Draws every colour towards one, by its luminance: black stays black, white becomes the colour. */
function tinted(color: string, amount: number): ColorMatrix {
  const row = (channel: number, own: number): number[] => [
    R * channel * amount + (own === 0 ? 1 - amount : 0),
    G * channel * amount + (own === 1 ? 1 - amount : 0),
    B * channel * amount + (own === 2 ? 1 - amount : 0),
    0,
    0,
  ];
  const [r, g, b] = toChannels(color);
  return [...row(r, 0), ...row(g, 1), ...row(b, 2), ...KEEP_ALPHA];
}

/** What a filter does to the colour of every pixel; null for a blur, which is about neighbours. */
export function toColorMatrix(filter: Filter): ColorMatrix | null {
  switch (filter.type) {
    case 'blur':
      return null;
    case 'brightness':
      return scaled(filter.amount, 0);
    case 'contrast':
      return scaled(filter.amount, 0.5 - filter.amount / 2);
    case 'saturation':
      return saturated(filter.amount);
    case 'hue':
      return turned(filter.degrees);
    case 'grayscale':
      return saturated(1 - filter.amount);
    case 'sepia':
      return sepia(filter.amount);
    case 'invert':
      return scaled(1 - 2 * filter.amount, filter.amount);
    case 'tint':
      return tinted(filter.color, filter.amount);
  }
}
