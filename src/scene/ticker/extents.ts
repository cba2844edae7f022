import type { LayerOf } from '../schema/layer.js';
import type { TickerItem } from '../schema/ticker-item.js';

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

/** The length of an item; 0 of one that was not measured. */
export function extentOf(
  { items }: TickerExtents,
  item: Pick<TickerItem, 'text' | 'image'>,
): number {
  return items[extentKey(item)] ?? 0;
}

/** Whether a ticker runs up or down. */
export function isUpright({ direction }: Pick<Ticker, 'direction'>): boolean {
  return direction === 'up' || direction === 'down';
}

/** How long the way of a ticker is, from the edge at which items enter to the one at which they leave. */
export function wayPxOf(layer: Pick<Ticker, 'direction' | 'width' | 'height'>): number {
  return isUpright(layer) ? layer.height : layer.width;
}

/** Whether what enters runs to the left or top edge: by the document, not by the speed of a moment. */
export function isTowardsOrigin({
  direction,
  speed,
}: Pick<Ticker, 'direction' | 'speed'>): boolean {
  return (direction === 'left' || direction === 'up') !== speed < 0;
}

/** What goes before an item that follows another one: the separator and a gap. */
export function leadPxOf({ gap }: Pick<Ticker, 'gap'>, { separator }: TickerExtents): number {
  return separator > 0 ? separator + gap : 0;
}
