import type { LayerOf } from '../schema/layer.js';
import type { TickerItem } from '../schema/layers/ticker.js';
import type { TickerWay } from './settle-queue.js';

type Ticker = LayerOf<'ticker'>;

/** How long the parts of a ticker are along its way, as whoever measures text has found, in pixels of the scene. */
export type TickerExtents = {
  /** By the key of the item. */
  readonly items: Readonly<Record<string, number>>;
  readonly separator: number;
};

/** Items of one key are of one length. */
export function extentKey({ text, image }: Pick<TickerItem, 'text' | 'image'>): string {
  return JSON.stringify([text, image]);
}

/** Whether a ticker runs up or down. */
export function isUpright({ direction }: Pick<Ticker, 'direction'>): boolean {
  return direction === 'up' || direction === 'down';
}

/** The way of a ticker's items with their lengths in it; null: it stands still, or some were not measured. */
export function wayOf(layer: Ticker, extents: TickerExtents, takenAtMs: number): TickerWay | null {
  const items = layer.items ?? [];
  const known = items.map((item) => extents.items[extentKey(item)]);
  if (layer.speed === 0 || known.includes(undefined)) return null;
  return {
    items,
    extents: known.map((extent) => extent ?? 0),
    ...{ gap: layer.gap, separator: extents.separator, loop: layer.loop, takenAtMs },
    speed: Math.abs(layer.speed) / 1000,
    way: isUpright(layer) ? layer.height : layer.width,
  };
}
