import { basename, dirname, join } from 'node:path';
import {
  createCanvas,
  GlobalFonts,
  loadImage,
  LottieAnimation,
  type Canvas,
  type Image,
  type SKRSContext2D,
} from '@napi-rs/canvas';
import { readGlyphFont } from '../fonts/glyph-font.js';
import { FONTS_FOLDER, GLYPH_FONTS_FOLDER, SHIPPED_FONTS } from '../fonts/shipped-fonts.js';

export { createCanvas };
export type { Canvas, Image };
export type Lottie = LottieAnimation;
export type Context2D = SKRSContext2D;

/**
 * Gives a canvas's pixels back at once. Its memory is not the collector's: left to it, it comes back when the thread
 * next has nothing to do, and by then painting may have taken gigabytes. What was drawn from it stays as it is.
 */
export function releaseCanvas(canvas: Canvas): void {
  canvas.width = 1;
  canvas.height = 1;
}

/** The one owner of the Skia binding: everything that draws takes it from here. */

/**
 * Registers the shipped fonts. They are known process-wide and to all threads, so this is called once, before
 * any thread draws. Takes some milliseconds: the files are plain fonts that are mapped into memory.
 * @throws Error when a font file is missing: then the build is not whole.
 */
export function registerShippedFonts(): void {
  for (const { file, family } of SHIPPED_FONTS) {
    if (GlobalFonts.registerFromPath(join(FONTS_FOLDER, file), family) === null) {
      throw new Error(`The font ${file} could not be loaded; run npm run build to restore it.`);
    }
  }
}

/**
 * Registers a font that comes from outside, for all threads: before a scene that uses it is shown.
 * @param source the file's bytes or its absolute path: TTF, OTF, TTC, WOFF or WOFF2
 * @param family the name it can be asked for by; null: its own. To be known by two names, it is registered twice.
 * @returns whether it is a font that can be used
 */
export function registerFont(source: Buffer | string, family: string | null): boolean {
  const alias = family ?? undefined;
  const key =
    typeof source === 'string'
      ? GlobalFonts.registerFromPath(source, alias)
      : GlobalFonts.register(source, alias);
  return key !== null;
}

/**
 * Whether a family can be drawn with, as far as this thread has tried. The binding is asked once: it answers by writing out
 * all families and their styles as JSON.
 */
const known = new Map<string, boolean>();

/**
 * The family by which a face is drawn glyph by glyph (see glyph-font.ts); registered when it is asked for. Null when
 * its file cannot be used.
 */
export function glyphFamily(path: string, index: number): string | null {
  const family = `glyphs ${path}#${index}`;
  let isUsable = known.get(family);
  if (isUsable === undefined) {
    // Another thread may have registered it.
    isUsable = GlobalFonts.has(family) || registerGlyphs(path, index, family);
    known.set(family, isUsable);
  }
  return isUsable ? family : null;
}

function registerGlyphs(path: string, index: number, family: string): boolean {
  try {
    const isShipped = dirname(path) === FONTS_FOLDER;
    const source = isShipped
      ? join(GLYPH_FONTS_FOLDER, basename(path))
      : readGlyphFont(path, index);
    return registerFont(source, family);
  } catch {
    return false;
  }
}

/** Decodes a picture off the calling thread. Only bytes are taken: given a text, the binding would read files or fetch it. */
export async function decodeImage(bytes: Buffer): Promise<Image> {
  return loadImage(bytes);
}

/** A vector animation. No folder is given to it: it can refer to nothing but what is in it. @throws Error when it is none */
export function readLottie(bytes: Buffer): Lottie {
  return LottieAnimation.loadFromData(bytes);
}

/**
 * Encodes opaque RGBA pixels, rows without gaps, as a PNG, off the calling thread. The bytes are a buffer of their
 * own, to be transferred to another thread.
 */
export async function encodePng(
  rgba: Uint8Array,
  widthPx: number,
  heightPx: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = createCanvas(widthPx, heightPx);
  canvas.data().set(rgba);
  return new Uint8Array(await canvas.encode('png'));
}
