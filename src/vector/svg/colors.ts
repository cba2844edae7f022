import culori from 'culori/require';
import type { Color } from 'culori';

const { formatRgb, parse } = culori;

/** Properties whose value is a colour, or may be one. */
const COLOR_PROPERTIES = new Set([
  'fill',
  'stroke',
  'color',
  'stop-color',
  'flood-color',
  'lighting-color',
]);

/** Notations of CSS that the renderer does not know. */
const MODERN =
  /^(?:oklch|oklab|lch|lab|hwb|color)\(|^(?:rgb|hsl)a?\([^,]*\/|^(?:rgb|hsl)a?\([^,]+\)$/i;

/** A colour in a notation that the renderer knows; null when it is none. */
export function plainColor(css: string): string | null {
  const color: Color | undefined = parse(css.trim());
  return color === undefined ? null : formatRgb(color);
}

/** A value with its colour in a notation that the renderer knows. */
export function withPlainColor(property: string, value: string): string {
  if (!COLOR_PROPERTIES.has(property) || !MODERN.test(value)) return value;
  return plainColor(value) ?? value;
}
