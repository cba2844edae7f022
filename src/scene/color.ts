import { converter, formatHex8, parse } from 'culori';

const toRgb = converter('rgb');

/** Whether a text is a colour of CSS (https://www.w3.org/TR/css-color-4/), in whatever case. */
export function isColor(text: string): boolean {
  return parse(text.toLowerCase()) !== undefined;
}

/**
 * A CSS colour as #rrggbbaa: what every painter understands. Colours outside of sRGB are clipped; what is no
 * colour is black.
 */
export function toHexColor(text: string): string {
  const color = toRgb(parse(text.toLowerCase()));
  return color === undefined ? '#000000ff' : formatHex8(color);
}
