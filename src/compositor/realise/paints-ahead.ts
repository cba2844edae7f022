import type { Piece } from '../../render/piece.js';
import type { Culprit } from '../../memory/culprit.js';
import { FrameRoom } from '../faults/frame-room.js';
import type { GuardedLayer } from '../faults/guarded-layer.js';
import { BITMAP_EMPTY } from '../../memory/records.js';
import type { Content } from '../../render/content.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import { levelsOf, type Bitmap, type BitmapStore } from '../bitmaps.js';
import type { Item } from '../items/item.js';
import type { PaintOrders } from './paint-orders.js';

type Order = {
  readonly bitmap: Bitmap;
  readonly content: Content;
  readonly items: readonly Item[];
};

/** What a scene that is not shown yet has to have painted: found by drawing it into nothing. */
export class PaintsAhead {
  readonly #bitmaps: BitmapStore;
  readonly #orders: PaintOrders;
  readonly #culprit: Culprit;
  readonly #wanted: Order[] = [];
  readonly #held = new Set<Bitmap>();
  readonly #room = new FrameRoom(true);
  #openPaints = 0;
  /** Whether there is more to paint, which rests on what is not there yet. */
  isIncomplete = false;
  /** Whether texts are not set yet: asked again, it is more of them that are. */
  hasUnfinishedText = false;
  #predictedMs = 0;
  #hasSlow = false;

  constructor(bitmaps: BitmapStore, orders: PaintOrders, culprit: Culprit) {
    this.#culprit = culprit;
    this.#bitmaps = bitmaps;
    this.#orders = orders;
    this.#room.begin();
  }

  /** Whether all is there, or is known not to come. */
  get isDone(): boolean {
    return [...this.#held].every((bitmap) => this.#bitmaps.stateOf(bitmap) !== BITMAP_EMPTY);
  }

  bitmap(content: Piece['content'], items: readonly Item[]): Bitmap | null {
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

  levels(bitmap: Bitmap): Bitmap | null {
    return this.bitmap(levelsOf(bitmap), []);
  }

  composed(content: Piece['content'], items: readonly Item[]): Bitmap | null {
    if (this.#openPaints === 0) return this.bitmap(content, items);
    this.isIncomplete = true;
    return null;
  }

  /** A layer that fails needs nothing, nor does one for which there is no room. `#openPaints` counts those in the layer around. */
  guarded({ sceneId, compiled, refusal, draw }: GuardedLayer): Item[] {
    if (refusal !== null) return [];
    if (this.#room.takeLayer() !== null) return [];
    if (this.#room.isOver) {
      this.isIncomplete = true;
      return [];
    }
    const before = this.#openPaints;
    this.#openPaints = 0;
    try {
      return this.#culprit.during({ sceneId, layerId: compiled.layer.id }, draw);
    } catch (error) {
      this.hasUnfinishedText ||= error instanceof UnfinishedText;
      return [];
    } finally {
      this.#openPaints += before;
    }
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
}
