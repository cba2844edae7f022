import { cascade, type Styles } from './cascade.js';
import { plainColor, withPlainColor } from './colors.js';
import { plainDashes } from './dashes.js';
import { readDataAddress } from './data-address.js';
import { decodeXml } from './decode-text.js';
import { plainMarkers } from './markers.js';
import { parseSvg } from './parse.js';
import { expandFont, lossOf, useOf } from './properties.js';
import { sizeOf, viewBoxOf, type SvgSize, type ViewBox } from './size.js';
import { originOf, plainBoxOf, toTransformAttribute } from './transform.js';
import type { SvgElement } from './tree.js';
import { createVariableBudget, resolveVariables, type Variables } from './variables.js';

/** A picture that stands in a drawing: the element that shows it has no address until it has been looked at. */
export type EmbeddedPicture = {
  readonly element: SvgElement;
  readonly mediaType: string;
  readonly bytes: Buffer;
};

/** A drawing without anything that acts or reaches outside, in words that the renderer understands. */
export type CleanSvg = SvgSize & {
  /** `<svg width height viewBox="0 0 width height">` with the drawing in it; all styles are attributes. */
  readonly root: SvgElement;
  readonly pictures: readonly EmbeddedPicture[];
  /** What of it is seen in browsers but not drawn here, for people. */
  readonly notDrawn: Set<string>;
};

/** What draws; whatever else there is, with all that is in it, is left out. */
const ELEMENTS = new Set(
  `svg g defs symbol use switch path rect circle ellipse line polyline polygon text tspan textPath image
   linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix
   feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
   feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
   fePointLight feSpecularLighting feSpotLight feTile feTurbulence`.split(/\s+/),
);

/** What is left out although browsers show it: what to call it. */
const LOST_ELEMENTS: Readonly<Record<string, string>> = {
  foreignObject: 'HTML in a foreignObject',
  script: 'scripts',
  animate: 'SMIL animations: the drawing is static',
  animateMotion: 'SMIL animations: the drawing is static',
  animateTransform: 'SMIL animations: the drawing is static',
  animateColor: 'SMIL animations: the drawing is static',
  set: 'SMIL animations: the drawing is static',
  mesh: 'mesh gradients',
  meshgradient: 'mesh gradients',
  hatch: 'hatches',
  solidcolor: 'solidcolor elements',
};

/** Attributes that belong to no single property and say nothing that is drawn. */
const DROPPED =
  /^(?:on.*|xmlns.*|style|class|href|tabindex|role|aria-.*|data-.*|target|rel|download|ping|nonce)$/i;

const TEXT_PARENTS = new Set(['text', 'tspan', 'textPath']);

