import { LRUCache } from 'lru-cache';
import { covers } from './coverage.js';
import type { FaceUse } from './match.js';

/** How a cluster wants to be seen: in colour as an emoji, as a letter, or as its font has it. */
export type Presentation = 'emoji' | 'text' | 'any';

/** Looks among the fonts of the system; colours wanted, not wanted, or (null) of no account. */
export type Fallbacks = (
  codePoints: readonly number[],
  isColorWanted: boolean | null,
) => FaceUse | null;

/** Joiners, selectors and the like: a font need not have them. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}]/u;
const KEPT_CLUSTERS = 10_000;
const SPACE = 32;

function codePointsOf(text: string): number[] {
  return Array.from(text)
    .filter((character) => !IGNORABLE.test(character))
    .map((character) => character.codePointAt(0) ?? 0);
}

/** A font may have a letter whole, or its parts, and shaping makes one of the other. */
function formsOf(cluster: string): number[][] {
  const forms = new Set([cluster, cluster.normalize('NFC'), cluster.normalize('NFD')]);
  return [...forms].map(codePointsOf);
}

/** The faces of a style, in the order in which they are asked for a character. */
export class FontStack {
  /** Its lines are as high as this one says: the first that has a space. */
  readonly primary: FaceUse;
  readonly #groups: readonly (readonly FaceUse[])[];
  readonly #emoji: readonly FaceUse[];
  readonly #fallbacks: Fallbacks;
  // By size and not by number, of which the cache would make room for all at once: most stacks know a few.
  readonly #known = new LRUCache<string, { readonly use: FaceUse | null }>({
    maxSize: KEPT_CLUSTERS,
    sizeCalculation: () => 1,
  });

  /** @throws Error when there is no face at all: then the build is not whole */
  constructor(
    groups: readonly (readonly FaceUse[])[],
    emoji: readonly FaceUse[],
    fallbacks: Fallbacks,
  ) {
    this.#groups = groups;
    this.#emoji = emoji;
    this.#fallbacks = fallbacks;
    const all = groups.flat();
    const primary = all.find(({ face }) => covers(face.coverage, SPACE)) ?? all[0];
    if (primary === undefined) throw new Error('There are no fonts; run npm run build.');
    this.primary = primary;
  }

  /** The face for what people take for one character; null when no font has it. */
  faceFor(cluster: string, presentation: Presentation): FaceUse | null {
    const key = presentation === 'any' ? cluster : `${presentation} ${cluster}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.use;
    const use = this.#find(cluster, presentation);
    this.#known.set(key, { use });
    return use;
  }

  /** Whether a face has all of what people take for one character. */
  hasAll(cluster: string, presentation: Presentation): boolean {
    const use = this.faceFor(cluster, presentation);
    if (use === null) return false;
    const { coverage } = use.face;
    return formsOf(cluster).some((form) => form.every((codePoint) => covers(coverage, codePoint)));
  }

  #find(cluster: string, presentation: Presentation): FaceUse | null {
    const own = codePointsOf(cluster);
    if (own.length === 0) return this.primary;
    const forms = formsOf(cluster);
    const covering =
      (codePoints: readonly number[]) =>
      ({ face }: FaceUse): boolean =>
        codePoints.every((codePoint) => covers(face.coverage, codePoint));
    const named = this.#groups.flat();
    const search = (isFit: (use: FaceUse) => boolean, uses: readonly FaceUse[]): FaceUse | null => {
      for (const form of forms) {
        const found = uses.find((use) => isFit(use) && covering(form)(use));
        if (found !== undefined) return found;
      }
      return null;
    };
    const isColor = ({ face }: FaceUse): boolean => face.isColor;
    const isPlain = ({ face }: FaceUse): boolean => !face.isColor;
    if (presentation === 'emoji') {
      const emoji = search(isColor, named) ?? search(isColor, this.#emoji);
      if (emoji !== null) return emoji;
    }
    const inFonts = (codePoints: readonly number[]): FaceUse | null => {
      if (presentation !== 'text')
        return (
          search(() => true, named) ??
          search(isColor, this.#emoji) ??
          this.#fallbacks(codePoints, null)
        );
      return (
        search(isPlain, named) ?? this.#fallbacks(codePoints, false) ?? search(isColor, this.#emoji)
      );
    };
    const found = inFonts(own);
    if (found !== null || own.length === 1) return found;
    // No font has all of it: what the first character is in, so that marks go into boxes and not the letter.
    const [first = 0] = own;
    return this.faceFor(String.fromCodePoint(first), 'any');
  }
}
