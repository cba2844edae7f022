import { closeSync, openSync, readSync } from 'node:fs';
import { bitmapItemsOffset } from '../memory/bitmap-layout.js';
import {
  BITMAP_FAILED,
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  BITMAP_PAINTED,
  BITMAP_PARAMS,
  BITMAP_STATE,
} from '../memory/records.js';
import { toHexColor } from '../scene/color.js';
import { toColorMatrix } from '../scene/color-matrix.js';
import type { Box } from '../scene/picture-fit.js';
import type { ChromaKey } from '../scene/schema/style.js';
import type { Kernels } from '../memory/kernels.js';
import { createCanvas, releaseCanvas, type Canvas } from './canvas.js';
import type { Content, DrawingOf, PictureContent } from './content.js';
import { LottieCache } from './lottie-cache.js';
import { isCopied } from './paint-cost.js';
import { paintContent } from './paint/paint.js';
import { VideoPixels } from './video-pixels.js';

/** A content and the address of its bitmap in shared memory. */
export type Paint = { readonly offset: number; readonly content: Content };
export type PicturePaint = { readonly offset: number; readonly content: PictureContent };
/** A picture that has been decoded to its size: premultiplied pixels in a file, nothing else. */
export type DecodedPicture = PicturePaint & { readonly pixelsPath: string };

/** Canvases that are kept by size: contents that change every frame keep theirs. */
const KEPT_CANVASES = 8;
/** Larger canvases are not kept. */
const KEPT_CANVAS_PX = 512 * 512;

/**
 * Paints contents into shared memory. The canvas binding defers drawing until its pixels are asked for, and gives
 * a view of them without a copy.
 */
