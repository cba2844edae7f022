import type { LayerOf } from '../schema/layer.js';
import type { TickerItem } from '../schema/ticker-item.js';
import type { EnteredItem, QueueAnchor, TickerAnchor } from './anchor.js';
import { isTowardsOrigin, isUpright, wayPxOf } from './extents.js';
import { commonEnds, heldPlace, type HeldLengths } from './hold.js';
import {
  createRunningQueue,
  isStanding,
  MAX_COPIES,
  standingPlaces,
  textStartPx,
  type TickerMotion,
} from './running.js';
import { nextAfter, sameItems } from './same-items.js';

/** How a ticker goes on from where it is when its document changes. */

type Ticker = LayerOf<'ticker'>;
type Content = Pick<TickerItem, 'text' | 'color' | 'image'>;

/** How long something is along the way of a ticker, in pixels of the scene. */
export type MeasureExtent = (layer: Ticker, content: Pick<TickerItem, 'text' | 'image'>) => number;

/** Frames from a little before a change are drawn anew with it: what was in sight then is kept as well. */
const MARGIN_MS = 1000;

/** A layout may make a ticker wider than its document says, up to the widest picture. */
const WIDEST_PX = 4096;

/** An item on its way, with what is needed to put it elsewhere. The latest come first in lists of these. */
type Moved = {
  readonly index: number | null;
  readonly content: Content;
  readonly extent: number;
  readonly ranPx: number;
  readonly isJoined: boolean;
};

/** A change of a ticker. */
export type TickerChange = {
  readonly before: Ticker;
  readonly motion: TickerMotion;
  readonly after: Ticker;
  /** Program time, milliseconds since 1970. */
  readonly atMs: number;
  /** Program time at which scene time is 0, milliseconds since 1970. */
  readonly takenAtMs: number;
};

/** What a ticker goes on from after a change: what is in sight stays where it is. */
export function anchorAfter(change: TickerChange, measure: MeasureExtent): TickerAnchor {
  const { before, after, atMs, takenAtMs } = change;
  const isSameKind = (before.items === null) === (after.items === null);
  const isSameWay = isUpright(before) === isUpright(after);
  const canHold = isSameKind && isSameWay;
  return {
    atMs,
    takenAtMs,
    startPx: after.items === null && canHold ? textAnchor(change, measure) : 0,
    queue: after.items === null ? null : canHold ? queueAnchor(change, measure) : FRESH_QUEUE,
  };
}

const FRESH_QUEUE: QueueAnchor = { entered: [], next: 0, freePx: 0, isFollowing: false };

/** The letters in the middle of the box stay where they are. */
function textAnchor(change: TickerChange, measure: MeasureExtent): number {
  const { before, after, motion, atMs, takenAtMs } = change;
  const [was, is] = [textOf(before.text ?? ''), textOf(after.text ?? '')];
  const first = textStartPx(before, motion, atMs - takenAtMs);
  const period = measure(before, was) + before.gap + leadPx(before, measure);
  const centre = wayPxOf(before) / 2;
  if (period <= 0) return first;
  const start = first + Math.floor((centre - first) / period) * period;
  const [from, to] = [
    { layer: before, content: was },
    { layer: after, content: is },
  ];
  return centre - placeAfter(centre - start, from, to, measure);
}

function textOf(text: string): Content {
  return { text, color: null, image: null };
}

function leadPx(layer: Ticker, measure: MeasureExtent): number {
  return layer.separator === '' ? 0 : measure(layer, textOf(layer.separator)) + layer.gap;
}

/** An item in a ticker of a document. */
type Written = { readonly layer: Ticker; readonly content: Content };

/** Where a place of an item is in what takes its stead, both from where the item begins. */
function placeAfter(px: number, before: Written, after: Written, measure: MeasureExtent): number {
  const { start, end } = commonEnds(before.content.text, after.content.text);
  const lengths = ({ layer, content }: Written): HeldLengths => ({
    whole: measure(layer, content),
    start: start === '' ? 0 : measure(layer, { ...content, text: start }),
    end: end === '' ? 0 : measure(layer, { ...content, image: null, text: end }),
  });
  return heldPlace(px, lengths(before), lengths(after));
}

/** What was on its way up to a change, and whose turn is next. */
type Standing = {
  readonly moved: readonly Moved[];
  readonly next: number;
  readonly freePx: number;
};

function standingBefore(change: TickerChange, measure: MeasureExtent): Standing {
  const { before, motion, atMs, takenAtMs } = change;
  const items = before.items ?? [];
  const extents = items.map((item) => measure(before, item));
  const separator = before.separator === '' ? 0 : measure(before, textOf(before.separator));
  const lead = leadPx(before, measure);
  const way = wayPxOf(before);
  if (isStanding(before, motion)) {
    const moved = standingPlaces(before, extents, separator).flatMap(
      ({ atPx, isJoined }, index): Moved[] => {
        const content = items[index];
        const extent = extents[index] ?? 0;
        if (content === undefined || atPx > way) return [];
        const ranPx = isTowardsOrigin(before) ? way - atPx : atPx + extent;
        return [{ index, content, extent, ranPx, isJoined }];
      },
    );
    return { moved: moved.toReversed(), next: moved.length, freePx: 0 };
  }
  const queue = createRunningQueue(before, { items: extents, separator }, motion, takenAtMs);
  const sceneTimeMs = atMs - takenAtMs;
  const running = queue
    .between(-lead, Infinity, sceneTimeMs)
    .filter(({ ranPx, isJoined }) => ranPx + (isJoined ? lead : 0) >= 0);
  const marginPx = (Math.abs(before.speed) * MARGIN_MS) / 1000 + 2 * before.fontSize;
  const kept = running
    .map((one): Moved => ({ ...one, extent: measure(before, one.content) }))
    .filter(({ ranPx, extent }) => ranPx - extent <= Math.max(way, WIDEST_PX) + lead + marginPx);
  const [latest] = running;
  const known = motion.anchor?.queue ?? null;
  return {
    moved: kept,
    next: latest?.next ?? known?.next ?? 0,
    freePx:
      latest === undefined
        ? (known?.freePx ?? 0) - (known === null ? 0 : queue.ranPx(sceneTimeMs))
        : measure(before, latest.content) + before.gap - latest.ranPx,
  };
}