/** Whether a value names nothing outside of the drawing. Escapes would hide what it names. */
function isInnocent(value: string): boolean {
  return (
    !value.includes('\\') &&
    !/url\(\s*["']?\s*[^#"'\s]/i.test(value) &&
    !/image-set|src\(/i.test(value)
  );
}

/** `url("#a")` as the renderer knows it. */
function withPlainUrls(value: string): string {
  return value.replace(/url\(\s*["']?\s*(#[^"')]*?)\s*["']?\s*\)/gi, 'url($1)');
}

class Cleaner {
  readonly notDrawn = new Set<string>();
  readonly pictures: EmbeddedPicture[] = [];
  readonly #styles: Styles;
  readonly #budget = createVariableBudget();

  constructor(root: SvgElement, hasStyleSheets: boolean) {
    if (hasStyleSheets) this.notDrawn.add('external style sheets');
    this.#styles = cascade(root, this.notDrawn);
  }

  /** The properties of an element by style, with variables substituted and shorthands expanded, and its variables. */
  styleOf(
    element: SvgElement,
    inherited: Variables,
  ): { style: Map<string, string>; variables: Variables } {
    const declared = this.#styles.get(element) ?? new Map<string, string>();
    const own = [...declared].filter(([property]) => property.startsWith('--'));
    const variables = own.length === 0 ? inherited : new Map([...inherited, ...own]);
    const style = new Map<string, string>();
    for (const [property, raw] of declared) {
      if (property.startsWith('--')) continue;
      const value = resolveVariables(raw, variables, this.#budget);
      if (value === null) continue;
      const singles: [string, string][] =
        property === 'font'
          ? expandFont(value)
          : property === 'marker'
            ? ['marker-start', 'marker-mid', 'marker-end'].map((name) => [name, value])
            : [[property, value]];
      for (const [name, single] of singles) style.set(name, single);
    }
    return { style, variables };
  }

  /** The element that is drawn in place of one, with all that is in it; null: nothing. */
  clean(
    element: SvgElement,
    parent: SvgElement,
    inherited: Variables,
    viewBox: ViewBox,
  ): SvgElement | null {
    const lost = LOST_ELEMENTS[element.name];
    if (lost !== undefined) this.notDrawn.add(lost);
    const isLink = element.name === 'a';
    if (!isLink && !ELEMENTS.has(element.name)) return null;
    const { style, variables } = this.styleOf(element, inherited);
    const linkName = TEXT_PARENTS.has(parent.name) ? 'tspan' : 'g';
    const drawn: SvgElement = {
      name: isLink ? linkName : element.name,
      attributes: new Map(),
      children: [],
      parent,
    };
    for (const [name, raw] of element.attributes) {
      if (DROPPED.test(name)) continue;
      const value = resolveVariables(raw, variables, this.#budget);
      if (value !== null && name !== 'transform-origin') this.#put(drawn, name, value);
    }
    const byStyle: string[] = [];
    for (const [property, value] of style) this.#declare(drawn, { property, value, byStyle });
    if (byStyle.length > 0) drawn.attributes.set('style', byStyle.join(';'));
    this.#turn(element, drawn, style, viewBox);
    if (!isLink) this.#refer(element, drawn);
    const inner =
      element.name === 'svg' || element.name === 'symbol'
        ? (viewBoxOf(element) ?? viewBox)
        : viewBox;
    this.fill(element, drawn, variables, inner);
    return drawn;
  }

  /** Cleans what is in an element. */
  fill(element: SvgElement, drawn: SvgElement, variables: Variables, viewBox: ViewBox): void {
    for (const child of element.children) {
      if (typeof child === 'string') {
        if (TEXT_PARENTS.has(drawn.name)) drawn.children.push(child);
        continue;
      }
      const kept = this.clean(child, drawn, variables, viewBox);
      if (kept !== null) drawn.children.push(kept);
    }
  }

  #put({ attributes }: SvgElement, name: string, value: string): void {
    const plain = withPlainUrls(withPlainColor(name, value));
    const isText = name === 'font-family' || name === 'id' || name.startsWith('xml:');
    if (!isText && !isInnocent(plain)) {
      this.notDrawn.add('references to other files');
      return;
    }
    // As attributes, these are of letters and of displacement maps.
    const loss = name === 'rotate' || name === 'scale' ? null : lossOf(name, plain);
    if (loss !== null) this.notDrawn.add(loss);
    attributes.set(name, plain);
  }

  #declare(
    drawn: SvgElement,
    { property, value, byStyle }: { property: string; value: string; byStyle: string[] },
  ): void {
    const use = useOf(property);
    if (use === 'style' && isInnocent(value)) byStyle.push(`${property}:${value}`);
    else if (use === 'attribute') this.#put(drawn, property, value);
    else if (use === 'geometry' && /^[+-]?[\d.]/.test(value)) this.#put(drawn, property, value);
    else if (property === 'd') {
      const data = /^path\(\s*(["'])([\s\S]*)\1\s*\)$/i.exec(value)?.[2];
      if (data !== undefined) this.#put(drawn, 'd', data);
    } else if (use === 'other' || use === 'geometry') {
      const loss = lossOf(property, value);
      if (loss !== null) this.notDrawn.add(loss);
    }
  }

  /** Transforms of CSS and their origins, as the attribute that the renderer knows. */
  #turn(
    element: SvgElement,
    { attributes }: SvgElement,
    style: ReadonlyMap<string, string>,
    viewBox: ViewBox,
  ): void {
    const css = style.get('transform');
    const origin = style.get('transform-origin') ?? element.attributes.get('transform-origin');
    if (css === undefined && origin === undefined) return;
    const isOwnBox = /^(fill|stroke|content|border)-box$/.test(style.get('transform-box') ?? '');
    const reference = isOwnBox ? plainBoxOf({ ...element, attributes }) : viewBox;
    if (reference === null) {
      this.notDrawn.add(
        'transforms relative to the box of an element that is not a basic shape (transform-box)',
      );
      return;
    }
    const transform = toTransformAttribute(css ?? attributes.get('transform') ?? '', reference);
    if (transform === null) {
      this.notDrawn.add(`the transform ${(css ?? '').slice(0, 60)}`);
      return;
    }
    if (transform === '') {
      attributes.delete('transform');
      return;
    }
    const { x, y } =
      origin === undefined
        ? { x: 0, y: 0 }
        : originOf(origin, { ...reference, ...(isOwnBox ? {} : { x: 0, y: 0 }) });
    const isMoved = x !== 0 || y !== 0;
    attributes.set(
      'transform',
      isMoved ? `translate(${x} ${y}) ${transform} translate(${-x} ${-y})` : transform,
    );
  }

  /** What an element refers to: parts of the same drawing, and pictures that stand in it. */
  #refer({ name, attributes }: SvgElement, drawn: SvgElement): void {
    const href = attributes.get('href')?.trim();
    if (href === undefined || href === '') return;
    if (href.startsWith('#')) {
      if (name !== 'image') drawn.attributes.set('href', href);
      return;
    }
    const data = name === 'image' || name === 'feImage' ? readDataAddress(href) : null;
    if (data === null) {
      this.notDrawn.add(name === 'image' ? 'external pictures' : 'references to other files');
      return;
    }
    this.pictures.push({ element: drawn, mediaType: data.mediaType, bytes: data.bytes });
  }
}

/**
 * Takes out of a drawing what is not drawing: scripts, handlers, links, animations, foreign elements, and every
 * reference to something outside of it; resolves its styles, variables and transforms; and gives it a size.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
 */
export function cleanSvg(bytes: Uint8Array): CleanSvg {
  const { root: source, hasStyleSheets } = parseSvg(decodeXml(bytes));
  const cleaner = new Cleaner(source, hasStyleSheets);
  const { style, variables } = cleaner.styleOf(source, new Map());
  const viewBox = viewBoxOf(source);
  const { attributes } = source;
  const { width, height } = sizeOf(
    style.get('width') ?? attributes.get('width'),
    style.get('height') ?? attributes.get('height'),
    viewBox,
  );
  const outer: SvgElement = {
    name: 'svg',
    attributes: new Map([
      ['width', String(width)],
      ['height', String(height)],
      ['viewBox', `0 0 ${width} ${height}`],
      ['preserveAspectRatio', 'none'],
    ]),
    children: [],
    parent: null,
  };
  const background = backgroundOf(style);
  if (background !== null) outer.children.push(rectangle(outer, width, height, background));
  const inner = cleaner.clean(source, outer, variables, viewBox ?? { x: 0, y: 0, width, height });
  if (inner !== null) {
    for (const name of ['x', 'y']) inner.attributes.delete(name);
    inner.attributes.set('width', String(width));
    inner.attributes.set('height', String(height));
    inner.attributes.set('overflow', 'visible');
    if (viewBox === null) inner.attributes.delete('viewBox');
    outer.children.push(inner);
  }
  plainMarkers(outer, cleaner.notDrawn);
  plainDashes(outer, cleaner.notDrawn);
  return { width, height, root: outer, pictures: cleaner.pictures, notDrawn: cleaner.notDrawn };
}

/** The colour behind a drawing, which browsers paint as that of any box. */
function backgroundOf(style: ReadonlyMap<string, string>): string | null {
  const css = style.get('background-color') ?? style.get('background');
  return css === undefined ? null : plainColor(css);
}

function rectangle(parent: SvgElement, width: number, height: number, fill: string): SvgElement {
  const attributes = new Map([
    ['width', String(width)],
    ['height', String(height)],
    ['fill', fill],
  ]);
  return { name: 'rect', attributes, children: [], parent };
}
