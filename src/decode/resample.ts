import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT } from '../core/paths.js';
import type { Size } from './protocol.js';

/**
 * Brings pictures to another size, each axis by itself, in premultiplied sRGB values as browsers do: reducing with a windowed
 * sinc (Lanczos, three lobes) as wide as what falls into one pixel, enlarging linearly, as Chromium does and as the
 * compositor does while a picture moves. A picture that keeps its size on whole pixels stays as it is, bit for bit.
 */

/** A part of a picture in its pixels; need not be whole. */
export type PixelBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * What the pixels of one axis of the result are made of: pixel i of `count` pixels of the source from `first[i]` on, with
 * weights from `i * count` on.
 */
export type Taps = {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly count: number;
  /** Pixels of the result. */
  readonly size: number;
};

const LANCZOS_RADIUS = 3;
const TRIANGLE_RADIUS = 1;

function lanczos(x: number): number {
  if (x === 0) return 1;
  const distance = Math.abs(x);
  if (distance >= LANCZOS_RADIUS) return 0;
  const angle = Math.PI * distance;
  return (LANCZOS_RADIUS * Math.sin(angle) * Math.sin(angle / LANCZOS_RADIUS)) / (angle * angle);
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/**
 * The taps of one axis. What lies beyond the part counts as its outermost pixels do, so nothing outside of it is seen.
 * @param start where the part begins, in pixels of the source
 * @param extent how long it is, over 0
 * @param size pixels of the result
 * @param extentPx how many of them all of the part takes
 */
export function tapsOf(start: number, extent: number, size: number, extentPx: number): Taps {
  const step = extent / extentPx;
  const isReduced = step > 1;
  const width = Math.max(1, step);
  const radius = (isReduced ? LANCZOS_RADIUS : TRIANGLE_RADIUS) * width;
  const kernel = isReduced ? lanczos : triangle;
  const lowest = Math.floor(start + 1e-6);
  const highest = Math.max(lowest, Math.ceil(start + extent - 1e-6) - 1);
  const count = Math.min(highest - lowest + 1, Math.ceil(2 * radius) + 1);
  const first = new Int32Array(size);
  const weights = new Float32Array(size * count);
  for (let i = 0; i < size; i++) {
    const centre = start + (i + 0.5) * step - 0.5;
    const left = Math.ceil(centre - radius);
    const right = Math.floor(centre + radius);
    const from = Math.min(Math.max(left, lowest), highest - count + 1);
    first[i] = from;
    const sums = new Float64Array(count);
    let total = 0;
    for (let at = left; at <= right; at++) {
      const weight = kernel((at - centre) / width);
      const place = Math.min(Math.max(at, lowest), highest) - from;
      sums[place] = (sums[place] ?? 0) + weight;
      total += weight;
    }
    for (let k = 0; k < count; k++) weights[i * count + k] = (sums[k] ?? 0) / total;
  }
  return { first, weights, count, size };
}

/** The same, where each pixel of the result is the average of what it covers, as pixels of drawings are. */
export function areaTapsOf(start: number, extent: number, size: number): Taps {
  const step = extent / size;
  const lowest = Math.floor(start + 1e-6);
  const highest = Math.max(lowest, Math.ceil(start + extent - 1e-6) - 1);
  const count = Math.min(highest - lowest + 1, Math.ceil(step) + 1);
  const first = new Int32Array(size);
  const weights = new Float32Array(size * count);
  for (let i = 0; i < size; i++) {
    const [left, right] = [start + i * step, start + (i + 1) * step];
    const from = Math.max(lowest, Math.min(Math.floor(left + 1e-6), highest - count + 1));
    first[i] = from;
    for (let k = 0; k < count; k++) {
      const covered = Math.min(right, from + k + 1) - Math.max(left, from + k);
      weights[i * count + k] = Math.max(0, covered) / step;
    }
  }
  return { first, weights, count, size };
}

/** The kernels of workers/kernels/resample.ts; positions are byte offsets into their memory. */
type Kernels = {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readRow(src: number, widthPx: number, dst: number): void;
  resampleRow(
    row: number,
    first: number,
    weights: number,
    count: number,
    size: number,
    dst: number,
  ): void;
  mixRows(
    rows: number,
    start: number,
    weights: number,
    count: number,
    size: number,
    dst: number,
  ): void;
};

/** Four f32. */
const PIXEL_FLOATS_BYTES = 16;
const PAGE_BYTES = 65_536;
const ALIGN_BYTES = 64;

const KERNEL_NAMES = ['readRow', 'resampleRow', 'mixRows'] as const;

function isKernels(exports: Record<string, unknown>): exports is Record<string, unknown> & Kernels {
  return KERNEL_NAMES.every((name) => typeof exports[name] === 'function');
}

/** @throws Error when the build is not whole */
function instantiate(): Kernels {
  const module = new WebAssembly.Module(readFileSync(join(BUILD_ROOT, 'workers', 'resample.wasm')));
  const { exports } = new WebAssembly.Instance(module, {});
  if (!isKernels(exports)) throw new Error('The kernels do not fit this build; run npm run build.');
  return exports;
}

/** Offsets of blocks of so many bytes, one after the other, and where they end. */
function layOut(sizes: readonly number[]): { readonly offsets: number[]; readonly end: number } {
  let end = ALIGN_BYTES;
  const offsets = sizes.map((bytes) => {
    const offset = end;
    end += Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;
    return offset;
  });
  return { offsets, end };
}

/**
 * Brings a part of a picture to a size.
 * @param rgba pixels R G B A, not premultiplied, rows without gaps
 * @param size of all of it
 * @returns pixels R G B A, premultiplied
 */
export type Resample = (rgba: Uint8Array, size: Size, columns: Taps, rows: Taps) => Uint8Array;

/** Compiles the kernels, in some milliseconds. */
export function createResampler(): Resample {
  const kernels = instantiate();
  return (rgba, size, columns, rows) => {
    const [width, height] = [columns.size, rows.size];
    const rowBytes = width * PIXEL_FLOATS_BYTES;
    const { offsets, end } = layOut([
      size.width * 4,
      size.width * PIXEL_FLOATS_BYTES,
      columns.first.byteLength,
      columns.weights.byteLength,
      rows.weights.byteLength,
      rows.count * rowBytes,
      width * 4,
    ]);
    const [source = 0, row = 0, first = 0, weights = 0, rowWeights = 0, ring = 0, line = 0] =
      offsets;
    const { memory } = kernels;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(new Uint8Array(columns.first.buffer), first);
    bytes.set(new Uint8Array(columns.weights.buffer), weights);
    bytes.set(new Uint8Array(rows.weights.buffer), rowWeights);

    const out = new Uint8Array(width * height * 4);
    let next = 0;
    for (let y = 0; y < height; y++) {
      const top = rows.first[y] ?? 0;
      for (next = Math.max(next, top); next < top + rows.count; next++) {
        const start = next * size.width * 4;
        bytes.set(rgba.subarray(start, start + size.width * 4), source);
        kernels.readRow(source, size.width, row);
        const place = ring + (next % rows.count) * rowBytes;
        kernels.resampleRow(row, first, weights, columns.count, width, place);
      }
      const tap = rowWeights + y * rows.count * Float32Array.BYTES_PER_ELEMENT;
      kernels.mixRows(ring, top % rows.count, tap, rows.count, width, line);
      out.set(bytes.subarray(line, line + width * 4), y * width * 4);
    }
    return out;
  };
}
