import type { Content } from '../render/content.js';
import type { PaintReport } from '../render/tasks.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import type { Renderer } from './render-pool.js';

export type BackgroundPainterOptions = {
  readonly bitmaps: BitmapStore;
  readonly renderer: Renderer;
  readonly scratchOffset: number;
  readonly onPainted: (bitmap: Bitmap, report: PaintReport) => void;
};

/** A paint that waits for its turn. */
type Order = {
  readonly bitmap: Bitmap;
  readonly content: Content;
  /** What it reads, held as long as it may be read. */
  readonly sources: readonly Bitmap[];
};

/**
 * Has contents painted in the background, one after the other, in the order in which they are asked for. Whatever
 * comes of it stands in the bitmap's state.
 */
export class BackgroundPainter {
  readonly #options: BackgroundPainterOptions;
  readonly #queue: Order[] = [];
  #isBusy = false;
  #waiting: (() => void)[] = [];

  constructor(options: BackgroundPainterOptions) {
    this.#options = options;
  }

  /** `sources` are the bitmaps that the content is drawn from. */
  order(bitmap: Bitmap, content: Content, sources: readonly Bitmap[]): void {
    bitmap.isOrdered = true;
    bitmap.isInBackground = true;
    for (const held of [bitmap, ...sources]) held.uses += 1;
    this.#queue.push({ bitmap, content, sources });
    if (!this.#isBusy) void this.#work();
  }

  /** Takes back what nobody is at yet, to be painted elsewhere. Answers whether it could. */
  withdraw(bitmap: Bitmap): boolean {
    const i = this.#queue.findIndex((order) => order.bitmap === bitmap);
    const [order] = i === -1 ? [] : this.#queue.splice(i, 1);
    if (order === undefined) return false;
    for (const held of [bitmap, ...order.sources]) held.uses -= 1;
    bitmap.isOrdered = false;
    bitmap.isInBackground = false;
    return true;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Resolves when a paint has ended, or there is none. */
  progress(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await this.#paint(next);
      this.#announce();
    }
    this.#isBusy = false;
    this.#announce();
  }

  #announce(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #paint({ bitmap, content, sources }: Order): Promise<void> {
    const { bitmaps, renderer, scratchOffset, onPainted } = this.#options;
    const letGo = (): void => {
      for (const held of [bitmap, ...sources]) held.uses -= 1;
    };
    if (bitmap.uses === 1) {
      // Nobody waits for it any more.
      bitmaps.abandonAt(bitmap.offset);
      letGo();
      return;
    }
    const paint = { offset: bitmap.offset, content };
    const end = await renderer.paintInBackground({ paint, scratchOffset });
    if (end.kind === 'done') {
      onPainted(bitmap, end);
      letGo();
      return;
    }
    bitmap.failure = end.reason;
    bitmaps.abandonAt(bitmap.offset);
    void end.gone.then(letGo);
  }
}
