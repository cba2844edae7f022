import { tooComplexSvg } from './errors.js';
import { areaFactor, elementNumber, numbersIn } from './numbers.js';
import { outlineOf } from './path-length.js';
import { filterWork } from './filter-cost.js';
import { viewBoxOf } from './size.js';
import { descendants, elementsOf, type SvgElement } from './tree.js';

/**
 * What drawing a drawing once may take at the most, found out without drawing it. The figures are rough and lie beyond
 * what can be drawn in time: a drawing below them is tried, and the limits of the process hold.
 */
export const SVG_WORK_LIMITS = {
  /** When every element is put in where it is used. */
  elements: 100_000,
  /** A dash takes a microsecond. */
  dashes: 1_000_000,
  /** Of all outlines, as long as they are shown: each pixel of their height is looked at four times. */
  outlinePx: 100_000_000,
  /** That are filled, with those of groups that are put together by themselves first. */
  filledPx: 4_000_000_000,
  /** Of all filters, milliseconds. */
  filterMs: 3000,
  /** That one filter goes over: it has several buffers of them. */
  filterRegionPx: 24_000_000,
  /** Pictures of the whole drawing that masks, clips and patterns in each other need at the same time. */
  layersBytes: 300_000_000,
  /** Characters of all texts, and families of fonts. */
  characters: 50_000,
  fontFamilies: 200,
  /** Numbers of positions of single letters. */
  letterPlaces: 50_000,
  /** Corners of paths that texts follow, for each text again. */
  textPathCorners: 1_000_000,
  /** Of one gradient. */
  stops: 1000,
  /** Gradients that refer to others. */
  gradientDepth: 50,
} as const;

/** What drawing an element takes, with all that it uses. */
type Work = {
  elements: number;
  dashes: number;
  outlinePx: number;
  filledPx: number;
  filterMs: number;
  filterRegionPx: number;
  textPathCorners: number;
  /** Buffers that are open at the same time. */
  layers: number;
};

/** What an element has from those around it. */
type Context = {
  /** Pixels of the trial in one unit, squared. */
  readonly areaScale: number;
  readonly dash: string;
  readonly stroke: string;
};

const SHAPES = new Set(['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon']);
/** What is drawn only where something refers to it. */
const ELSEWHERE = new Set(
  'defs symbol clipPath mask pattern marker filter linearGradient radialGradient'.split(' '),
);
const MARKERS = ['marker-start', 'marker-mid', 'marker-end'];
const BYTES_PER_PIXEL = 4;
/** How much longer a pixel of a picture takes than one of a colour. */
const PICTURE_FACTOR = 5;
const PLACES = ['x', 'y', 'dx', 'dy', 'rotate'];
const TEXTS = new Set(['text', 'tspan', 'textPath']);
const GRADIENTS = new Set(['linearGradient', 'radialGradient']);

function none(): Work {
  return {
    elements: 0,
    dashes: 0,
    outlinePx: 0,
    filledPx: 0,
    filterMs: 0,
    filterRegionPx: 0,
    textPathCorners: 0,
    layers: 0,
  };
}

/** @param times how often `more` is drawn */
function add(work: Work, more: Work, times = 1): void {
  work.elements += times * more.elements;
  work.dashes += times * more.dashes;
  work.outlinePx += times * more.outlinePx;
  work.filledPx += times * more.filledPx;
  work.filterMs += times * more.filterMs;
  work.textPathCorners += times * more.textPathCorners;
  work.filterRegionPx = Math.max(work.filterRegionPx, more.filterRegionPx);
  work.layers = Math.max(work.layers, more.layers);
}

class Estimate {
  readonly #byId = new Map<string, SvgElement>();
  readonly #known = new Map<SvgElement, Work | null>();

