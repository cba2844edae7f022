/**
 * The way of one frame, phase "realise", in the compositor thread: which bitmaps have to be painted, and whether in the
 * frame or in the background. Owns nothing: what is in progress is written on the bitmaps.
 */

import { bitmapItemsOffset } from '../../memory/bitmap-layout.js';
import { BITMAP_EMPTY, BITMAP_FAILED, BITMAP_PAINTED } from '../../memory/records.js';
import type { Content } from '../../render/content.js';
import type { Paint } from '../../render/painter.js';
import type { BackgroundPainter } from '../background-painter.js';
import { levelsOf, type Bitmap, type BitmapStore } from '../bitmaps.js';
import { bitmapsOf } from '../faults/layer-entry.js';
import type { LayerGuard } from '../faults/layer-guard.js';
import type { Item } from '../items/item.js';
import { writeItems } from '../items/write-items.js';
import type { PaintCosts } from '../paint-costs.js';

/** A paint that takes longer than this is done in the background, milliseconds: a frame has one and a half of 16.7. */
const BACKGROUND_MS = 10;

/** Most that the paints of one frame may take for each render worker, milliseconds; the rest is done in the background. */
const FRAME_PAINT_MS = 12;

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

export type BackgroundPaints = {
  readonly painter: BackgroundPainter;
  readonly costs: PaintCosts;
  /** Threads that share the paints of a frame. */
  readonly workers: number;
};

/** What is to be painted in a frame. Its bitmaps are held as soon as they are found, so that none is given up for the next. */
export class PaintWork {
  readonly paints: Paint[] = [];
  readonly bitmaps = new Set<Bitmap>();
  /** What the paints will take, milliseconds. */
  predictedMs = 0;

  hold(bitmap: Bitmap): void {
    if (!this.bitmaps.has(bitmap)) bitmap.uses += 1;
    this.bitmaps.add(bitmap);
  }
}

export type PaintOrdersOptions = {
  readonly view: DataView<SharedArrayBuffer>;
  readonly bitmaps: BitmapStore;
  readonly background: BackgroundPaints | null;
  readonly guard: LayerGuard;
};

/** Decides where contents are painted that are not there yet: in the frame that shows them, or in the background. */
export class PaintOrders {
  readonly #options: PaintOrdersOptions;

  constructor(options: PaintOrdersOptions) {
    this.#options = options;
  }

