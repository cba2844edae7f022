import { readFileSync, statSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { harfBuzz, type HarfBuzz, type HbFace, type HbFont } from './harfbuzz.js';
import { readShapingFont } from './sfnt.js';

/** Where a font is, and at which place of its axes: all that a thread needs to open it. Plain data. */
export type FontPlace = {
  readonly path: string;
  readonly index: number;
  readonly variations: readonly (readonly [tag: string, value: number])[];
};

/** Fonts of more bytes are opened without their outlines: then it is not known what exactly their glyphs cover. */
const WHOLE_BYTES = 1_500_000;
/** Bytes of the fonts that a thread keeps open; the one in use may be larger. */
const KEPT_BYTES = 48_000_000;
const KEPT_FONTS_PER_FACE = 32;

type OpenFace = {
  readonly face: HbFace;
  readonly bytes: number;
  readonly fonts: LRUCache<string, HbFont>;
};

/**
 * Fonts that a thread has open, the most recently used ones up to a number of bytes. A font that is handed out is
 * good until another one is asked for, or as long as `closed` stays what it is.
 */
export class OpenFonts {
  readonly #hb: HarfBuzz;
  readonly #wholeBytes: number;
  readonly #faces: LRUCache<string, OpenFace>;
  /** Fonts that are closed by now: as long as it is the same, all that were handed out are good. */
  closed = 0;
  /** Files that could not be opened: they are not tried again and again. */
  readonly #broken = new Set<string>();

  /** @param wholeBytes larger fonts are opened without their outlines */
  constructor(hb: HarfBuzz, keptBytes = KEPT_BYTES, wholeBytes = WHOLE_BYTES) {
    this.#hb = hb;
    this.#wholeBytes = wholeBytes;
    this.#faces = new LRUCache<string, OpenFace>({
      max: 256,
      maxSize: keptBytes,
      maxEntrySize: Number.MAX_SAFE_INTEGER,
      sizeCalculation: ({ bytes }) => Math.min(keptBytes, bytes),
      dispose: ({ face, fonts }) => {
        fonts.clear();
        hb.closeFace(face);
      },
    });
  }

  /** An open font; null when its file cannot be used. */
  get({ path, index, variations }: FontPlace): HbFont | null {
    const key = `${path}#${index}`;
    if (this.#broken.has(key)) return null;
    const open = this.#faces.get(key) ?? this.#open(key, path, index);
    if (open === null) {
      this.#broken.add(key);
      return null;
    }
    const place = variations.map(([tag, value]) => `${tag}=${value}`).join(',');
    const font = open.fonts.get(place) ?? this.#hb.openFont(open.face, variations);
    open.fonts.set(place, font);
    return font;
  }

  #open(key: string, path: string, index: number): OpenFace | null {
    try {
      const isWhole = statSync(path).size <= this.#wholeBytes;
      const bytes = isWhole ? readFileSync(path) : readShapingFont(path, index);
      const face = this.#faceOf(bytes, isWhole ? index : 0);
      if (face === null) return null;
      const fonts = new LRUCache<string, HbFont>({
        max: KEPT_FONTS_PER_FACE,
        dispose: (font) => {
          this.closed++;
          this.#hb.closeFont(font);
        },
      });
      const open: OpenFace = { face, bytes: bytes.length, fonts };
      this.#faces.set(key, open);
      return open;
    } catch {
      return null;
    }
  }

  /** Where there is no memory for a face, the others make room. */
  #faceOf(bytes: Buffer, index: number): HbFace | null {
    const face = this.#hb.openFace(bytes, index);
    if (face !== null) return face;
    this.#faces.clear();
    return this.#hb.openFace(bytes, index);
  }
}

let ofThread: OpenFonts | null = null;

/** The open fonts of this thread. */
export function openFonts(): OpenFonts {
  ofThread ??= new OpenFonts(harfBuzz());
  return ofThread;
}
