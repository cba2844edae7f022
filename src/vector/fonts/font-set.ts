import { readCoverage, type Coverage } from './coverage.js';
import { openSfnt } from './sfnt.js';

/** A face that text can be set in. */
export type FontFile = {
  readonly path: string;
  /** Of the face in a collection. */
  readonly index: number;
  /** What texts may call it; compared without regard to case. */
  readonly families: readonly string[];
  /** 1 to 1000. */
  readonly weight: number;
  readonly isItalic: boolean;
};

/** How a text wants to look. */
export type FontWish = {
  readonly families: readonly string[];
  readonly weight: number;
  readonly isItalic: boolean;
};

/** Some characters with the face that has them; `isFound` is false when none has. */
export type FontRun = { readonly text: string; readonly face: FontFile; readonly isFound: boolean };

/** The family that text is set in when it names none that is there, and the shipped one for emoji. */
export const DEFAULT_FAMILY = 'Inter';
export const EMOJI_FAMILY = 'Noto Color Emoji';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What is shown as a picture unless a text form is asked for. */
const EMOJI =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3)/u;
const TEXT_FORM = /\ufe0e/;
/** Characters that need no glyph: joiners, selectors, marks of direction, controls. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Variation_Selector}]$/u;

/** How far a weight is from the wanted one, by the rules of CSS: lighter first for light text, bolder first for bold. */
function weightDistance(weight: number, wanted: number): number {
  const isTowards =
    wanted < 400
      ? weight <= wanted
      : wanted > 500
        ? weight >= wanted
        : weight >= wanted && weight <= 500;
  return Math.abs(weight - wanted) + (isTowards ? 0 : 1000);
}

/** The fonts that texts are set in: those that are given, in their order, then the system's. */
export class FontSet {
  readonly #own: readonly FontFile[];
  readonly #system: () => readonly FontFile[];
  readonly #coverages = new Map<FontFile, Coverage>();

  /** @param system - is asked only when a text names another family or has characters that no given font has */
  constructor(own: readonly FontFile[], system: () => readonly FontFile[]) {
    this.#own = own;
    this.#system = system;
  }

  /** Takes text apart where the face changes. */
  runsOf(text: string, wish: FontWish): FontRun[] {
    const runs: FontRun[] = [];
    for (const { segment } of graphemes.segment(text)) {
      const last = runs.at(-1);
      const isPlain =
        !EMOJI.test(segment) && (last === undefined || !last.face.families.includes(EMOJI_FAMILY));
      // What many fonts have stays with the characters before it: spaces, digits, full stops.
      const stays =
        last?.isFound === true &&
        isPlain &&
        /^[\p{Zs}\p{P}\p{N}\s]+$/u.test(segment) &&
        this.#covers(last.face, segment)
          ? last.face
          : null;
      const face = stays ?? this.#faceFor(segment, wish);
      const isFound = face !== null;
      const used = face ?? this.#best(DEFAULT_FAMILY, wish, () => true) ?? this.#own[0];
      if (used === undefined)
        throw new Error('There are no fonts: run npm run build to restore them.');
      if (last?.face === used && last.isFound === isFound)
        runs[runs.length - 1] = { ...last, text: last.text + segment };
      else runs.push({ text: segment, face: used, isFound });
    }
    return runs;
  }

  /** The face that decides how high a text is, whatever its characters: of the first family that is there. */
  faceOf(wish: FontWish): FontFile {
    for (const family of [...wish.families, DEFAULT_FAMILY]) {
      const found = this.#best(family, wish, (face) => this.#covers(face, ' '));
      if (found !== null) return found;
    }
    throw new Error('There are no fonts: run npm run build to restore them.');
  }

  #faceFor(cluster: string, wish: FontWish): FontFile | null {
    const covers = (face: FontFile): boolean => this.#covers(face, cluster);
    const isEmoji = EMOJI.test(cluster) && !TEXT_FORM.test(cluster);
    const families = isEmoji ? [EMOJI_FAMILY, ...wish.families] : wish.families;
    for (const family of [...families, DEFAULT_FAMILY]) {
      const found = this.#best(family, wish, covers);
      if (found !== null) return found;
    }
    const own = this.#own
      .filter(({ families: names }) => names.includes(EMOJI_FAMILY))
      .find(covers);
    if (own !== undefined && !TEXT_FORM.test(cluster)) return own;
    const system = this.#system().filter(covers);
    const [first] = system;
    if (first === undefined) return own ?? null;
    // The family that comes first, in the weight that is wanted.
    const family = first.families[0] ?? '';
    return this.#closest(
      system.filter(({ families: names }) => names.includes(family)),
      wish,
    );
  }

  /** The face of a family that comes closest and has the characters; the system is asked only for other families. */
  #best(family: string, wish: FontWish, covers: (face: FontFile) => boolean): FontFile | null {
    const name = family.toLowerCase();
    const isNamed = ({ families }: FontFile): boolean =>
      families.some((one) => one.toLowerCase() === name);
    const own = this.#own.filter(isNamed);
    const candidates = own.length > 0 || GENERIC.has(name) ? own : this.#system().filter(isNamed);
    return this.#closest(candidates.filter(covers), wish);
  }

  #closest(faces: readonly FontFile[], { weight, isItalic }: FontWish): FontFile | null {
    const distance = (face: FontFile): number =>
      weightDistance(face.weight, weight) + (face.isItalic === isItalic ? 0 : 10_000);
    return faces.reduce<FontFile | null>(
      (best, face) => (best === null || distance(face) < distance(best) ? face : best),
      null,
    );
  }

  #covers(face: FontFile, cluster: string): boolean {
    const known = this.#coverages.get(face) ?? coverageOf(face);
    this.#coverages.set(face, known);
    const characters = Array.from(cluster).filter((character) => !INVISIBLE.test(character));
    return characters.every((character) => known(character.codePointAt(0) ?? 0));
  }
}

/** Families that CSS knows without quotes. All are our own: which ones a system has must not be seen. */
const GENERIC: ReadonlySet<string> = new Set([
  'serif',
  'sans-serif',
  'monospace',
  'cursive',
  'fantasy',
  'system-ui',
  'ui-sans-serif',
  'ui-serif',
  'ui-monospace',
  'ui-rounded',
  'math',
  'emoji',
  '-apple-system',
  'blinkmacsystemfont',
]);

function coverageOf({ path, index }: FontFile): Coverage {
  try {
    const file = openSfnt(path, index);
    try {
      const cmap = file.read('cmap');
      return cmap === null ? () => false : readCoverage(cmap);
    } finally {
      file.close();
    }
  } catch {
    // A packed or damaged font: as if it were not there.
    return () => false;
  }
}

/** The families of a CSS list. */
export function familiesOf(css: string): string[] {
  return css
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2')
        .trim(),
    )
    .filter((name) => name !== '');
}

/** A weight of CSS as a number. */
export function weightOf(css: string, inherited: number): number {
  const word = css.trim().toLowerCase();
  if (word === 'normal') return 400;
  if (word === 'bold') return 700;
  if (word === 'bolder') return inherited < 350 ? 400 : inherited < 550 ? 700 : 900;
  if (word === 'lighter') return inherited < 550 ? 100 : inherited < 750 ? 400 : 700;
  const weight = Number(word);
  return weight >= 1 && weight <= 1000 ? weight : inherited;
}
