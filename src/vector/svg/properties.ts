import { isUnknownColor } from './colors.js';

/** Properties that the renderer reads, as attributes. */
const DRAWN = new Set(
  `alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-interpolation-filters
   direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family
   font-size font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-horizontal
   glyph-orientation-vertical image-rendering kerning letter-spacing lighting-color marker-end marker-mid marker-start
   mask mask-type opacity overflow paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray
   stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
   text-decoration text-overflow text-rendering unicode-bidi visibility word-spacing writing-mode`.split(
    /\s+/,
  ),
);

/** Properties that the renderer reads in a style attribute only. */
const DRAWN_BY_STYLE = new Set(['mix-blend-mode', 'isolation', 'font-kerning']);

/** Geometry that CSS may set; the renderer wants it as attributes. */
const GEOMETRY = new Set(['x', 'y', 'cx', 'cy', 'r', 'rx', 'ry', 'width', 'height']);

/** What is seen in browsers and not drawn here, by property: what to call it. */
const NOT_DRAWN: Readonly<Record<string, string>> = {
  animation: 'CSS animations',
  'animation-name': 'CSS animations',
  'backdrop-filter': 'backdrop-filter',
  'font-feature-settings': 'font-feature-settings',
  'font-variation-settings': 'font-variation-settings',
  'inline-size': 'text wrapped to a width (inline-size)',
  'mask-image': 'mask-image',
  'offset-path': 'offset-path',
  perspective: '3D transforms',
  rotate: 'the property rotate: use transform',
  scale: 'the property scale: use transform',
  'shape-inside': 'text in shapes (shape-inside)',
  'text-shadow': 'text-shadow',
  'text-transform': 'text-transform',
  translate: 'the property translate: use transform',
};

/** Values that say that nothing is done. */
const NEUTRAL = /^(none|normal|auto|initial|unset|inherit|revert|0|)$/i;

export type PropertyUse = 'attribute' | 'style' | 'geometry' | 'other';

/** How a property reaches the renderer; other ones draw nothing. */
export function useOf(property: string): PropertyUse {
  if (DRAWN.has(property)) return 'attribute';
  if (DRAWN_BY_STYLE.has(property)) return 'style';
  return GEOMETRY.has(property) ? 'geometry' : 'other';
}

/** What of a declaration is not drawn; null: nothing is lost. */
export function lossOf(property: string, value: string): string | null {
  if (NEUTRAL.test(value)) return null;
  if (property === 'vector-effect') return `vector-effect: ${value.slice(0, 40)}`;
  if (property === 'clip-path' && !/^url\(/i.test(value))
    return 'clip-path with a CSS shape: use a <clipPath>';
  if (isUnknownColor(property, value)) return `the colour ${value.slice(0, 40)}`;
  if (/^font-variant(-caps)?$/.test(property) && /caps/i.test(value))
    return 'small capitals (font-variant)';
  if (property === 'mask' && !/^url\(/i.test(value)) return 'mask with a CSS image: use a <mask>';
  if (/(^|[^\w-])(calc|min|max|clamp|env|attr)\(/i.test(value))
    return `${property} with a calculated value (${value.slice(0, 40)})`;
  return NOT_DRAWN[property] ?? null;
}

const FONT_SIZES =
  /^(?:xx-small|x-small|small|medium|large|x-large|xx-large|larger|smaller|[\d.]+(?:e[+-]?\d+)?(?:[a-z]+|%)?)(?:\/\S+)?$/i;

/** The single properties that the shorthand `font` stands for. A value that cannot be read stands for none. */
export function expandFont(value: string): [string, string][] {
  const words = value.trim().split(/\s+/);
  const at = words.findIndex(
    (word, i) =>
      FONT_SIZES.test(word) && !/^[1-9]\d\d(?:\.\d+)?$/.test(word) && i < words.length - 1,
  );
  if (at < 0) return [];
  const size = (words[at] ?? '').replace(/\/.*$/, '');
  const expanded: [string, string][] = [
    ['font-style', 'normal'],
    ['font-variant', 'normal'],
    ['font-weight', 'normal'],
    ['font-size', size],
    ['font-family', words.slice(at + 1).join(' ')],
  ];
  for (const word of words.slice(0, at).map((one) => one.toLowerCase())) {
    if (/^(italic|oblique)$/.test(word)) expanded.push(['font-style', word]);
    else if (/^(bold|bolder|lighter|\d+)$/.test(word)) expanded.push(['font-weight', word]);
    else if (word === 'small-caps') expanded.push(['font-variant', word]);
    else if (/^(ultra-|extra-|semi-)?(condensed|expanded)$/.test(word))
      expanded.push(['font-stretch', word]);
  }
  return expanded;
}
