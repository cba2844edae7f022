import { LRUCache } from 'lru-cache';
import { covers, coversAnyOf } from './coverage.js';
import { readFaces, type Face } from './face.js';
import { FontStack, type Fallbacks } from './font-stack.js';
import { closestFaces, useFace, type FaceUse, type FontStyle } from './match.js';
import { shippedFaces } from './shipped-fonts.js';
import { systemFaces } from './system-fonts.js';

/** A family as a text names it. */
export type FamilyName = {
  readonly name: string;
  /** Without quotes, the words of CSS such as `monospace` are no names. */
  readonly isQuoted: boolean;
};

/** A font file and the family that it is known by. */
export type NamedFont = { readonly family: string; readonly path: string };

const TEXT_FAMILY = 'inter';
export const EMOJI_FAMILY = 'noto color emoji';

/** The families that stand for the words of CSS, the first that there is; what is not here is the shipped one. */
const GENERIC: Readonly<Record<string, readonly string[]>> = {
  monospace: ['dejavu sans mono', 'noto sans mono', 'liberation mono', 'menlo', 'courier new'],
  'ui-monospace': ['dejavu sans mono', 'noto sans mono', 'liberation mono', 'menlo'],
  serif: ['noto serif', 'dejavu serif', 'liberation serif', 'times new roman'],
  'ui-serif': ['noto serif', 'dejavu serif', 'liberation serif', 'times new roman'],
  'sans-serif': [TEXT_FAMILY],
  'system-ui': [TEXT_FAMILY],
  'ui-sans-serif': [TEXT_FAMILY],
  'ui-rounded': [TEXT_FAMILY],
  emoji: [EMOJI_FAMILY],
  math: ['noto sans math'],
  cursive: [],
  fantasy: [],
};

/** Stacks that are kept: a busy scene uses a dozen. */
const KEPT_STACKS = 256;

/** Code points whose faces are looked up together, by the bits that they differ in: scripts stand in blocks of so many. */
const PAGE_BITS = 8;

/**
 * In which order faces of the system are asked for a character that no named family has: those made for all
 * scripts alike first, what is drawn for a purpose last.
 */
function fallbackRank({ families, isMonospace, width, isColor }: Face): number {
  const [family = ''] = families;
  if (isColor) return 9;
  if (width !== 5) return 8;
  if (/looped|display|kufi|nastaliq|unjoined|rashi|ui$|mono/i.test(family) || isMonospace) return 7;
  if (/^noto sans cjk jp$/i.test(family)) return 0;
  if (/^noto sans cjk/i.test(family)) return 1;
  if (/^noto sans math$/i.test(family)) return 3;
  if (/^noto sans/i.test(family)) return 2;
  if (/sans/i.test(family)) return 4;
  return /serif/i.test(family) ? 6 : 5;
}

function byName(faces: readonly Face[]): Map<string, Face[]> {
  const families = new Map<string, Face[]>();
  for (const face of faces) {
    for (const family of face.families) {
      const name = family.toLowerCase();
      families.set(name, [...(families.get(name) ?? []), face]);
    }
  }
  return families;
}

/**
 * All fonts that texts can be set in, one set for a thread: those that scenes bring, the shipped ones, and those of
 * the system, which are looked at when they are needed for the first time.
 */
export class FontCatalogue {
  readonly #added = new Map<string, Face[]>();
  readonly #addedFiles = new Set<string>();
  readonly #shipped = byName(shippedFaces());
  readonly #stacks = new LRUCache<string, FontStack>({ max: KEPT_STACKS });
  readonly #readSystem: () => readonly Face[];
  readonly #fallbacks = new LRUCache<string, readonly FaceUse[]>({ max: KEPT_STACKS });
  #system: Map<string, Face[]> | null = null;
  #ranked: readonly Face[] | null = null;
  /** Of the ranked faces, those that have something of a page of code points. */
  readonly #pages = new Map<number, readonly Face[]>();

  /** @param readSystem the faces of the system: whoever wants the same picture on every machine gives none */
  constructor(readSystem: () => readonly Face[] = systemFaces) {
    this.#readSystem = readSystem;
  }

