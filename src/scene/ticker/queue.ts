import type { TickerItem } from '../schema/layers/ticker.js';

/**
 * When the items of a ticker enter: a pure function of the document and of how long the items are.
 *
 * The edge at which items enter is free again when an item and the gap after it have entered. Then it is the turn of
 * the next item of the list: it enters if its moment has come (`atMs`) and it has not been removed by then
 * (`removedAtMs`). In a queue that does not loop the edge waits for an item whose moment has not come; in one that
 * loops such an item is passed over until its next turn. So what is decided at a turn depends only on what was in the
 * list at that moment: an item that is added or removed later changes nothing about those that have entered.
 */

/** Lengths are pixels of the scene along the way, times milliseconds of the wall clock. */
export type Queue = {
  readonly items: readonly Pick<TickerItem, 'atMs' | 'removedAtMs'>[];
  /** By item. */
  readonly extents: readonly number[];
  readonly gap: number;
  /** Of the separator; 0: there is none. */
  readonly separator: number;
  /** Pixels per millisecond, over 0. */
  readonly speed: number;
  readonly loop: boolean;
  /** When items without a moment come: when the scene went on air. */
  readonly takenAtMs: number;
};

/** An item that enters. */
export type Entry = {
  readonly item: number;
  /** When its beginning enters, counted from the beginning of its lap. */
  readonly afterMs: number;
  /** Whether the separator runs before it: it follows another item at once. */
  readonly isJoined: boolean;
};

/** The same entries `laps` times, one lap after the other. */
export type Laps = {
  readonly startMs: number;
  readonly periodMs: number;
  readonly laps: number;
  readonly entries: readonly Entry[];
};

/** A lap takes time, so that a ticker of nothing ends. */
const SHORTEST_PX = 1;

/**
 * Times are whole numbers of these, 1/1024 ms: their sums are exact then, so that whether an item came before its turn
 * does not depend on where one began to count.
 */
const STEPS_PER_MS = 1024;

function toSteps(ms: number): number {
  return Math.round(ms * STEPS_PER_MS) / STEPS_PER_MS;
}

type Times = { readonly atMs: number; readonly removedAtMs: number };

function timesOf({ items, takenAtMs }: Queue): Times[] {
  return items.map(({ atMs, removedAtMs }) => ({
    atMs: toSteps(atMs ?? takenAtMs),
    removedAtMs: toSteps(removedAtMs ?? Infinity),
  }));
}

/** How long an item and the gap after it take to enter, and what goes before it when it is joined. */
export function durations(queue: Omit<Queue, 'items'>): {
  ofItem: (item: number) => number;
  leadMs: number;
} {
  const { extents, gap, separator, speed } = queue;
  return {
    ofItem: (item) => toSteps((Math.max(SHORTEST_PX, extents[item] ?? 0) + gap) / speed),
    leadMs: separator > 0 ? toSteps((separator + gap) / speed) : 0,
  };
}

/** Items one after the other, once. */
function runOnce(queue: Queue): Laps[] {
  const { ofItem, leadMs } = durations(queue);
  const entries: Entry[] = [];
  let freeMs = -Infinity;
  let startMs = 0;
  for (const [item, { atMs, removedAtMs }] of timesOf(queue).entries()) {
    const turnMs = Math.max(freeMs, atMs);
    if (removedAtMs <= turnMs) continue;
    const isJoined = freeMs >= atMs;
    const enterMs = turnMs + (isJoined ? leadMs : 0);
    if (entries.length === 0) startMs = enterMs;
    entries.push({ item, afterMs: enterMs - startMs, isJoined });
    freeMs = enterMs + ofItem(item);
  }
  return entries.length === 0 ? [] : [{ startMs, periodMs: freeMs - startMs, laps: 1, entries }];
}

/** One lap from the moment on at which the edge is free; `isFollowing`: something has just entered. */
function lapFrom(
  queue: Queue,
  times: readonly Times[],
  startMs: number,
  isFollowing: boolean,
): Laps {
  const { ofItem, leadMs } = durations(queue);
  const entries: Entry[] = [];
  let freeMs = startMs;
  for (const [item, { atMs, removedAtMs }] of times.entries()) {
    if (atMs > freeMs || removedAtMs <= freeMs) continue;
    const isJoined = isFollowing || entries.length > 0;
    const enterMs = freeMs + (isJoined ? leadMs : 0);
    entries.push({ item, afterMs: enterMs - startMs, isJoined });
    freeMs = enterMs + ofItem(item);
  }
  return { startMs, periodMs: freeMs - startMs, laps: 1, entries };
}

/** Laps until nothing changes any more, of which the last ones never end. */
function runInLaps(queue: Queue): Laps[] {
  const times = timesOf(queue);
  const changes = times
    .flatMap(({ atMs, removedAtMs }) => [atMs, removedAtMs])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const runs: Laps[] = [];
  let freeMs = changes[0] ?? 0;
  let isFollowing = false;
  for (;;) {
    const lap: Laps = lapFrom(queue, times, freeMs, isFollowing);
    const changeMs = changes.find((atMs) => atMs > freeMs) ?? Infinity;
    if (lap.entries.length === 0) {
      if (changeMs === Infinity) return runs;
      [freeMs, isFollowing] = [changeMs, false];
      continue;
    }
    // Laps are the same that end before a change: items that are passed over have their turn when one ends.
    // The first lap after a rest differs from those after it by what goes before its first item.
    const canRepeat: boolean = isFollowing || durations(queue).leadMs === 0;
    const laps: number = canRepeat
      ? Math.max(1, Math.ceil((changeMs - freeMs) / lap.periodMs) - 1)
      : 1;
    runs.push({ ...lap, laps });
    if (laps === Infinity) return runs;
    [freeMs, isFollowing] = [freeMs + laps * lap.periodMs, true];
  }
}

/** All that ever enters, in order. */
export function runsOf(queue: Queue): Laps[] {
  return queue.loop ? runInLaps(queue) : runOnce(queue);
}

/** An item on its way. */
export type Occurrence = {
  readonly item: number;
  /** Counts the times that items enter: no two have the same, and one keeps its own as long as the list is the same. */
  readonly lapStartMs: number;
  readonly enterMs: number;
  readonly isJoined: boolean;
};

/** What enters between two moments, both included; at most `limit`, the latest. */
export function occurrencesBetween(
  runs: readonly Laps[],
  fromMs: number,
  toMs: number,
  limit: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  for (const { startMs, periodMs, laps, entries } of runs.toReversed()) {
    if (startMs > toMs) continue;
    const lastLap = Math.min(laps - 1, Math.floor((toMs - startMs) / periodMs));
    for (let lap = lastLap; lap >= 0; lap--) {
      const lapStartMs = startMs + lap * periodMs;
      if (found.length >= limit || lapStartMs + periodMs < fromMs) break;
      for (const { item, afterMs, isJoined } of entries.toReversed()) {
        const enterMs = lapStartMs + afterMs;
        if (enterMs >= fromMs && enterMs <= toMs && found.length < limit)
          found.push({ item, lapStartMs, enterMs, isJoined });
      }
    }
    if (found.length >= limit || startMs < fromMs) break;
  }
  return found;
}