  /** The bitmap of a content that items draw, if any; null when it is not to be had, now or at all. */
  bitmap(content: Content, items: readonly Item[], work: PaintWork): Bitmap | null {
    const { bitmaps, guard } = this.#options;
    const known = this.#known(content);
    if (known?.isOrdered !== true) return this.#order(content, items, work);
    const state = bitmaps.stateOf(known);
    if (state === BITMAP_EMPTY && known.isInBackground && this.#isBetterNow(known, content, work))
      return this.#order(content, items, work);
    if (state === BITMAP_FAILED) {
      guard.failed(known.failure ?? 'It could not be painted.');
      return null;
    }
    if (state !== BITMAP_PAINTED) {
      if (known.isInBackground) guard.pending(true);
      else guard.unproven();
    }
    work.hold(known);
    return known;
  }

  /** As long as something that is drawn into it is on its way, it is not painted at all. */
  composed(content: Content, items: readonly Item[], work: PaintWork): Bitmap | null {
    const { guard } = this.#options;
    if (!guard.isPendingBelow) return this.bitmap(content, items, work);
    guard.pending(false);
    return null;
  }

  /**
   * The levels of a bitmap, if any. Nothing waits for those that are made in the background: until they are there, the
   * bitmap itself is sampled.
   */
  levels(source: Bitmap, work: PaintWork): Bitmap | null {
    const { bitmaps, guard, background } = this.#options;
    const content = levelsOf(source);
    const known = bitmaps.find(content.key);
    if (known?.isOrdered === true) {
      const state = bitmaps.stateOf(known);
      if (state === BITMAP_FAILED || (state === BITMAP_EMPTY && known.isInBackground)) return null;
      work.hold(known);
      return known;
    }
    if (source.isInBackground && !bitmaps.isPainted(source)) return null;
    const bitmap = bitmaps.get(content);
    if (bitmap === null) return null;
    work.hold(bitmap);
    bitmap.owner = guard.owner;
    if (background !== null && this.#isForBackground(content, work, background)) {
      this.paintInBackground(bitmap, content, []);
      return null;
    }
    bitmap.isOrdered = true;
    work.predictedMs += this.predictMs(content);
    guard.unproven();
    work.paints.push({ offset: bitmap.offset, content });
    return bitmap;
  }

  /** What a content will take to be painted, milliseconds. */
  predictMs(content: Content): number {
    return this.#options.background?.costs.predictMs(content) ?? 0;
  }

  /** Whether a paint is done in the background, however little else there is to paint. */
  isSlow(predictedMs: number): boolean {
    return this.#options.background !== null && predictedMs > BACKGROUND_MS;
  }

  /** Whether so much more than frames can take is to be painted that it is better done before they show it. */
  isTooMuch(predictedMs: number): boolean {
    const { background } = this.#options;
    return background !== null && predictedMs > FRAME_PAINT_MS * background.workers;
  }

  /** Has a content painted in the background that frames to come will show, and holds its bitmap for one more frame. */
  ahead(content: Content, work: PaintWork): void {
    const { bitmaps, background } = this.#options;
    const bitmap = background === null ? null : bitmaps.get(content);
    if (bitmap === null) return;
    work.hold(bitmap);
    if (!bitmap.isOrdered) this.paintInBackground(bitmap, content, []);
  }

  /** Has a content painted in the background. */
  paintInBackground(bitmap: Bitmap, content: Content, items: readonly Item[]): void {
    const { bitmaps, background } = this.#options;
    const { drawing } = content;
    const isFromBitmap = drawing.kind === 'picture' || drawing.kind === 'levels';
    const picture = isFromBitmap ? bitmaps.at(drawing.source) : null;
    this.#writeItems(bitmap, content, items);
    const sources = [...bitmapsOf(items), ...(picture === null ? [] : [picture])];
    background?.painter.order(bitmap, content, sources);
  }

  /** A bitmap that failed is forgotten when it is to be tried once more. */
  #known(content: Content): Bitmap | null {
    const { bitmaps, guard } = this.#options;
    const known = bitmaps.find(content.key);
    if (known === null || !guard.isFirstTry) return known;
    if (bitmaps.stateOf(known) !== BITMAP_FAILED) return known;
    bitmaps.abandonAt(known.offset);
    return null;
  }

  #order(content: Content, items: readonly Item[], work: PaintWork): Bitmap | null {
    const { bitmaps, background, guard } = this.#options;
    const isInBackground = background !== null && this.#isForBackground(content, work, background);
    if (isInBackground && guard.isWaiting) {
      guard.pending(false);
      return null;
    }
    const bitmap = bitmaps.get(content);
    if (bitmap === null) {
      guard.failed(
        `The bitmaps that are shown use all of the ${megabytes(bitmaps.paintedLimitBytes)} MB available, so there is no room for one of ${content.widthPx}x${content.heightPx} pixels. Make layers smaller, or raise MEMORY_LIMIT.`,
      );
      return null;
    }
    work.hold(bitmap);
    bitmap.owner = guard.owner;
    if (isInBackground) {
      this.paintInBackground(bitmap, content, items);
      guard.pending(true);
      return bitmap;
    }
    bitmap.isOrdered = true;
    work.predictedMs += this.predictMs(content);
    guard.unproven();
    this.#writeItems(bitmap, content, items);
    work.paints.push({ offset: bitmap.offset, content });
    return bitmap;
  }

  /** What is painted ahead for a scene to come, and is wanted now, need not wait for its turn if it is painted in no time. */
  #isBetterNow(bitmap: Bitmap, content: Content, work: PaintWork): boolean {
    const { background } = this.#options;
    if (background === null || this.#isForBackground(content, work, background)) return false;
    return background.painter.withdraw(bitmap);
  }

  #isForBackground(
    content: Content,
    work: PaintWork,
    { costs, workers }: BackgroundPaints,
  ): boolean {
    if (this.#options.guard.isSuspicious) return true;
    const ms = costs.predictMs(content);
    return ms > BACKGROUND_MS || work.predictedMs + ms > FRAME_PAINT_MS * workers;
  }

  #writeItems(bitmap: Bitmap, { widthPx, heightPx }: Content, items: readonly Item[]): void {
    const { view } = this.#options;
    writeItems(view, bitmapItemsOffset(bitmap.offset, widthPx, heightPx), items);
  }
}
