import type { Kernels } from '../memory/kernels.js';
import { pixelsIn, type PictureRing } from '../memory/picture-ring.js';

/**
 * Takes pictures of videos out of their rings, which the kernels cannot see: I420 goes in bands through the scratch of the
 * thread, where it stays in the second-level cache until it is converted.
 *
 *     ring: Y, U, V ──rows, those around them──▶ scratch: planes of a band ──kernel──▶ RGBA where it is wanted
 */

/** Pixels of a band, or two rows where those are more: what it takes is a third of the scratch. */
const BAND_PX = 32_768;

/**
 * Where in the scratch the pixels of a band are put: behind its planes, which take 1.5 bytes a pixel, and the rows beside it and
 * what is reckoned, which take four bytes for each pixel of a row.
 */
const BAND_PIXELS_BYTE = 3 * BAND_PX;

/** A part of a picture: so many pixels from one on, as RGBA at an offset. */
export type PixelBand = { readonly offset: number; readonly first: number; readonly count: number };

/** A picture in its ring. */
type RingPicture = { readonly ring: PictureRing; readonly number: number };

export class VideoPixels {
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #kernels: Kernels;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#kernels = kernels;
  }

  /** Puts all pixels of a picture at an offset, as premultiplied RGBA. */
  copy({ ring, number }: RingPicture, offset: number, scratch: number): void {
    const bytes = pixelsIn(ring, number);
    if (ring.format === 'rgba') {
      this.#bytes.set(bytes, offset);
      return;
    }
    for (const { first, rows } of bandsOf(ring))
      this.#convert(bytes, ring, { first, rows, scratch, to: offset + first * ring.widthPx * 4 });
  }

  /** The same in parts, each of which is in the scratch until the next one is asked for. */
  *bands({ ring, number }: RingPicture, scratch: number): Iterable<PixelBand> {
    const { widthPx, format } = ring;
    const bytes = pixelsIn(ring, number);
    const offset = scratch + BAND_PIXELS_BYTE;
    for (const { first: row, rows } of bandsOf(ring)) {
      const [first, count] = [row * widthPx, rows * widthPx];
      if (format === 'rgba')
        this.#bytes.set(bytes.subarray(first * 4, (first + count) * 4), offset);
      else this.#convert(bytes, ring, { first: row, rows, scratch, to: offset });
      yield { offset, first, count };
    }
  }

  /** Rows of an I420 picture as RGBA. */
  #convert(
    bytes: Uint8Array,
    { widthPx, heightPx }: PictureRing,
    { first, rows, scratch, to }: Band & { readonly scratch: number; readonly to: number },
  ): void {
    const luma = widthPx * heightPx;
    this.#bytes.set(bytes.subarray(first * widthPx, (first + rows) * widthPx), scratch);
    let at = scratch + rows * widthPx;
    const half = widthPx / 2;
    const lastRow = heightPx / 2 - 1;
    const [above, below] = [first / 2 - 1, (first + rows) / 2];
    for (const plane of [luma, (luma * 5) / 4]) {
      const row = (index: number, end = index + 1): Uint8Array =>
        bytes.subarray(plane + index * half, plane + end * half);
      // Beyond the edges of the picture its last row goes on.
      this.#bytes.set(row(Math.max(0, above)), at);
      this.#bytes.set(row(above + 1, below), at + half);
      this.#bytes.set(row(Math.min(lastRow, below)), at + half * (below - above));
      at += half * (below - above + 1);
    }
    this.#kernels.i420BandToRgba(scratch, widthPx, rows, to);
  }
}

/** So many rows from one on, both even. */
type Band = { readonly first: number; readonly rows: number };

function* bandsOf({ widthPx, heightPx }: PictureRing): Iterable<Band> {
  const most = Math.max(2, 2 * Math.floor(BAND_PX / widthPx / 2));
  for (let first = 0; first < heightPx; first += most)
    yield { first, rows: Math.min(most, heightPx - first) };
}