  constructor(
    root: SvgElement,
    /** Pixels of the whole drawing, and its longer side in its own units. */
    readonly pixels: number,
    readonly extent: number,
  ) {
    for (const element of descendants(root)) {
      const id = element.attributes.get('id');
      if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, element);
    }
  }

  /** What drawing an element takes; nothing when it contains itself. What is used often counts as where it was first. */
  workOf(element: SvgElement, around: Context): Work {
    const known = this.#known.get(element);
    if (known !== undefined) return known ?? none();
    this.#known.set(element, null);
    const work = this.#reckon(element, around);
    this.#known.set(element, work);
    return work;
  }

  #reckon(element: SvgElement, around: Context): Work {
    const { attributes } = element;
    const context = this.#contextOf(element, around);
    const work = { ...none(), elements: 1 };
    if (SHAPES.has(element.name)) this.#addShape(work, element, context);
    if (element.name === 'image') this.#addPicture(work, element, context);
    if (element.name === 'textPath') {
      const path = this.#byId.get(attributes.get('href')?.replace(/^#/, '') ?? '');
      if (path !== undefined) work.textPathCorners += outlineOf(path, this.extent).corners;
    }
    for (const child of elementsOf(element))
      if (!ELSEWHERE.has(child.name)) add(work, this.workOf(child, context));
    if (element.name === 'use') add(work, this.#referred(attributes.get('href'), context));
    for (const name of ['fill', 'stroke']) {
      const target = this.#targetOf(attributes.get(name));
      if (target?.name === 'pattern') add(work, this.#layered(target, context));
    }
    for (const name of ['mask', 'clip-path']) {
      const target = this.#targetOf(attributes.get(name));
      if (target === null) continue;
      add(work, this.#layered(target, context));
      work.layers += 1;
      work.filledPx += this.pixels;
    }
    const opacity = Number(attributes.get('opacity') ?? 1);
    if (!SHAPES.has(element.name) && opacity < 1) {
      work.filledPx += 4 * Math.min(this.pixels, work.filledPx);
      work.layers += 1;
    }
    const filter = this.#targetOf(attributes.get('filter'));
    if (filter?.name === 'filter') {
      const { areaScale } = context;
      const { ms, regionPx } = filterWork(filter, element, { areaScale, extent: this.extent });
      work.filterMs += ms;
      work.filterRegionPx = Math.max(work.filterRegionPx, regionPx);
      work.layers += 1;
    }
    return work;
  }

  #contextOf({ name, attributes }: SvgElement, around: Context): Context {
    let areaScale = around.areaScale * areaFactor(attributes.get('transform'));
    if (name === 'svg') areaScale *= this.#viewBoxFactor(attributes);
    return {
      areaScale,
      dash: attributes.get('stroke-dasharray') ?? around.dash,
      stroke: attributes.get('stroke') ?? around.stroke,
    };
  }

  #viewBoxFactor(attributes: SvgElement['attributes']): number {
    const element = { name: 'svg', attributes, children: [], parent: null };
    const box = viewBoxOf(element);
    const [width, height] = ['width', 'height'].map((side) =>
      attributes.has(side) ? elementNumber(element, side, this.extent) : this.extent,
    );
    if (box === null || width === undefined || height === undefined) return 1;
    return Math.min(width / box.width, height / box.height) ** 2;
  }

  #addShape(work: Work, shape: SvgElement, { areaScale, dash, stroke }: Context): void {
    const { length, corners } = outlineOf(shape, this.extent);
    work.filledPx += Math.min(this.pixels, areaOf(shape, this.extent) * areaScale);
    work.outlinePx += length * Math.sqrt(areaScale);
    if (stroke !== '' && stroke !== 'none') {
      const period = numbersIn(dash).reduce((sum, one) => sum + Math.max(0, one), 0);
      if (period > 0) work.dashes += length / period;
    }
    for (const name of MARKERS) {
      const marker = this.#targetOf(shape.attributes.get(name));
      // Each is cut to its box, which takes a group.
      if (marker?.name === 'marker') {
        const once = { areaScale, dash: '', stroke: '' };
        add(work, this.workOf(marker, once), name === 'marker-mid' ? corners : 1);
      }
    }
  }

  #addPicture(work: Work, picture: SvgElement, { areaScale }: Context): void {
    const [width, height] = ['width', 'height'].map((side) =>
      elementNumber(picture, side, this.extent),
    );
    const px = (width ?? 0) * (height ?? 0) * areaScale;
    work.filledPx += PICTURE_FACTOR * Math.min(this.pixels, px);
  }

  #layered(target: SvgElement, { areaScale }: Context): Work {
    const work = this.workOf(target, { areaScale, dash: '', stroke: '' });
    return { ...work, layers: work.layers + 1 };
  }

  #referred(href: string | undefined, context: Context): Work {
    const target = this.#byId.get(href?.replace(/^#/, '') ?? '');
    return target === undefined ? none() : this.workOf(target, context);
  }

  #targetOf(value: string | undefined): SvgElement | null {
    const id = /^url\(#([^)]*)\)/.exec(value ?? '')?.[1];
    return (id === undefined ? undefined : this.#byId.get(id)) ?? null;
  }
}

