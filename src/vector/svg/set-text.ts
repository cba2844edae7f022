import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FontCatalogue } from '../../fonts/catalogue.js';
import type { FaceUse } from '../../fonts/match.js';
import { parseFontFamilies } from '../../scene/font-families.js';
import { colorGlyphSvg } from '../fonts/color-glyph.js';
import { GlyphFont } from '../fonts/glyph-font.js';
import {
  COLOR_BOX,
  RunSetter,
  stackOf,
  type ColorGlyph,
  type SetOptions,
} from '../fonts/set-run.js';
import { vectorShaper, weightOf, type FontWish, type Shaper } from '../fonts/shaper.js';
import { DEFAULT_FAMILY } from '../fonts/names.js';
import { simplifySvg } from './resvg.js';
import { descendants, writeSvg, type SvgElement } from './tree.js';

/** Runs of coloured glyphs in a drawing; others beyond them are left out. */
const MAX_COLOR_RUNS = 2000;

const TEXT_ELEMENTS = new Set(['text', 'tspan', 'textPath']);
/** Attributes that place the characters of a text one by one when they are lists. */
const LISTS = ['x', 'y', 'dx', 'dy', 'rotate'];

/** Whether there is text in a drawing. */
export function hasText(root: SvgElement): boolean {
  return [...descendants(root)].some(({ name }) => name === 'text');
}

/** The families that the texts of a drawing name, as they are written. */
export function familiesIn(root: SvgElement): string[] {
  const families = new Set<string>();
  for (const { attributes } of descendants(root))
    for (const { name } of parseFontFamilies(attributes.get('font-family') ?? ''))
      families.add(name);
  return [...families];
}

/** What texts inherit. */
type Inherited = {
  readonly wish: FontWish;
  readonly options: SetOptions;
  /** Whose height and base line they have. */
  readonly family: string;
};

/** Coloured glyphs that follow each other, and the fill by which their boxes are found again. */
type ColorRun = { readonly glyphs: readonly ColorGlyph[]; readonly fill: string };

/** Puts set glyphs in the place of the texts of a drawing. */
class TextSetter {
  readonly runs: RunSetter;
  readonly colorRuns: ColorRun[] = [];
  readonly #fonts: FontCatalogue;
  readonly #shaper: Shaper;
  readonly #glyphs = new GlyphFont();
  readonly #families = new Map<string, { readonly use: FaceUse; readonly name: string }>();
  /** Elements whose letters are spaced. */
  readonly #spaced = new Set<SvgElement>();

  constructor(fonts: FontCatalogue, shaper: Shaper) {
    this.#fonts = fonts;
    this.#shaper = shaper;
    this.runs = new RunSetter(fonts, shaper, this.#glyphs, { isColorOwn: false });
  }

  set(element: SvgElement, inherited: Inherited): void {
    const { attributes, name } = element;
    const read = readingFrom(attributes);
    const wish = wishOf(read, inherited.wish);
    const isText = TEXT_ELEMENTS.has(name);
    const family = isText ? this.#familyFor(wish) : inherited.family;
    const spacing = read('letter-spacing');
    const options: SetOptions = {
      isRightToLeft:
        (read('direction') ?? (inherited.options.isRightToLeft === true ? 'rtl' : 'ltr')) === 'rtl',
      hasLigatures:
        spacing === null ? inherited.options.hasLigatures : /^(normal|0[a-z]*)$/i.test(spacing),
      isCounted:
        isText &&
        (inherited.options.isCounted ||
          LISTS.some((list) => /\S[\s,]+\S/.test(attributes.get(list) ?? ''))),
    };
    if (!options.hasLigatures) this.#spaced.add(element);
    if (isText) {
      for (const property of ['font-weight', 'font-style', 'font-stretch'])
        attributes.set(property, 'normal');
      attributes.set('font-family', family);
      attributes.delete('direction');
      attributes.delete('unicode-bidi');
      if (name === 'text' && options.isRightToLeft === true)
        attributes.set('text-anchor', turned(read('text-anchor')));
    }
    const children = element.children.flatMap((child) => {
      if (typeof child === 'string')
        return isText ? this.#runs(element, child, { wish, options, family }) : [child];
      this.set(child, { wish, options, family });
      return [child];
    });
    element.children.splice(0, Infinity, ...children);
    if (name === 'text') for (const end of chunkEnds(element)) this.#spaceAfter(end);
  }

  /** The space between letters comes after the last one, too, which counts for where a text is anchored. */
  #spaceAfter({ parent, place }: TextPlace): void {
    const text = parent.children[place];
    if (typeof text === 'string' && this.#spaced.has(parent))
      parent.children[place] = text.replace(/\s*$/, (spaces) => this.runs.nothing() + spaces);
  }

  /** Writes the font once for each height that texts have. */
  write(folder: string): string[] {
    return [...this.#families.values()].map(({ use, name }) => {
      const path = join(folder, `${name}.ttf`);
      const font = this.#glyphs.write(name, use.face, this.#shaper.spaceWidth(use));
      writeFileSync(path, font, { flag: 'wx' });
      return path;
    });
  }

