import { open, readFile } from 'node:fs/promises';
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
import type { ChromaKey } from '../scene/schema/style.js';
import type { Kernels } from '../memory/kernels.js';
import { createCanvas, decodeImage, releaseCanvas, type Canvas } from './canvas.js';
import type { Content, PictureContent } from './content.js';
import { LottieCache } from './lottie-cache.js';
import { paintContent } from './paint/paint.js';

/** A content and the address of its bitmap in shared memory. */
export type Paint = { readonly offset: number; readonly content: Content };
export type PicturePaint = { readonly offset: number; readonly content: PictureContent };

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

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#kernels = kernels;
  }

  /** Paints a content; `laneScratch` is for what items draw. A failure marks the bitmap, so that those who wait for it go on, and is thrown. */
  paint({ offset, content }: Paint, laneScratch: number): void {
    try {
      const canvas = this.#canvasOf(content.widthPx, content.heightPx);
      paintContent(canvas, content, {
        picture: (source, widthPx, heightPx) => this.#pictureAt(source, widthPx, heightPx),
        lottie: (contentHash, path) => this.#lotties.get(contentHash, path),
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
    return this.#pictureAt(offset, widthPx, heightPx);
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

  /** Decodes and scales a picture. Reading and decoding run off this thread; drawing takes some milliseconds. */
  async paintPicture({ offset, content }: PicturePaint): Promise<void> {
    try {
      if (content.kind === 'lottie') await this.#lotties.load(content.contentHash, content.path);
      const canvas = createCanvas(content.widthPx, content.heightPx);
      if (content.kind === 'picture') await drawPicture(canvas, content);
      if (content.chromaKey !== null) this.#takeOutColor(canvas, offset, content.chromaKey);
      this.#deliver(offset, canvas);
    } catch (error) {
      this.#setState(offset, BITMAP_FAILED);
      throw error;
    }
  }

  /** Done where the bitmap will be: the kernels see nothing else. */
  #takeOutColor(canvas: Canvas, offset: number, key: ChromaKey): void {
    const [r = 0, g = 0, b = 0] = Buffer.from(toHexColor(key.color).slice(1), 'hex');
    const params = [r / 255, g / 255, b / 255, key.similarity, key.smoothness, key.spill];
    const paramsOffset = offset - BITMAP_HEADER_BYTES + BITMAP_PARAMS;
    new Float32Array(this.#bytes.buffer, paramsOffset, params.length).set(params);
    this.#bytes.set(canvas.data(), offset);
    this.#kernels.keyPixels(offset, canvas.width * canvas.height, paramsOffset);
    canvas.data().set(this.#bytes.subarray(offset, offset + canvas.width * canvas.height * 4));
  }

  #deliver(offset: number, canvas: Canvas): void {
    const { width, height } = canvas;
    this.#bytes.set(canvas.data(), offset);
    this.#letGo(canvas);
    Atomics.store(
      this.#words,
      (offset - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) >> 2,
      this.#kernels.measureRows(offset, width, height),
    );
    this.#setState(offset, BITMAP_PAINTED);
  }

  /** Gives a canvas's pixels back, unless it is kept for the next content of its size. */
  #letGo(canvas: Canvas): void {
    if (this.#canvases.get(sizeKey(canvas.width, canvas.height)) !== canvas) releaseCanvas(canvas);
  }

  /** Stored last and with Atomics: a lane that reads the state sees the pixels and the opacity written before. */
  #setState(offset: number, state: number): void {
    const index = (offset - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2;
    Atomics.store(this.#words, index, state);
    Atomics.notify(this.#words, index);
  }

  #pictureAt(source: number, widthPx: number, heightPx: number): Canvas {
    const canvas = createCanvas(widthPx, heightPx);
    canvas.data().set(this.#bytes.subarray(source, source + widthPx * heightPx * 4));
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

/** The bytes of a picture, which may be a part of a file. */
async function readPicture({ path, range }: PictureContent): Promise<Buffer> {
  if (range === null) return readFile(path);
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(range.bytes);
    await file.read(bytes, 0, range.bytes, range.start);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Draws a picture, or a part of it, over a whole canvas. */
async function drawPicture(canvas: Canvas, content: PictureContent): Promise<void> {
  const image = await decodeImage(await readPicture(content));
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  const { x, y, width, height } = content.part ?? { x: 0, y: 0, width: 1, height: 1 };
  context.drawImage(
    image,
    ...([x * image.width, y * image.height, width * image.width, height * image.height] as const),
    ...([0, 0, canvas.width, canvas.height] as const),
  );
}
