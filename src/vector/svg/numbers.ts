import { lengthPx } from './size.js';
import type { SvgElement } from './tree.js';

/** A length or a share of `extent` in the element's units; 0 when it is none. */
export function elementNumber(element: SvgElement, name: string, extent: number): number {
  const text = element.attributes.get(name);
  const share = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)%\s*$/i.exec(text ?? '')?.[1];
  return share === undefined ? (lengthPx(text) ?? 0) : (Number(share) / 100) * extent;
}

/** The numbers in a list such as that of dashes or of a radius; what is none is left out. */
export function numbersIn(text: string | undefined): number[] {
  return (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .map((word) => lengthPx(word))
    .filter((number) => number !== null);
}

/** By how much a transform multiplies areas. */
export function areaFactor(transform: string | undefined): number {
  let factor = 1;
  for (const [, name = '', args = ''] of (transform ?? '').matchAll(/([a-z]+)\s*\(([^)]*)\)/gi)) {
    const [a = 1, b = a, c = 0, d = 1] = numbersIn(args);
    if (/^scale$/i.test(name)) factor *= a * b;
    else if (/^matrix$/i.test(name)) factor *= a * d - b * c;
  }
  return Number.isFinite(factor) ? Math.abs(factor) : 0;
}
