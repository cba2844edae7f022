import { BITMAP_EMPTY } from '../../memory/records.js';
import type { Content, PictureContent } from '../../render/content.js';
import { levelsOf, type Bitmap, type BitmapStore } from '../bitmaps.js';
import type { Item } from '../items/item.js';
import type { DrawList, LayerStep } from '../lower/draw-list.js';
import type { PaintOrders } from './paint-orders.js';
import { toItems, type BitmapOwner } from './realise.js';

type Order = {
  readonly bitmap: Bitmap;
  readonly content: Content;
  readonly items: readonly Item[];
};

/** What a scene that is not shown yet has to have painted, by its draw list. A layer that fails needs nothing. */
export class PaintsAhead implements BitmapOwner {
  readonly #bitmaps: BitmapStore;
  readonly #orders: PaintOrders;
  readonly #wanted: Order[] = [];
  readonly #held = new Set<Bitmap>();
  /** Of the layer that is looked at. */
  #openPaints = 0;
  /** Whether there is more to paint, which rests on what is not there yet. */
  isIncomplete = false;
  /** Whether texts are not set yet: asked again, it is more of them that are. */
  hasUnfinishedText = false;
  #predictedMs = 0;
  #hasSlow = false;

  constructor(bitmaps: BitmapStore, orders: PaintOrders, { steps }: DrawList) {
    this.#bitmaps = bitmaps;
    this.#orders = orders;
    toItems(steps, this);
  }

  /** Whether all is there, or is known not to come. */
  get isDone(): boolean {
    return [...this.#held].every((bitmap) => this.#bitmaps.stateOf(bitmap) !== BITMAP_EMPTY);
  }

  bitmap(content: Content | PictureContent): Bitmap | null {
    return this.#wantedBitmap(content, []);
  }

  levels(bitmap: Bitmap): Bitmap | null {
    return this.#wantedBitmap(levelsOf(bitmap), []);
  }

  composed(content: Content, items: readonly Item[]): Bitmap | null {
    if (this.#openPaints === 0) return this.#wantedBitmap(content, items);
    this.isIncomplete = true;
    return null;
  }

  layer({ result }: LayerStep): readonly Item[] {
    if (result.kind === 'unfinished') this.hasUnfinishedText = true;
    if (result.kind === 'cut') this.isIncomplete = true;
    if (result.kind !== 'drawn') return [];
    const before = this.#openPaints;
    this.#openPaints = 0;
    const items = toItems(result.steps, this);
    this.#openPaints += before;
    return items;
  }

  /** Whether it is more than frames can take. */
  get isTooMuch(): boolean {
    return this.hasUnfinishedText || this.#hasSlow || this.#orders.isTooMuch(this.#predictedMs);
  }

  /** Has all of it painted. */
  order(): void {
    for (const { bitmap, content, items } of this.#wanted)
      if (!bitmap.isOrdered) this.#orders.paintInBackground(bitmap, content, items);
  }

  /** Lets go of what was held. */
  release(): void {
    for (const bitmap of this.#held) bitmap.uses -= 1;
    this.#held.clear();
  }

  #wantedBitmap(content: Content | PictureContent, items: readonly Item[]): Bitmap | null {
    if (!('drawing' in content)) return this.#bitmaps.find(content.key);
    const bitmap = this.#bitmaps.get(content);
    if (bitmap === null || this.#bitmaps.stateOf(bitmap) !== BITMAP_EMPTY) return bitmap;
    this.#openPaints += 1;
    if (this.#held.has(bitmap)) return bitmap;
    // As long as it is not known whether it is wanted, so that none is given up for the next.
    bitmap.uses += 1;
    this.#held.add(bitmap);
    if (!bitmap.isOrdered) this.#wanted.push({ bitmap, content, items });
    const ms = this.#orders.predictMs(content);
    this.#predictedMs += ms;
    this.#hasSlow ||= this.#orders.isSlow(ms);
    return bitmap;
  }
}
