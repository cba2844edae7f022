import { parseFontFamilies } from '../../scene/font-families.js';
import { lineBreaks } from '../../render/text/line-breaks.js';
import type { FontCatalogue } from '../../fonts/catalogue.js';
import { GlyphFont } from '../fonts/glyph-font.js';
import { RunSetter, stackOf, type ColorGlyph } from '../fonts/set-run.js';
import { vectorShaper, type FontWish, type Shaper } from '../fonts/shaper.js';
import { ColorGlyphs } from './color-glyphs.js';
import { glyphShapes } from './glyph-shapes.js';
import { allLayers, isObject, numberOf, objectsIn, textOf, type JsonObject } from './json.js';
import type { EncodePng } from './pictures.js';

const TEXT_LAYER = 5;
const ALL_CAPS = 1;

/** A text as it stands in a layer at some moment. */
type TextDocument = JsonObject;

/** What a text may be broken into lines with, as After Effects writes it. */
const LINE_ENDS = /[\r\n\u0003\u2028\u2029]/;

/** Text that a renderer that breaks at spaces only cannot break, or would put in the wrong order. */
const NEEDS_OWN_BREAKS =
  /[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff]/;

const WEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/thin|hairline/i, 100],
  [/(extra|ultra)[ -]?light/i, 200],
  [/light/i, 300],
  [/medium/i, 500],
  [/(semi|demi)[ -]?bold/i, 600],
  [/(extra|ultra)[ -]?bold/i, 800],
  [/bold/i, 700],
  [/black|heavy/i, 900],
];

function wishOf(font: JsonObject): FontWish {
  const style = textOf(font['fStyle']) ?? '';
  const number = Number(font['fWeight']);
  const named = WEIGHTS.find(([words]) => words.test(style))?.[1] ?? 400;
  return {
    fontFamily: JSON.stringify(textOf(font['fFamily']) ?? ''),
    weight: number >= 1 && number <= 1000 ? number : named,
    isItalic: /italic|oblique/i.test(style),
  };
}

/** The texts of a layer over time. */
function documentsOf(layer: JsonObject): TextDocument[] {
  const text = isObject(layer['t']) ? layer['t'] : {};
  const over = isObject(text['d']) ? text['d']['k'] : null;
  const keyframes = Array.isArray(over) ? objectsIn(over) : isObject(over) ? [{ s: over }] : [];
  return keyframes.flatMap((keyframe) => (isObject(keyframe['s']) ? [keyframe['s']] : []));
}

/** One of the fonts that an animation names, and what is collected for it. */
class SetFont {
  readonly name: string;
  readonly wish: FontWish;
  readonly glyphs = new GlyphFont();
  readonly colors = new Map<string, ColorGlyph>();
  readonly runs: RunSetter;
  readonly spaceWidth: number;
  readonly ascent: number;

  constructor(name: string, font: JsonObject, fonts: FontCatalogue, shaper: Shaper) {
    this.name = name;
    this.wish = wishOf(font);
    this.ascent = numberOf(font['ascent']) ?? 75;
    this.runs = new RunSetter(fonts, shaper, this.glyphs, { isColorOwn: true });
    this.spaceWidth = shaper.spaceWidth(stackOf(fonts, this.wish).primary);
  }

  /** A text as characters of its own font. */
  set(document: TextDocument): string {
    const raw = textOf(document['t']) ?? '';
    const text = document['ca'] === ALL_CAPS ? raw.toUpperCase() : raw;
    const hasLigatures = (numberOf(document['tr']) ?? 0) === 0;
    const size = numberOf(document['s']) ?? 0;
    const width = Array.isArray(document['sz']) ? numberOf(document['sz'][0]) : null;
    return text
      .split(LINE_ENDS)
      .flatMap((line) =>
        width !== null && size > 0 && NEEDS_OWN_BREAKS.test(line)
          ? this.#broken(line, width / size, hasLigatures)
          : [line],
      )
      .map((line) => this.#line(line, hasLigatures))
      .join('\r');
  }

  #line(line: string, hasLigatures: boolean): string {
    const options = { isRightToLeft: null, hasLigatures, isCounted: false };
    return this.runs
      .set(line, this.wish, options)
      .map(({ text, colors }) => {
        if (colors !== null) for (const glyph of colors) this.colors.set(text, glyph);
        return text;
      })
      .join('');
  }

