import { elementNumber, numbersIn } from './numbers.js';
import { outlineOf } from './path-length.js';
import { elementsOf, type SvgElement } from './tree.js';

/** What a primitive takes for a pixel, nanoseconds, measured roughly: with what its attributes multiply it by. */
const PRIMITIVE_NS: Readonly<Record<string, number>> = {
  feGaussianBlur: 30,
  feDropShadow: 45,
  feMorphology: 2,
  feConvolveMatrix: 3,
  feTurbulence: 60,
  feDiffuseLighting: 40,
  feSpecularLighting: 40,
  feDisplacementMap: 15,
  feColorMatrix: 15,
  feComponentTransfer: 10,
};
const OTHER_NS = 6;

/** What a drawing has of it around, in the element that is filtered. */
export type FilterSurroundings = {
  /** Pixels of the trial in one unit, squared. */
  readonly areaScale: number;
  /** The longer side of the drawing in its units. */
  readonly extent: number;
};

/** The box of a shape, or of the largest in a group, in its own units. */
function boxOf(element: SvgElement, extent: number): { width: number; height: number } {
  if (element.name === 'image')
    return {
      width: elementNumber(element, 'width', extent),
      height: elementNumber(element, 'height', extent),
    };
  const inner = elementsOf(element).map((child) => boxOf(child, extent));
  return inner.reduce(
    (largest, one) => (one.width * one.height > largest.width * largest.height ? one : largest),
    outlineOf(element, extent),
  );
}

/** A side of the filter's region, as a share of the box of what is filtered; 120 % if nobody says. */
function shareOf(filter: SvgElement, name: string): number {
  return filter.attributes.has(name) ? elementNumber(filter, name, 1) : 1.2;
}

/** What filtering an element takes. */
export type FilterWork = { readonly ms: number; readonly regionPx: number };

/** What filtering an element takes, as far as its size is plain. */
export function filterWork(
  filter: SvgElement,
  element: SvgElement,
  { areaScale, extent }: FilterSurroundings,
): FilterWork {
  const isOwnSpace = filter.attributes.get('filterUnits') === 'userSpaceOnUse';
  const box = boxOf(element, extent);
  const region = isOwnSpace
    ? elementNumber(filter, 'width', extent) * elementNumber(filter, 'height', extent)
    : box.width * shareOf(filter, 'width') * box.height * shareOf(filter, 'height');
  const regionPx = region * areaScale;
  const scale = Math.sqrt(areaScale);
  const ns = elementsOf(filter).reduce((sum, primitive) => sum + nsPerPixel(primitive, scale), 0);
  return { ms: (regionPx * ns) / 1e6, regionPx };
}

function nsPerPixel(primitive: SvgElement, scale: number): number {
  const { name, attributes } = primitive;
  const ns = PRIMITIVE_NS[name] ?? OTHER_NS;
  if (name === 'feMorphology') {
    const [rx = 0, ry = rx] = numbersIn(attributes.get('radius'));
    return ns * Math.max(1, 2 * rx * scale) * Math.max(1, 2 * ry * scale);
  }
  if (name === 'feConvolveMatrix') {
    const [columns = 3, rows = columns] = numbersIn(attributes.get('order'));
    return ns * columns * rows;
  }
  if (name === 'feTurbulence') return ns * (numbersIn(attributes.get('numOctaves'))[0] ?? 1);
  return ns;
}
