// In one file: as 189 small ones it takes every thread 50 ms to load.
import culori from 'culori/require';

const { converter, formatHex8, interpolate, parse } = culori;

const toRgb = converter('rgb');

/** What culori reads; undefined: no colour. Its tokenizer throws at a `)` that closes nothing. */
function parseColor(text: string): ReturnType<typeof parse> {
  try {
    return parse(text.toLowerCase());
  } catch {
    return undefined;
  }
}

/** Whether a text is a colour of CSS (https://www.w3.org/TR/css-color-4/), in whatever case. */
export function isColor(text: string): boolean {
  return parseColor(text) !== undefined;
}

/**
 * A CSS colour as #rrggbbaa: what every painter understands. Colours outside of sRGB are clipped; what is no
 * colour is black.
 */
export function toHexColor(text: string): string {
  const color = toRgb(parseColor(text));
  return color === undefined ? '#000000ff' : formatHex8(color);
}

/** The colours between two, as CSS mixes them: in gamma-encoded sRGB. Progress beyond 0 and 1 counts as these. */
export function mixColors(from: string, to: string): (progress: number) => string {
  const [start, end] = [toHexColor(from), toHexColor(to)];
  if (start === end) return () => end;
  const mixed = interpolate([start, end], 'rgb');
  return (progress) => formatHex8(mixed(Math.min(1, Math.max(0, progress))));
}

/** Red, green, blue and alpha of a CSS colour, each 0 to 1, not premultiplied. */
export function toChannels(text: string): readonly [number, number, number, number] {
  const [r = 0, g = 0, b = 0, a = 255] = [0, 1, 2, 3].map((i) =>
    Number.parseInt(toHexColor(text).slice(1 + 2 * i, 3 + 2 * i), 16),
  );
  return [r / 255, g / 255, b / 255, a / 255];
}

/** The premultiplied bytes R G B A of a CSS colour as a little-endian word. */
export function toPremultipliedWord(text: string): number {
  const [r, g, b, a] = toChannels(text);
  const byte = (value: number): number => Math.round(value * 255);
  return (byte(a) << 24) | (byte(b * a) << 16) | (byte(g * a) << 8) | byte(r * a);
}

/** The bytes R G B 255 of a CSS colour, whatever its alpha, as a little-endian word. */
export function toOpaqueWord(text: string): number {
  const [r, g, b] = toChannels(text);
  const byte = (value: number): number => Math.round(value * 255);
  return 0xff000000 | (byte(b) << 16) | (byte(g) << 8) | byte(r);
}