  /** A line in lines that are at most so wide, in heights of the font. */
  #broken(line: string, width: number, hasLigatures: boolean): string[] {
    const lines: string[] = [];
    let start = 0;
    let end = 0;
    for (const at of lineBreaks(line)) {
      if (end > start && this.#widthOf(line.slice(start, at).trimEnd(), hasLigatures) > width) {
        lines.push(line.slice(start, end).trimEnd());
        start = end;
      }
      end = at;
    }
    return [...lines, line.slice(start)];
  }

  #widthOf(text: string, hasLigatures: boolean): number {
    return Array.from(this.#line(text, hasLigatures)).reduce(
      (sum, character) => sum + (this.glyphs.advanceOf(character) ?? this.spaceWidth),
      0,
    );
  }

  /** What the renderer draws for its characters. */
  async characters(colors: ColorGlyphs): Promise<JsonObject[]> {
    const head = { size: 100, style: 'Regular', fFamily: this.name };
    const characters: JsonObject[] = [{ ...head, ch: ' ', w: this.spaceWidth * 100, data: {} }];
    for (const [ch, glyph] of this.glyphs.entries()) {
      const w = glyph.advance * 100;
      const color = this.colors.get(ch);
      characters.push(
        color === undefined
          ? { ...head, ch, w, data: { shapes: glyphShapes(glyph) } }
          : { ...head, ch, w, t: 1, data: await colors.reference(color) },
      );
    }
    return characters;
  }
}

/** The family that a font of an animation has, in `chars`, and whether that has all characters of a text. */
function bringsAlong(animation: JsonObject, font: JsonObject, text: string): boolean {
  const own = objectsIn(animation['chars']).filter(
    ({ fFamily, style }) => fFamily === font['fFamily'] && style === font['fStyle'],
  );
  const known = new Set(own.map(({ ch }) => ch));
  return (
    own.length > 0 &&
    Array.from(text).every((character) => known.has(character) || /\s|\u0003/.test(character))
  );
}

/**
 * Sets the texts of an animation, in place: their glyphs come with it, so that it looks the same wherever it is drawn.
 * Texts whose glyphs it brings along stay as they are.
 * @returns the families that its texts name, and the characters that no font has
 * @throws AppError SM_ASSET_TOO_LARGE
 */
export async function setTexts(
  animation: JsonObject,
  fonts: FontCatalogue,
  encodePng: EncodePng,
): Promise<{ readonly fontFamilies: readonly string[]; readonly missing: readonly string[] }> {
  const list = isObject(animation['fonts']) ? objectsIn(animation['fonts']['list']) : [];
  const byName = new Map(list.map((font): [unknown, JsonObject] => [font['fName'], font]));
  const shaper = vectorShaper();
  const set = new Map<unknown, SetFont>();
  const families = new Set<string>();
  for (const layer of allLayers(animation)) {
    if (layer['ty'] !== TEXT_LAYER) continue;
    for (const document of documentsOf(layer)) {
      const name = document['f'];
      const font = byName.get(name) ?? {};
      if (bringsAlong(animation, font, textOf(document['t']) ?? '')) continue;
      const known = set.get(name) ?? new SetFont(`set-${set.size}`, font, fonts, shaper);
      set.set(name, known);
      for (const { name: family } of parseFontFamilies(known.wish.fontFamily)) families.add(family);
      document['t'] = known.set(document);
      document['f'] = known.name;
      delete document['ca'];
    }
  }
  if (set.size === 0) return { fontFamilies: [], missing: [] };
  const colors = new ColorGlyphs(shaper, encodePng);
  const characters = objectsIn(animation['chars']);
  for (const font of set.values()) characters.push(...(await font.characters(colors)));
  // The renderer takes the glyphs of the file rather than the system's only when one of them is a composition.
  const first = [...set.values()][0]?.name ?? '';
  const mark = { ch: '\uf8ff', size: 100, style: 'Regular', fFamily: first, w: 0, t: 1 };
  characters.push({
    ...mark,
    data: { refId: 'set-nothing', ip: 0, op: 1e6, st: 0, sr: 1, ks: {} },
  });
  animation['chars'] = characters;
  animation['fonts'] = {
    list: [
      ...list,
      ...[...set.values()].map(({ name, ascent }) => ({
        fName: name,
        fFamily: name,
        fStyle: 'Regular',
        ascent,
        origin: 3,
        fPath: '',
      })),
    ],
  };
  animation['assets'] = [
    ...objectsIn(animation['assets']),
    { id: 'set-nothing', layers: [] },
    ...colors.assets,
  ];
  return {
    fontFamilies: [...families],
    missing: [...new Set([...set.values()].flatMap(({ runs }) => [...runs.missing]))],
  };
}