export class Painter {
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #kernels: Kernels;
  readonly #canvases = new Map<string, Canvas>();
  readonly #lotties = new LottieCache();
  readonly #videos: VideoPixels;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#kernels = kernels;
    this.#videos = new VideoPixels(memory, kernels);
  }

  /** Paints a content; `laneScratch` is for what items draw. A failure marks the bitmap, so that those who wait for it go on, and is thrown. */
  paint({ offset, content }: Paint, laneScratch: number): void {
    try {
      if (content.drawing.kind === 'levels') {
        const { source, widthPx, heightPx } = content.drawing;
        if (this.#kernels.makeLevels(source, widthPx, heightPx, offset, laneScratch) === 0)
          throw new Error('What its levels are made from could not be painted.');
        this.#setState(offset, BITMAP_PAINTED);
        return;
      }
      if (content.drawing.kind === 'video-frame' && isCopied(content)) {
        this.#takeVideo(offset, content.drawing, laneScratch);
        return;
      }
      const canvas = this.#canvasOf(content.widthPx, content.heightPx);
      paintContent(canvas, content, {
        picture: (source, widthPx, part) => this.#pictureAt(source, widthPx, part),
        lottie: (contentHash, path) => this.#lotties.get(contentHash, path),
        video: (drawing) => this.#videoCanvas(offset, drawing, laneScratch),
        composed: () => this.#composed(offset, content, laneScratch),
      });
      this.#deliver(offset, this.#filtered(canvas, offset, content));
    } catch (error) {
      this.#setState(offset, BITMAP_FAILED);
      throw error;
    }
  }

  /** What the items behind the bitmap draw, as large as the bitmap: its own place is where they draw. */
  #composed(
    offset: number,
    { drawing, widthPx, heightPx, padPx }: Content,
    scratch: number,
  ): Canvas {
    const items = bitmapItemsOffset(offset, widthPx, heightPx);
    const { count, x, y } = drawing.kind === 'composed' ? drawing : { count: 0, x: 0, y: 0 };
    const [left, top] = [x - padPx, y - padPx];
    this.#kernels.composeBitmap(items, count, left, top, widthPx, heightPx, offset, scratch);
    return this.#pictureAt(offset, widthPx, { x: 0, y: 0, width: widthPx, height: heightPx });
  }

  /** The canvas after the content's filters; what they do to colours is done where the bitmap will be. */
  #filtered(painted: Canvas, offset: number, { filters, scale }: Content): Canvas {
    let canvas = painted;
    for (const filter of filters) {
      const { width, height } = canvas;
      const matrix = toColorMatrix(filter);
      if (matrix === null) {
        const blurred = createCanvas(width, height);
        const context = blurred.getContext('2d');
        context.filter = `blur(${filter.type === 'blur' ? filter.radius * scale : 0}px)`;
        context.drawImage(canvas, 0, 0);
        this.#letGo(canvas);
        canvas = blurred;
        continue;
      }
      const params = offset - BITMAP_HEADER_BYTES + BITMAP_PARAMS;
      new Float32Array(this.#bytes.buffer, params, matrix.length).set(matrix);
      this.#bytes.set(canvas.data(), offset);
      this.#kernels.matrixPixels(offset, width * height, params);
      canvas.data().set(this.#bytes.subarray(offset, offset + width * height * 4));
    }
    return canvas;
  }

  /** Reads a vector animation ahead; its bitmap stays empty. */
  async loadLottie({ offset, content }: PicturePaint): Promise<void> {
    try {
      await this.#lotties.load(content.contentHash, content.path);
      this.#bytes.fill(0, offset, offset + content.widthPx * content.heightPx * 4);
      this.#finish(offset, content.widthPx, content.heightPx);
    } catch (error) {
      this.#setState(offset, BITMAP_FAILED);
      throw error;
    }
  }

  /** Takes the pixels of a decoded picture: a full-screen one takes some milliseconds. */
  takePicture({ offset, content, pixelsPath }: DecodedPicture): void {
    const { widthPx, heightPx, chromaKey } = content;
    try {
      readInto(pixelsPath, this.#bytes.subarray(offset, offset + widthPx * heightPx * 4));
      if (chromaKey !== null) this.#takeOutColor(offset, offset, widthPx * heightPx, chromaKey);
      this.#finish(offset, widthPx, heightPx);
    } catch (error) {
      this.#setState(offset, BITMAP_FAILED);
      throw error;
    }
  }

  /** Puts a picture of a video where it is composited from. */
  #takeVideo(offset: number, drawing: DrawingOf<'video-frame'>, laneScratch: number): void {
    const { ring, chromaKey } = drawing;
    const { widthPx, heightPx, format } = ring;
    this.#videos.copy(drawing, offset, laneScratch);
    if (chromaKey !== null) this.#takeOutColor(offset, offset, widthPx * heightPx, chromaKey);
    if (format === 'i420' && chromaKey === null) this.#finishOpaque(offset, widthPx, heightPx);
    else this.#finish(offset, widthPx, heightPx);
  }

  /** A picture of a video on a canvas of its size. */
  #videoCanvas(offset: number, drawing: DrawingOf<'video-frame'>, laneScratch: number): Canvas {
    const { ring, chromaKey } = drawing;
    const canvas = createCanvas(ring.widthPx, ring.heightPx);
    const pixels = canvas.data();
    for (const band of this.#videos.bands(drawing, laneScratch)) {
      if (chromaKey !== null) this.#takeOutColor(offset, band.offset, band.count, chromaKey);
      pixels.set(this.#bytes.subarray(band.offset, band.offset + band.count * 4), band.first * 4);
    }
    return canvas;
  }

  /** Takes a colour out of pixels that stand at `at`; `offset` is that of the bitmap which they are for. */
  #takeOutColor(offset: number, at: number, pixels: number, key: ChromaKey): void {
    const [r = 0, g = 0, b = 0] = Buffer.from(toHexColor(key.color).slice(1), 'hex');
    const params = [r / 255, g / 255, b / 255, key.similarity, key.smoothness, key.spill];
    const paramsOffset = offset - BITMAP_HEADER_BYTES + BITMAP_PARAMS;
    new Float32Array(this.#bytes.buffer, paramsOffset, params.length).set(params);
    this.#kernels.keyPixels(at, pixels, paramsOffset);
  }

  #deliver(offset: number, canvas: Canvas): void {
    const { width, height } = canvas;
    this.#bytes.set(canvas.data(), offset);
    this.#letGo(canvas);
    this.#finish(offset, width, height);
  }

  /** The pixels of a bitmap are there. */
  #finish(offset: number, widthPx: number, heightPx: number): void {
    Atomics.store(
      this.#words,
      (offset - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) >> 2,
      this.#kernels.measureRows(offset, widthPx, heightPx),
    );
    this.#setState(offset, BITMAP_PAINTED);
  }

  /** The same where it is known that every pixel is opaque. */
  #finishOpaque(offset: number, widthPx: number, heightPx: number): void {
    const spans = offset + widthPx * heightPx * 4;
    // From the first pixel, in the lower half of the word, to the one after the last.
    this.#words.fill(widthPx << 16, spans >> 2, (spans >> 2) + heightPx);
    Atomics.store(this.#words, (offset - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) >> 2, 1);
    this.#setState(offset, BITMAP_PAINTED);
  }

  /** Gives a canvas's pixels back, unless it is kept for the next content of its size. */
  #letGo(canvas: Canvas): void {
    if (this.#canvases.get(sizeKey(canvas.width, canvas.height)) !== canvas) releaseCanvas(canvas);
  }

  /** Stored last and with Atomics: a render worker that reads the state sees the pixels and the opacity written before. */
  #setState(offset: number, state: number): void {
    const index = (offset - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2;
    Atomics.store(this.#words, index, state);
    Atomics.notify(this.#words, index);
  }

  /** Pixels of a bitmap that is `widthPx` wide. */
  #pictureAt(source: number, widthPx: number, { x, y, width, height }: Box): Canvas {
    const canvas = createCanvas(width, height);
    const pixels = canvas.data();
    for (let row = 0; row < height; row++) {
      const start = source + ((y + row) * widthPx + x) * 4;
      pixels.set(this.#bytes.subarray(start, start + width * 4), row * width * 4);
    }
    return canvas;
  }

  #canvasOf(widthPx: number, heightPx: number): Canvas {
    const key = sizeKey(widthPx, heightPx);
    const canvas = this.#canvases.get(key) ?? createCanvas(widthPx, heightPx);
    this.#canvases.delete(key);
    if (widthPx * heightPx <= KEPT_CANVAS_PX) this.#canvases.set(key, canvas);
    const [oldest] = this.#canvases;
    if (this.#canvases.size > KEPT_CANVASES && oldest !== undefined) {
      this.#canvases.delete(oldest[0]);
      releaseCanvas(oldest[1]);
    }
    return canvas;
  }
}

function sizeKey(widthPx: number, heightPx: number): string {
  return `${widthPx}x${heightPx}`;
}

/** Fills `target` from a file that is exactly as long. */
function readInto(path: string, target: Uint8Array): void {
  const file = openSync(path, 'r');
  try {
    let at = 0;
    while (at < target.length) {
      const bytes = readSync(file, target, at, target.length - at, at);
      if (bytes === 0) throw new Error('The decoded picture is not whole.');
      at += bytes;
    }
  } finally {
    closeSync(file);
  }
}