/** Items as they are seen from the other edge. What went before an item goes before its neighbour then. */
function fromOtherEdge(moved: readonly Moved[], way: number): Moved[] {
  return moved
    .map((one, i): Moved => ({
      ...one,
      ranPx: way - one.ranPx + one.extent,
      isJoined: moved[i - 1]?.isJoined ?? false,
    }))
    .toReversed();
}

/** The items by the new document: one of those in the middle of the box stays, the others stand to it as they did. */
function rearranged(
  moved: readonly Moved[],
  change: TickerChange,
  same: readonly (number | null)[],
  measure: MeasureExtent,
): Moved[] {
  const { before, after } = change;
  const items = after.items ?? [];
  const now = moved.map((one): Moved => {
    const index = one.index === null ? null : (same[one.index] ?? null);
    const content = (index === null ? undefined : items[index]) ?? one.content;
    return { ...one, index, content, extent: measure(after, content) };
  });
  const centre = wayPxOf(after) / 2;
  const farFrom = ({ ranPx, extent }: Moved): number =>
    Math.max(0, centre - ranPx, ranPx - extent - centre);
  const held = moved.reduce(
    (best, one, i) => (farFrom(one) < farFrom(moved[best] ?? one) ? i : best),
    0,
  );
  const [was, is] = [moved[held], now[held]];
  if (was === undefined || is === undefined) return [];
  const places: number[] = [];
  places[held] = heldRanPx({ was, is }, centre, change, measure);
  const [leadBefore, leadAfter] = [leadPx(before, measure), leadPx(after, measure)];
  /** From the beginning of an item to that of the next later one. */
  const distance = (i: number): number => {
    const [a, b, c, d] = [moved[i], moved[i - 1], now[i], now[i - 1]];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return 0;
    const slack = a.ranPx - b.ranPx - a.extent - before.gap - (b.isJoined ? leadBefore : 0);
    return c.extent + after.gap + (d.isJoined ? leadAfter : 0) + Math.max(0, slack);
  };
  for (let i = held; i > 0; i--) places[i - 1] = (places[i] ?? 0) - distance(i);
  for (let i = held + 1; i < moved.length; i++) places[i] = (places[i - 1] ?? 0) + distance(i);
  return now.map((one, i) => ({ ...one, ranPx: places[i] ?? one.ranPx }));
}

/** How far an item has run by the new document when its letters nearest to the middle stay where they are. */
function heldRanPx(
  { was, is }: { readonly was: Moved; readonly is: Moved },
  centre: number,
  { before, after }: TickerChange,
  measure: MeasureExtent,
): number {
  // Along the way, the beginning of an item is ahead; its text begins at the left or top.
  const fromEdge = Math.min(was.ranPx, Math.max(was.ranPx - was.extent, centre));
  const [from, to] = [
    { layer: before, content: was.content },
    { layer: after, content: is.content },
  ];
  const place = (px: number): number => placeAfter(px, from, to, measure);
  if (isTowardsOrigin(after)) return fromEdge + place(was.ranPx - fromEdge);
  return fromEdge - place(fromEdge - (was.ranPx - was.extent)) + is.extent;
}

function queueAnchor(change: TickerChange, measure: MeasureExtent): QueueAnchor {
  const { before, after } = change;
  const same = sameItems(before.items ?? [], after.items ?? []);
  const standing = standingBefore(change, measure);
  const isTurned = isTowardsOrigin(before) !== isTowardsOrigin(after);
  const turned = isTurned ? fromOtherEdge(standing.moved, wayPxOf(before)) : standing.moved;
  // Things keep their distance from the left or top of the box, also when that becomes wider.
  const wider = isTowardsOrigin(after) ? wayPxOf(after) - wayPxOf(before) : 0;
  const moved = rearranged(
    turned.map((one) => ({ ...one, ranPx: one.ranPx + wider })),
    change,
    same,
    measure,
  );
  const [latest] = moved;
  const freePx = latest === undefined ? standing.freePx : latest.extent + after.gap - latest.ranPx;
  // In a queue that loops an edge that has been free has had nothing to let in.
  const wasWaiting = after.loop && standing.freePx < 0;
  return {
    entered: moved.slice(0, MAX_COPIES).map(toEntered),
    next: nextAfter(same, standing.next),
    freePx: after.loop ? Math.max(0, freePx) : freePx,
    isFollowing: !wasWaiting && latest !== undefined,
  };
}

function toEntered({ index, content, ranPx, isJoined }: Moved): EnteredItem {
  const { text, color, image } = content;
  return { index, content: index === null ? { text, color, image } : null, ranPx, isJoined };
}
