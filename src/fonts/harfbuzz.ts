import type { GlyphStore } from './glyph-store.js';
import { loadHarfBuzz, type HbExports, type HbModule } from './harfbuzz-module.js';

/** Constants of hb-buffer.h and hb-blob.h. */
const DIRECTION_LTR = 4;
const DIRECTION_RTL = 5;
const FLAG_BEGINNING_OF_TEXT = 1;
const FLAG_END_OF_TEXT = 2;
const MODE_WRITABLE = 2;
const GLYPH_INFO_WORDS = 5;
const UNSAFE_TO_BREAK = 1;
const FEATURE_BYTES = 16;
const MAX_FEATURES = 16;
const MAX_VARIATIONS = 16;
const TO_THE_END = 0xffffffff;

/** An open face. Addresses in the module's memory are for this file alone. */
export type HbFace = {
  readonly unitsPerEm: number;
  readonly face: number;
  readonly blob: number;
  readonly data: number;
};

/** A face at a place of its axes. Numbers are units of its em. */
export type HbFont = { readonly unitsPerEm: number; readonly font: number };

/** A setting of a font's feature (https://learn.microsoft.com/typography/opentype/spec/featurelist). */
export type FontFeature = readonly [tag: string, value: number];

/** A part of a paragraph that is shaped at once. */
export type ShapeItem = {
  readonly from: number;
  readonly to: number;
  readonly isRightToLeft: boolean;
  /** Four letters of ISO 15924. */
  readonly script: string;
  readonly features: readonly FontFeature[];
};

/** What a glyph covers, upwards from the baseline, to the right from its origin. */
export type GlyphBox = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

