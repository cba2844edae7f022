import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT } from '../core/paths.js';

/** The kernels of workers/kernels, as this thread calls them. All positions are byte offsets into the shared memory. */
export type Kernels = {
  /** Converts opaque pixels, width a multiple of 16, height even, to I420 planes at `dst`. */
  rgbaToI420(src: number, widthPx: number, heightPx: number, dst: number): void;
  /** Draws tile `index` of the job and leaves its patch. */
  renderTile(jobOffset: number, index: number, laneScratch: number): void;
  /**
   * Draws `count` item records at `items` into a premultiplied bitmap at `dst`, whose top left is where the items have
   * pixel (x, y).
   */
  composeBitmap(
    items: number,
    count: number,
    x: number,
    y: number,
    widthPx: number,
    heightPx: number,
    dst: number,
    laneScratch: number,
  ): void;
  /**
   * Puts `count` premultiplied RGBA pixels at `ptr` through the colour matrix at `params`: 4 × 5 f32 as in KIND_MATRIX
   * of the records. The same as the item does, for bitmaps that are painted once.
   */
  matrixPixels(ptr: number, count: number, params: number): void;
  /** Takes a key colour out of `count` premultiplied pixels at `ptr`; `params` are the f32 of KIND_KEY. */
  keyPixels(ptr: number, count: number, params: number): void;
  /** Leaves the spans of a bitmap's rows behind its pixels; 1 when every pixel is opaque. */
  measureRows(ptr: number, widthPx: number, heightPx: number): number;
  /**
   * Leaves the levels of a bitmap (see LEVEL_ in records.ts) at `dst`: waits while another thread paints it, and answers
   * 0 when it will not be there.
   */
  makeLevels(
    src: number,
    widthPx: number,
    heightPx: number,
    dst: number,
    laneScratch: number,
  ): number;
  /** Puts the patch of the tile record at `tile` into the program frame. */
  applyPatch(tile: number, frame: number, widthPx: number, heightPx: number): void;
  /** Copies a part, all even, between program frames. */
  copyRect(
    dst: number,
    src: number,
    frameWidthPx: number,
    frameHeightPx: number,
    x: number,
    y: number,
    widthPx: number,
    heightPx: number,
  ): void;
  /** A whole program frame as opaque RGBA. */
  i420ToRgba(frame: number, widthPx: number, heightPx: number, dst: number): void;
  /**
   * Converts a band of an opaque I420 picture, both sizes even, to RGBA at `dst`. `band` has its luma, then U and V, each from the
   * row of chroma above the band to the one below, and room for what is reckoned: see workers/kernels/i420-band.ts.
   */
  i420BandToRgba(band: number, widthPx: number, rows: number, dst: number): void;
  /** A program frame scaled to RGBA of the given size. */
  scaleI420ToRgba(
    yOffset: number,
    uOffset: number,
    vOffset: number,
    widthPx: number,
    heightPx: number,
    dst: number,
    dstWidthPx: number,
    dstHeightPx: number,
  ): void;
};

const KERNEL_NAMES = [
  'rgbaToI420',
  'renderTile',
  'composeBitmap',
  'matrixPixels',
  'keyPixels',
  'measureRows',
  'makeLevels',
  'applyPatch',
  'copyRect',
  'i420ToRgba',
  'i420BandToRgba',
  'scaleI420ToRgba',
] as const satisfies readonly (keyof Kernels)[];

function isKernels(exports: Record<string, unknown>): exports is Record<string, unknown> & Kernels {
  return KERNEL_NAMES.every((name) => typeof exports[name] === 'function');
}

/**
 * Instantiates the kernels over the shared memory, once in every thread that needs them.
 * @throws Error when the build is not whole.
 */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(readFileSync(join(BUILD_ROOT, 'workers', 'kernels.wasm')));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  if (!isKernels(exports)) throw new Error('The kernels do not fit this build; run npm run build.');
  return exports;
}
