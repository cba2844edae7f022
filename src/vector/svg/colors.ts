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

/** What may be a notation of CSS that the renderer does not know. */
const FUNCTION = /^(?!url\()[a-z-]+\(|^rebeccapurple$/i;

/** A colour in a notation that the renderer knows; null when it is none. */
export function plainColor(css: string): string | null {
  const color: Color | undefined = parse(css.trim().toLowerCase());
  return color === undefined ? null : formatRgb(color);
}

/** A value with its colour in a notation that the renderer knows. */
export function withPlainColor(property: string, value: string): string {
  if (!COLOR_PROPERTIES.has(property) || !FUNCTION.test(value.trim())) return value;
  return plainColor(value) ?? value;
}

/** Whether a value is a colour that is worked out of others, which nobody here can. */
export function isUnknownColor(property: string, value: string): boolean {
  return (
    COLOR_PROPERTIES.has(property) && FUNCTION.test(value.trim()) && plainColor(value) === null
  );
}
