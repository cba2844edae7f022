import { lengthPx, type ViewBox } from './size.js';
import type { SvgElement } from './tree.js';

const FUNCTION = /([a-z0-9]+)\(([^)]*)\)/gi;
const ANGLE_DEGREES: Readonly<Record<string, number>> = {
  '': 1,
  deg: 1,
  grad: 0.9,
  rad: 180 / Math.PI,
  turn: 360,
};

function degrees(text: string): number {
  const [, digits = '0', unit = ''] =
    /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  return Number(digits) * (ANGLE_DEGREES[unit.toLowerCase()] ?? 1);
}

function px(text: string | undefined, extent: number): number {
  const share = /^\s*([+-]?[\d.]+)%\s*$/.exec(text ?? '')?.[1];
  return share === undefined ? (lengthPx(text) ?? 0) : (Number(share) / 100) * extent;
}

function toAttribute(
  name: string,
  args: readonly string[],
  { width, height }: ViewBox,
): string | null {
  const [first = '0', second] = args;
  switch (name.toLowerCase()) {
    case 'matrix':
      return args.length === 6 ? `matrix(${args.join(' ')})` : null;
    case 'translate':
      return `translate(${px(first, width)} ${px(second, height)})`;
    case 'translatex':
      return `translate(${px(first, width)} 0)`;
    case 'translatey':
      return `translate(0 ${px(first, height)})`;
    case 'scale':
      return `scale(${args.join(' ')})`;
    case 'scalex':
      return `scale(${first} 1)`;
    case 'scaley':
      return `scale(1 ${first})`;
    case 'rotate':
    case 'rotatez':
      // The attribute may name a point to turn about.
      return args.length === 3 ? `rotate(${args.join(' ')})` : `rotate(${degrees(first)})`;
    case 'skew':
      return `skewX(${degrees(first)}) skewY(${degrees(second ?? '0')})`;
    case 'skewx':
      return `skewX(${degrees(first)})`;
    case 'skewy':
      return `skewY(${degrees(first)})`;
    default:
      return null;
  }
}

/** A transform of CSS, or of the attribute, in the attribute's own words; null when some of it cannot be said so. */
export function toTransformAttribute(css: string, reference: ViewBox): string | null {
  if (/^\s*(none)?\s*$/i.test(css)) return '';
  const functions = [...css.matchAll(FUNCTION)].map(([, name = '', args = '']) =>
    toAttribute(name, args.trim().split(/[\s,]+/), reference),
  );
  const known = functions.filter((one) => one !== null);
  return known.length === functions.length && known.length > 0 ? known.join(' ') : null;
}

const KEYWORDS: Readonly<Record<string, string>> = {
  left: '0%',
  top: '0%',
  center: '50%',
  right: '100%',
  bottom: '100%',
};

/** Where a transform turns about: a point in the element's coordinates. */
export function originOf(css: string, reference: ViewBox): { x: number; y: number } {
  const words = css.trim().toLowerCase().split(/\s+/);
  const isSwapped = /^(top|bottom)$/.test(words[0] ?? '') || /^(left|right)$/.test(words[1] ?? '');
  const [horizontal = '50%', vertical = '50%'] = isSwapped
    ? [words[1] ?? '50%', words[0] ?? '50%']
    : words;
  return {
    x: reference.x + px(KEYWORDS[horizontal] ?? horizontal, reference.width),
    y: reference.y + px(KEYWORDS[vertical] ?? vertical, reference.height),
  };
}

/** The box of an element that says where it is, without its stroke; null for any other. */
export function plainBoxOf({ name, attributes }: SvgElement): ViewBox | null {
  const value = (attribute: string): number => lengthPx(attributes.get(attribute)) ?? 0;
  switch (name) {
    case 'rect':
    case 'image':
      return { x: value('x'), y: value('y'), width: value('width'), height: value('height') };
    case 'circle':
      return {
        x: value('cx') - value('r'),
        y: value('cy') - value('r'),
        width: 2 * value('r'),
        height: 2 * value('r'),
      };
    case 'ellipse':
      return {
        x: value('cx') - value('rx'),
        y: value('cy') - value('ry'),
        width: 2 * value('rx'),
        height: 2 * value('ry'),
      };
    case 'line': {
      const [x1, x2, y1, y2] = [value('x1'), value('x2'), value('y1'), value('y2')];
      return {
        x: Math.min(x1, x2),
        y: Math.min(y1, y2),
        width: Math.abs(x1 - x2),
        height: Math.abs(y1 - y2),
      };
    }
    case 'polygon':
    case 'polyline': {
      const numbers = (attributes.get('points') ?? '')
        .trim()
        .split(/[\s,]+/)
        .map(Number)
        .filter(Number.isFinite);
      const xs = numbers.filter((_, i) => i % 2 === 0);
      const ys = numbers.filter((_, i) => i % 2 === 1);
      if (ys.length === 0) return null;
      const smallest = (list: number[]): number => list.reduce((a, b) => Math.min(a, b));
      const largest = (list: number[]): number => list.reduce((a, b) => Math.max(a, b));
      return {
        x: smallest(xs),
        y: smallest(ys),
        width: largest(xs) - smallest(xs),
        height: largest(ys) - smallest(ys),
      };
    }
    default:
      return null;
  }
}
