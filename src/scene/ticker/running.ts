import type { LayerOf } from '../schema/layer.js';
import type { TickerItem } from '../schema/ticker-item.js';
import type { TickerAnchor } from './anchor.js';
import { isTowardsOrigin, leadPxOf, wayPxOf, type TickerExtents } from './extents.js';
import { occurrencesBetween, runsOf, type Laps } from './queue.js';
import type { Travel } from './travel.js';

/** What of a ticker is where at a moment: a pure function of its document, its anchor and the moment. */

type Ticker = LayerOf<'ticker'>;

/** How a ticker runs. */
export type TickerMotion = {
  /** Null: nothing has changed since its scene was taken. */
  readonly anchor: TickerAnchor | null;
  /** The way from the anchor's moment, or from the beginning of the scene. */
  readonly travel: Travel;
};

/** What is next to nothing is repeated so often at the most. */
export const MAX_COPIES = 128;

/** Where copy 0 of a text begins at a moment, from the left or top edge of the box. */
export function textStartPx(
  { direction }: Pick<Ticker, 'direction'>,
  { anchor, travel }: TickerMotion,
  sceneTimeMs: number,
): number {
  const isReversed = direction === 'right' || direction === 'down';
  return (anchor?.startPx ?? 0) - (isReversed ? -1 : 1) * travel(sceneTimeMs);
}

/** From one copy of a text to the next. */
export function textPeriodPx(
  layer: Pick<Ticker, 'gap'>,
  textPx: number,
  extents: TickerExtents,
): number {
  return textPx + layer.gap + leadPxOf(layer, extents);
}

/** An item that has entered, or whose separator has. */
export type RunningItem = {
  /** Its place in the list; null: it is not in there any more. */
  readonly index: number | null;
  readonly content: Pick<TickerItem, 'text' | 'color' | 'image'>;
  /** How far its beginning has run from the edge at which items enter; less than 0: it is about to. */
  readonly ranPx: number;
  readonly isJoined: boolean;
  /** Whose turn is after it. */
  readonly next: number;
  /** Tells it from others on the way, from frame to frame. */
  readonly name: string;
};

/** A queue that can be asked what is on its way. */
export type RunningQueue = {
  /** Those whose beginnings are between two distances from the edge, the latest first. */
  between(leastPx: number, mostPx: number, sceneTimeMs: number): RunningItem[];
  /** How far the ticker has run in its own direction since its anchor. */
  ranPx(sceneTimeMs: number): number;
};

/** Lengths along the way, in pixels of the scene: of each item in the list, and of the separator. */
export type QueueExtents = { readonly items: readonly number[]; readonly separator: number };

/** @param takenAtMs - program time at which scene time is 0 */
export function createRunningQueue(
  layer: Ticker,
  { items: extents, separator }: QueueExtents,
  { anchor, travel }: TickerMotion,
  takenAtMs: number,
): RunningQueue {
  const items = layer.items ?? [];
  const sign = layer.speed < 0 ? -1 : 1;
  const ranPx = (sceneTimeMs: number): number => sign * travel(sceneTimeMs);
  const queue = anchor?.queue ?? null;
  // What came before the anchor has come; before the scene was taken things ran as they do at its beginning.
  const momentPx = (atMs: number | null): number => {
    if (anchor === null) return atMs === null ? 0 : ranPx(atMs - takenAtMs);
    return atMs === null || atMs <= anchor.atMs ? 0 : Math.max(0, ranPx(atMs - takenAtMs));
  };
  const start =
    queue === null
      ? null
      : { item: queue.next, freePx: queue.freePx, isFollowing: queue.isFollowing };
  const runs: readonly Laps[] = runsOf({
    items: items.map(({ atMs, removedAtMs }, i) => ({
      extent: extents[i] ?? 0,
      fromPx: momentPx(atMs),
      untilPx: removedAtMs === null ? Infinity : momentPx(removedAtMs),
    })),
    gap: layer.gap,
    separator,
    loop: layer.loop,
    start,
  });
  const nameOf = (index: number | null, enterPx: number): string => {
    const id = index === null ? undefined : (items[index]?.id ?? index);
    // To the hundredth of a pixel: closer to each other no two enter.
    return `${id ?? '-'}@${Math.round(enterPx * 100)}`;
  };
  return {
    ranPx,
    between: (leastPx, mostPx, sceneTimeMs) => {
      const ran = ranPx(sceneTimeMs);
      const entering = occurrencesBetween(runs, ran - mostPx, ran - leastPx, MAX_COPIES);
      const later = entering.flatMap(({ item, enterPx, isJoined }): RunningItem[] => {
        const content = items[item];
        if (content === undefined) return [];
        const name = nameOf(item, enterPx);
        return [{ index: item, content, ranPx: ran - enterPx, isJoined, next: item + 1, name }];
      });
      const next = queue?.next ?? 0;
      const earlier = (queue?.entered ?? []).flatMap((entered): RunningItem[] => {
        const { index, isJoined } = entered;
        const content = entered.content ?? (index === null ? undefined : items[index]);
        const px = entered.ranPx + ran;
        if (content === undefined || px < leastPx || px > mostPx) return [];
        const name = nameOf(index, -entered.ranPx);
        return [{ index, content, ranPx: px, isJoined, next, name }];
      });
      return [...later, ...earlier].slice(0, MAX_COPIES);
    },
  };
}

/** Whether items stand one after the other, as in a ticker that has never moved. */
export function isStanding({ speed, animations }: Ticker, { anchor }: TickerMotion): boolean {
  const isMoved = animations.some(({ property }) => property === 'speed');
  return speed === 0 && anchor === null && !isMoved;
}

/** Where items stand that have never moved: from the left or top edge of the box, the first of the list first. */
export function standingPlaces(
  layer: Pick<Ticker, 'gap'>,
  extents: readonly number[],
  separatorPx: number,
): { readonly atPx: number; readonly isJoined: boolean }[] {
  const lead = separatorPx > 0 ? separatorPx + layer.gap : 0;
  let at = 0;
  return extents.map((extent, i) => {
    if (i > 0) at += lead;
    const place = { atPx: at, isJoined: i > 0 };
    at += extent + layer.gap;
    return place;
  });
}

/** Where something stands in the box that has run so far, from the left or top edge. */
export function placePx(layer: Ticker, ranPx: number, extent: number): number {
  return isTowardsOrigin(layer) ? wayPxOf(layer) - ranPx : ranPx - extent;
}