/** How much a shape covers, in its own units; nothing for those of which it is not plain. */
function areaOf(shape: SvgElement, extent: number): number {
  const number = (name: string): number => elementNumber(shape, name, extent);
  switch (shape.name) {
    case 'rect':
      return number('width') * number('height');
    case 'circle':
      return Math.PI * number('r') ** 2;
    case 'ellipse':
      return Math.PI * number('rx') * number('ry');
    default:
      return 0;
  }
}

/** @throws AppError SM_ASSET_TOO_COMPLEX when there is more text than can be set in time */
function checkTexts(root: SvgElement): void {
  let [characters, places] = [0, 0];
  const families = new Set<string>();
  for (const { name, attributes, children } of descendants(root)) {
    const family = attributes.get('font-family');
    if (family !== undefined) families.add(family);
    if (!TEXTS.has(name)) continue;
    for (const child of children) if (typeof child === 'string') characters += child.length;
    // A number and what divides it from the next are two characters at the least.
    for (const place of PLACES) places += (attributes.get(place)?.length ?? 0) / 2;
  }
  const limits = SVG_WORK_LIMITS;
  refuse(characters, limits.characters, 'characters of text', 'Show less text in it.');
  refuse(families.size, limits.fontFamilies, 'lists of fonts', 'Use fewer fonts.');
  refuse(places, limits.letterPlaces, 'positions of single letters', 'Position whole texts.');
}

/** @throws AppError SM_ASSET_TOO_COMPLEX */
function checkGradients(root: SvgElement): void {
  const gradients = [...descendants(root)].filter(({ name }) => GRADIENTS.has(name));
  const byId = new Map(gradients.map((one) => [`#${one.attributes.get('id') ?? ''}`, one]));
  const limits = SVG_WORK_LIMITS;
  for (const gradient of gradients) {
    const stops = elementsOf(gradient).length;
    refuse(stops, limits.stops, 'stops of one gradient', 'Remove those that are not visible.');
    let depth = 0;
    let next = byId.get(gradient.attributes.get('href') ?? '');
    for (; next !== undefined && depth <= limits.gradientDepth; depth++)
      next = byId.get(next.attributes.get('href') ?? '');
    refuse(
      depth,
      limits.gradientDepth,
      'gradients that refer to each other, or more',
      'Give each its own stops.',
    );
  }
}

/**
 * Refuses a drawing that cannot be drawn in time, by what is written in it.
 * @param root of a drawing that has been cleaned
 * @param size of it, and how many pixels a unit of it becomes when it is tried
 * @throws AppError SM_ASSET_TOO_COMPLEX naming what is too much
 */
export function checkCost(
  root: SvgElement,
  size: { readonly width: number; readonly height: number },
  scale: number,
): void {
  const limits = SVG_WORK_LIMITS;
  checkTexts(root);
  checkGradients(root);
  const pixels = size.width * size.height * scale * scale;
  const estimate = new Estimate(root, pixels, Math.max(size.width, size.height));
  const around = { areaScale: scale * scale, dash: '', stroke: '' };
  const work = estimate.workOf(root, around);
  refuse(
    work.elements,
    limits.elements,
    'elements with all references expanded',
    'Use <use>, <symbol> and markers less often.',
  );
  refuse(work.dashes, limits.dashes, 'dashes', 'Make stroke-dasharray longer.');
  refuse(
    work.outlinePx,
    limits.outlinePx,
    'pixels of outlines',
    'Use fewer and shorter paths, and remove points that are not visible.',
  );
  refuse(
    work.filledPx,
    limits.filledPx,
    'pixels of overlapping fills',
    'Use fewer large shapes and half transparent groups.',
  );
  refuse(
    work.filterMs,
    limits.filterMs,
    'milliseconds of filters',
    'Use smaller filter regions and radii, and fewer filters.',
  );
  refuse(
    work.filterRegionPx,
    limits.filterRegionPx,
    'pixels for one filter',
    'Use smaller filter regions.',
  );
  refuse(
    work.textPathCorners,
    limits.textPathCorners,
    'corners of paths under its texts',
    'Use simpler paths, or fewer texts on them.',
  );
  refuse(
    work.layers * pixels * BYTES_PER_PIXEL,
    limits.layersBytes,
    'bytes for nested masks, clips, patterns and groups',
    'Nest them less deeply.',
  );
}

function refuse(count: number, limit: number, what: string, wayOut: string): void {
  if (count <= limit) return;
  const shown = Number.isFinite(count) ? Math.round(count).toLocaleString('en') : 'endlessly many';
  throw tooComplexSvg(
    `it needs ${shown} ${what}; the limit is ${limit.toLocaleString('en')}. ${wayOut}`,
  );
}