function tagOf(name: string): number {
  const [a = 32, b = 32, c = 32, d = 32] = Array.from(name, (letter) => letter.charCodeAt(0));
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** One instance of HarfBuzz with its memory. Instantiating takes some milliseconds, once a thread. */
export class HarfBuzz {
  /** For what else of it is used in this room. */
  readonly module: HbModule;
  readonly #hb: HbExports;
  readonly #buffer: number;
  readonly #features: number;
  readonly #scratch: number;
  readonly #scripts = new Map<string, number>();
  #text = 0;
  #textCapacity = 0;
  #textLength = 0;

  /** @throws Error when the package is not whole */
  constructor() {
    this.module = loadHarfBuzz();
    this.#hb = this.module.hb;
    this.#buffer = this.#hb.hb_buffer_create();
    this.#features = this.#hb.malloc(FEATURE_BYTES * MAX_FEATURES);
    this.#scratch = this.#hb.malloc(256);
  }

  /** Bytes of the module's memory: they only grow. */
  get memoryBytes(): number {
    return this.#hb.memory.buffer.byteLength;
  }

  /**
   * Opens a face; it is to be closed again, after its fonts. Null when there is no memory for it.
   * @param sfnt a TrueType or OpenType font or collection; copied
   * @param index of the face in a collection
   */
  openFace(sfnt: Uint8Array, index: number): HbFace | null {
    const hb = this.#hb;
    const data = hb.malloc(sfnt.length);
    if (data === 0) return null;
    new Uint8Array(hb.memory.buffer).set(sfnt, data);
    const blob = hb.hb_blob_create(data, sfnt.length, MODE_WRITABLE, 0, 0);
    const face = hb.hb_face_create(blob, index);
    return { unitsPerEm: hb.hb_face_get_upem(face), face, blob, data };
  }

  closeFace({ face, blob, data }: HbFace): void {
    this.#hb.hb_face_destroy(face);
    this.#hb.hb_blob_destroy(blob);
    this.#hb.free(data);
  }

  /** A font of an open face; it is to be closed before the face. */
  openFont(
    { face, unitsPerEm }: HbFace,
    variations: readonly (readonly [tag: string, value: number])[],
  ): HbFont {
    const hb = this.#hb;
    const font = hb.hb_font_create(face);
    const set = variations.slice(0, MAX_VARIATIONS);
    const view = new DataView(hb.memory.buffer, this.#scratch);
    set.forEach(([tag, value], i) => {
      view.setUint32(i * 8, tagOf(tag), true);
      view.setFloat32(i * 8 + 4, value, true);
    });
    if (set.length > 0) hb.hb_font_set_variations(font, this.#scratch, set.length);
    return { unitsPerEm, font };
  }

  closeFont({ font }: HbFont): void {
    this.#hb.hb_font_destroy(font);
  }

  /** Sets the paragraph whose parts are shaped from now on: what stands around a part decides how its letters join. */
  setParagraph(text: string): void {
    const hb = this.#hb;
    if (text.length > this.#textCapacity || this.#text === 0) {
      hb.free(this.#text);
      this.#textCapacity = Math.max(1024, text.length);
      this.#text = hb.malloc(this.#textCapacity * 2);
    }
    if (this.#text === 0) throw new Error('HarfBuzz has no memory left.');
    const units = new Uint16Array(hb.memory.buffer, this.#text, text.length);
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    this.#textLength = text.length;
  }

  /**
   * Shapes a part of the paragraph, and adds its glyphs to `store` from left to right.
   * @param size of the em in pixels
   */
  shape(font: HbFont, item: ShapeItem, size: number, store: GlyphStore): void {
    const { from, to, isRightToLeft, script, features } = item;
    const hb = this.#hb;
    const buffer = this.#buffer;
    hb.hb_buffer_clear_contents(buffer);
    hb.hb_buffer_add_utf16(buffer, this.#text, this.#textLength, from, to - from);
    hb.hb_buffer_set_direction(buffer, isRightToLeft ? DIRECTION_RTL : DIRECTION_LTR);
    hb.hb_buffer_set_script(buffer, this.#scriptOf(script));
    hb.hb_buffer_set_flags(
      buffer,
      (from === 0 ? FLAG_BEGINNING_OF_TEXT : 0) | (to === this.#textLength ? FLAG_END_OF_TEXT : 0),
    );
    const set = features.slice(0, MAX_FEATURES);
    const view = new DataView(hb.memory.buffer, this.#features);
    set.forEach(([tag, value], i) => {
      view.setUint32(i * FEATURE_BYTES, tagOf(tag), true);
      view.setUint32(i * FEATURE_BYTES + 4, value, true);
      view.setUint32(i * FEATURE_BYTES + 8, 0, true);
      view.setUint32(i * FEATURE_BYTES + 12, TO_THE_END, true);
    });
    hb.hb_shape(font.font, buffer, set.length === 0 ? 0 : this.#features, set.length);
    this.#addGlyphs(font, size / font.unitsPerEm, store);
  }

  #addGlyphs({ font }: HbFont, scale: number, store: GlyphStore): void {
    const hb = this.#hb;
    const count = hb.hb_buffer_get_length(this.#buffer);
    const infosPtr = hb.hb_buffer_get_glyph_infos(this.#buffer, 0);
    const positionsPtr = hb.hb_buffer_get_glyph_positions(this.#buffer, 0);
    // Views of memory that may have grown since the last time.
    const words = new Int32Array(hb.memory.buffer);
    store.reserve(count);
    const { ids, clusters, advances, dx, dy, plain, unsafe } = store;
    for (let i = 0, k = store.count; i < count; i++, k++) {
      const info = (infosPtr >> 2) + i * GLYPH_INFO_WORDS;
      const position = (positionsPtr >> 2) + i * GLYPH_INFO_WORDS;
      const [glyph, advance] = [words[info] ?? 0, words[position] ?? 0];
      const [x, y] = [words[position + 2] ?? 0, words[position + 3] ?? 0];
      ids[k] = glyph;
      unsafe[k] = (words[info + 1] ?? 0) & UNSAFE_TO_BREAK;
      clusters[k] = words[info + 2] ?? 0;
      advances[k] = advance * scale;
      dx[k] = x * scale;
      dy[k] = -y * scale;
      const isPlain = x === 0 && y === 0 && advance === hb.hb_font_get_glyph_h_advance(font, glyph);
      plain[k] = isPlain ? 1 : 0;
    }
    store.count += count;
  }

  /** How far a line of the font reaches up and down from its baseline, both positive. */
  lineExtents({ font }: HbFont): { readonly ascent: number; readonly descent: number } {
    if (this.#hb.hb_font_get_h_extents(font, this.#scratch) === 0) return { ascent: 0, descent: 0 };
    const [ascender = 0, descender = 0] = new Int32Array(this.#hb.memory.buffer, this.#scratch, 2);
    return { ascent: ascender, descent: -descender };
  }

  /** A measure of the whole font by its tag (hb-ot-metrics.h); null when the font does not say. */
  metric({ font }: HbFont, tag: string): number | null {
    if (this.#hb.hb_ot_metrics_get_position(font, tagOf(tag), this.#scratch) === 0) return null;
    return new Int32Array(this.#hb.memory.buffer, this.#scratch, 1)[0] ?? null;
  }

  /** What a glyph covers; null when the font does not say. */
  glyphBox({ font }: HbFont, glyph: number): GlyphBox | null {
    if (this.#hb.hb_font_get_glyph_extents(font, glyph, this.#scratch) === 0) return null;
    const box = new Int32Array(this.#hb.memory.buffer, this.#scratch, 4);
    const [left = 0, top = 0, width = 0, height = 0] = box;
    return { left, top, right: left + width, bottom: top + height };
  }

  #scriptOf(script: string): number {
    const known = this.#scripts.get(script);
    if (known !== undefined) return known;
    new Uint8Array(this.#hb.memory.buffer).set(Buffer.from(script, 'latin1'), this.#scratch);
    const found = this.#hb.hb_script_from_string(this.#scratch, script.length);
    this.#scripts.set(script, found);
    return found;
  }
}

let ofThread: HarfBuzz | null = null;

/** The instance of this thread. */
export function harfBuzz(): HarfBuzz {
  ofThread ??= new HarfBuzz();
  return ofThread;
}
