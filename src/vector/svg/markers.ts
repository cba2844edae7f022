import { descendants, inherited, type SvgElement } from './tree.js';

/** Markers that are made of others, and the elements in them, all in all. */
const MAX_COPIES = 100;
const MAX_COPIED_ELEMENTS = 10_000;

const PLACES = ['marker-start', 'marker-mid', 'marker-end'] as const;
const CONTEXT = /^context-(fill|stroke)$/;

/** What is lost when there are more than may be made, for people. */
const LOST =
  'the direction and the colours of some markers (auto-start-reverse and context-stroke)';

function idIn(reference: string | undefined): string | null {
  return /^\s*url\(#([^)]*)\)/.exec(reference ?? '')?.[1] ?? null;
}

/** What an element is painted with, where markers are to be painted with the same. */
function paintOf(element: SvgElement, property: 'fill' | 'stroke'): string {
  const value = inherited(element, property) ?? (property === 'fill' ? '#000' : 'none');
  return /^currentcolor$/i.test(value) ? (inherited(element, 'color') ?? '#000') : value;
}

function copyOf(
  { name, attributes, children }: SvgElement,
  parent: SvgElement | null,
  change: (value: string) => string,
): SvgElement {
  const copy: SvgElement = {
    name,
    attributes: new Map([...attributes].map(([key, value]) => [key, change(value)])),
    children: [],
    parent,
  };
  for (const child of children)
    copy.children.push(typeof child === 'string' ? child : copyOf(child, copy, change));
  return copy;
}

const numberOf = (value: string | undefined, otherwise: number): number => {
  const number = Number.parseFloat(value ?? '');
  return Number.isFinite(number) ? number : otherwise;
};

const OPPOSITE: Readonly<Record<string, string>> = { xMin: 'xMax', xMax: 'xMin' };
const OPPOSITE_Y: Readonly<Record<string, string>> = { YMin: 'YMax', YMax: 'YMin' };

/** Turns a marker by half a turn about the point that it is placed by. What its edges cut off turns with it. */
function reverse(marker: SvgElement): void {
  const { attributes } = marker;
  const number = (name: string, otherwise: number): number =>
    numberOf(attributes.get(name), otherwise);
  const [refX, refY] = [number('refX', 0), number('refY', 0)];
  const own = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const hasBox = own.length === 4 && own.every(Number.isFinite);
  const size = [number('markerWidth', 3), number('markerHeight', 3)];
  const [x = 0, y = 0, width = 0, height = 0] = hasBox ? own : [0, 0, ...size];
  attributes.set('viewBox', [2 * refX - x - width, 2 * refY - y - height, width, height].join(' '));
  const ratio = attributes.get('preserveAspectRatio');
  if (ratio !== undefined)
    attributes.set(
      'preserveAspectRatio',
      ratio
        .replace(/x(?:Min|Max)/, (side) => OPPOSITE[side] ?? side)
        .replace(/Y(?:Min|Max)/, (side) => OPPOSITE_Y[side] ?? side),
    );
  const turned: SvgElement = {
    name: 'g',
    attributes: new Map([['transform', `rotate(180 ${refX} ${refY})`]]),
    children: [],
    parent: marker,
  };
  for (const child of marker.children)
    turned.children.push(
      typeof child === 'string' ? child : copyOf(child, turned, (value) => value),
    );
  marker.children.splice(0, marker.children.length, turned);
}

/** A marker that the renderer does not draw as it is meant. */
type ModernMarker = {
  readonly element: SvgElement;
  readonly id: string;
  readonly elements: number;
  readonly isReversing: boolean;
  readonly takesColors: boolean;
};

function toModern(element: SvgElement, id: string): ModernMarker | null {
  const inside = [...descendants(element)];
  const isReversing = element.attributes.get('orient') === 'auto-start-reverse';
  const takesColors = inside.some(({ attributes }) =>
    [...attributes.values()].some((value) => CONTEXT.test(value)),
  );
  if (!isReversing && !takesColors) return null;
  return { element, id, elements: inside.length, isReversing, takesColors };
}

/** Shapes that have markers. */
const SHAPES = new Set(['path', 'line', 'polyline', 'polygon']);

/**
 * Writes what SVG 2 says of markers in words of SVG 1.1: a marker that is reversed at the start becomes two, and one that
 * takes the colours of its shape becomes one for each pair of colours.
 * @param notDrawn - gets a line when there are too many
 */
export function plainMarkers(root: SvgElement, notDrawn: Set<string>): void {
  const all = [...descendants(root)];
  const markers = new Map<string, ModernMarker>();
  for (const element of all) {
    const id = element.attributes.get('id');
    if (element.name !== 'marker' || id === undefined || markers.has(id)) continue;
    const modern = toModern(element, id);
    if (modern !== null) markers.set(id, modern);
  }
  if (markers.size === 0) return;
  const made = new Map<string, string>();
  let copied = 0;
  const markerFor = (marker: ModernMarker, shape: SvgElement, isStart: boolean): string => {
    const { element, id, isReversing, takesColors } = marker;
    const isReversed = isStart && isReversing;
    const fill = takesColors ? paintOf(shape, 'fill') : '';
    const stroke = takesColors ? paintOf(shape, 'stroke') : '';
    const key = JSON.stringify([id, isReversed, fill, stroke]);
    const known = made.get(key);
    if (known !== undefined) return known;
    copied += marker.elements;
    if (made.size >= MAX_COPIES || copied > MAX_COPIED_ELEMENTS) {
      notDrawn.add(LOST);
      return id;
    }
    const name = `${id}--${made.size}`;
    made.set(key, name);
    const copy = copyOf(element, element.parent, (value) =>
      value === 'context-fill' ? fill : value === 'context-stroke' ? stroke : value,
    );
    for (const { attributes } of descendants(copy)) attributes.delete('id');
    copy.attributes.set('id', name);
    if (isReversing) copy.attributes.set('orient', 'auto');
    if (isReversed) reverse(copy);
    const siblings = element.parent?.children;
    siblings?.splice(siblings.indexOf(element) + 1, 0, copy);
    return name;
  };
  for (const shape of all) {
    if (!SHAPES.has(shape.name)) continue;
    for (const place of PLACES) {
      const marker = markers.get(idIn(inherited(shape, place)) ?? '');
      if (marker === undefined) continue;
      const name = markerFor(marker, shape, place === 'marker-start');
      shape.attributes.set(place, `url(#${name})`);
    }
  }
}