  #runs(parent: SvgElement, text: string, { wish, options }: Inherited): (SvgElement | string)[] {
    return this.runs.set(text, wish, options).map((run) => {
      if (run.colors === null) return run.text;
      const fill = `#fe${this.colorRuns.length.toString(16).padStart(4, '0')}`;
      if (this.colorRuns.length < MAX_COLOR_RUNS) this.colorRuns.push({ glyphs: run.colors, fill });
      const attributes = new Map([
        ['fill', fill],
        ['stroke', 'none'],
      ]);
      const colored = { name: 'tspan', attributes, children: [run.text], parent };
      if (!options.hasLigatures) this.#spaced.add(colored);
      return colored;
    });
  }

  /** The name of the font that has the height of the face that comes first. */
  #familyFor(wish: FontWish): string {
    const { primary: use } = stackOf(this.#fonts, wish);
    const known = this.#families.get(use.key);
    const family = known ?? { use, name: `set-${this.#families.size}` };
    this.#families.set(use.key, family);
    return family.name;
  }
}

/** Where a string is in a drawing. */
type TextPlace = { readonly parent: SvgElement; readonly place: number };

/** The strings that parts of a text end with which are anchored by themselves: such a part begins at each x and y. */
function chunkEnds(text: SvgElement): TextPlace[] {
  const chunks: TextPlace[][] = [[]];
  const walk = (parent: SvgElement): void => {
    for (const [place, child] of parent.children.entries()) {
      if (typeof child === 'string') {
        if (child.trim() !== '') chunks.at(-1)?.push({ parent, place });
      } else {
        if (child.attributes.has('x') || child.attributes.has('y')) chunks.push([]);
        walk(child);
      }
    }
  };
  walk(text);
  return chunks.flatMap((chunk) => chunk.at(-1) ?? []);
}

type Reading = (name: string) => string | null;

function readingFrom(attributes: ReadonlyMap<string, string>): Reading {
  return (name) => {
    const value = attributes.get(name)?.trim();
    return value === undefined || /^(inherit|unset)$/i.test(value) ? null : value;
  };
}

function wishOf(read: Reading, inherited: FontWish): FontWish {
  const [family, weight, style] = [read('font-family'), read('font-weight'), read('font-style')];
  return {
    fontFamily: family ?? inherited.fontFamily,
    weight: weight === null ? inherited.weight : weightOf(weight, inherited.weight),
    isItalic: style === null ? inherited.isItalic : /^(italic|oblique)/i.test(style),
  };
}

/** Text is written from left to right once it is set: where it begins is on its other side. */
function turned(anchor: string | null): string {
  if (anchor === 'middle') return anchor;
  return anchor === 'end' ? 'start' : 'end';
}

const NUMBER = '(-?[\\d.]+(?:e-?\\d+)?)';
/** The box of a coloured glyph as the renderer writes it: three of its corners. */
const BOX_PATH = new RegExp(
  `M ${NUMBER} ${NUMBER} L ${NUMBER} ${NUMBER} L ${NUMBER} ${NUMBER} L ${NUMBER} ${NUMBER}[^MZ]*Z`,
  'g',
);

/** Puts the coloured glyphs in the places of their boxes. */
function exchangeBoxes(svg: string, runs: readonly ColorRun[], shaper: Shaper): string {
  const byFill = new Map(runs.map((run): [string, ColorRun] => [run.fill, run]));
  let used = 0;
  return svg.replace(/<path\b[^>]*\/>/g, (path) => {
    const run = byFill.get(/\sfill="(#fe[0-9a-f]{4})"/.exec(path)?.[1] ?? '');
    if (run === undefined) return path;
    const opacity = /\sfill-opacity="([^"]*)"/.exec(path)?.[1];
    const drawn = [...path.matchAll(BOX_PATH)].map(([, ...corners], i) => {
      const glyph = run.glyphs[i];
      if (glyph === undefined) return '';
      const { unitsPerEm } = shaper.font(glyph.use);
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, , , x3 = 0, y3 = 0] = corners.map(Number);
      const [left, bottom] = [COLOR_BOX.left * unitsPerEm, COLOR_BOX.bottom * unitsPerEm];
      const width = (COLOR_BOX.right - COLOR_BOX.left) * unitsPerEm;
      const height = (COLOR_BOX.top - COLOR_BOX.bottom) * unitsPerEm;
      const [a, b, c, d] = [
        (x1 - x0) / width,
        (y1 - y0) / width,
        (x3 - x0) / height,
        (y3 - y0) / height,
      ];
      const [e, f] = [x0 - a * left - c * bottom, y0 - b * left - d * bottom];
      const inner = colorGlyphSvg(shaper, glyph.use, glyph.id, `color-glyph-${used++}-`);
      return `<g transform="matrix(${[a, b, c, d, e, f].join(' ')})">${inner}</g>`;
    });
    return `<g${opacity === undefined ? '' : ` opacity="${opacity}"`}>${drawn.join('')}</g>`;
  });
}

/**
 * A drawing with its text as outlines and its emoji as shapes: it looks the same wherever it is drawn, and needs no
 * fonts. The tree is used up.
 * @param folder - for the font of its glyphs; whoever made it removes it
 * @returns the drawing, and the characters that no font has
 * @throws AppError SM_ASSET_TOO_LARGE
 */
export async function outlineText(
  root: SvgElement,
  fonts: FontCatalogue,
  folder: string,
): Promise<{ readonly svg: string; readonly missing: readonly string[] }> {
  const shaper = vectorShaper();
  const setter = new TextSetter(fonts, shaper);
  setter.set(root, {
    wish: { fontFamily: DEFAULT_FAMILY, weight: 400, isItalic: false },
    options: { isRightToLeft: false, hasLigatures: true, isCounted: false },
    family: DEFAULT_FAMILY,
  });
  const simple = await simplifySvg(writeSvg(root), setter.write(folder));
  return {
    svg: exchangeBoxes(simple, setter.colorRuns, shaper),
    missing: [...setter.runs.missing],
  };
}