  /** Makes fonts known that scenes bring; several of one family are its weights and styles. Known ones cost nothing. */
  add(fonts: readonly NamedFont[]): void {
    for (const { family, path } of fonts) {
      const file = `${family} ${path}`;
      if (this.#addedFiles.has(file)) continue;
      this.#addedFiles.add(file);
      const name = family.toLowerCase();
      this.#added.set(name, [...(this.#added.get(name) ?? []), ...readFaces(path)]);
      this.#stacks.clear();
    }
  }

  /** The faces in which a text of a style is set, in the order in which they are asked for a character. */
  stackOf(families: readonly FamilyName[], style: FontStyle): FontStack {
    const names = families.map(
      ({ name, isQuoted }) => `${isQuoted ? '"' : ''}${name.toLowerCase()}`,
    );
    const key = `${style.weight} ${style.isItalic} ${names.join(',')}`;
    const known = this.#stacks.get(key);
    if (known !== undefined) return known;
    const wanted = families.flatMap((family) => [this.#facesOf(family)]);
    const groups = [...wanted, this.#shipped.get(TEXT_FAMILY) ?? []]
      .filter((faces) => faces.length > 0)
      .map((faces) => closestFaces(faces, style).map((face) => useFace(face, style)));
    const emoji = (this.#shipped.get(EMOJI_FAMILY) ?? []).map((face) => useFace(face, style));
    const fallbacks: Fallbacks = (codePoints, isColorWanted) =>
      this.#fallback(codePoints, isColorWanted, style);
    const stack = new FontStack(groups, emoji, fallbacks);
    this.#stacks.set(key, stack);
    return stack;
  }

  #facesOf({ name, isQuoted }: FamilyName): readonly Face[] {
    const lower = name.toLowerCase();
    const generic = isQuoted ? undefined : GENERIC[lower];
    if (generic !== undefined) {
      const found = generic.map((one) => this.#named(one)).find((faces) => faces.length > 0);
      if (found !== undefined) return found;
      return lower.endsWith('monospace') ? this.#ranks().filter((face) => face.isMonospace) : [];
    }
    return this.#named(lower);
  }

  #named(name: string): readonly Face[] {
    const own = this.#added.get(name) ?? this.#shipped.get(name);
    if (own !== undefined) return own;
    this.#system ??= byName(this.#readSystem());
    return this.#system.get(name) ?? [];
  }

  #ranks(): readonly Face[] {
    this.#ranked ??= this.#readSystem()
      .map((face) => ({ face, rank: fallbackRank(face), name: face.families[0] ?? '' }))
      .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .map(({ face }) => face);
    return this.#ranked;
  }

  /**
   * The faces of the system that have something of the page that a code point is in, by their ranks: of hundreds there are a
   * few, which are asked for every character that is new.
   */
  #ranksFor(codePoint: number): readonly Face[] {
    const page = codePoint >> PAGE_BITS;
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const [first, end] = [page << PAGE_BITS, (page + 1) << PAGE_BITS];
    const faces = this.#ranks().filter(({ coverage }) => coversAnyOf(coverage, first, end - 1));
    this.#pages.set(page, faces);
    return faces;
  }

  /** The face of the system that serves best for what no family of a text has; null when none does. */
  #fallback(
    codePoints: readonly number[],
    isColorWanted: boolean | null,
    style: FontStyle,
  ): FaceUse | null {
    const hasAll = (face: Face): boolean =>
      (isColorWanted === null || face.isColor === isColorWanted) &&
      codePoints.every((codePoint) => covers(face.coverage, codePoint));
    const ranks = this.#ranksFor(codePoints[0] ?? 0);
    const first = ranks.find(hasAll);
    if (first === undefined) return null;
    const [family = ''] = first.families;
    const key = `${family} ${first.isMonospace} ${style.weight} ${style.isItalic}`;
    const known = this.#fallbacks.get(key)?.find(({ face }) => hasAll(face));
    if (known !== undefined) return known;
    const siblings = ranks.filter((face) => face.families[0] === family && hasAll(face));
    const [face = first] = closestFaces(siblings, style);
    const use = useFace(face, style);
    this.#fallbacks.set(key, [...(this.#fallbacks.get(key) ?? []), use]);
    return use;
  }
}

let ofThread: FontCatalogue | null = null;

/** The fonts of this thread. */
export function fontCatalogue(): FontCatalogue {
  ofThread ??= new FontCatalogue();
  return ofThread;
}
