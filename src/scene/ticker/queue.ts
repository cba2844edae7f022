/**
 * When the items of a ticker enter: a pure function of the list and of how long the items are.
 *
 * The edge at which items enter is free again when an item and the gap after it have entered. Then it is the turn of
 * the next item of the list: it enters if its moment has come and it has not been removed by then. In a queue that does
 * not loop the edge waits for an item whose moment has not come; in one that loops such an item is passed over until
 * its next turn. So what is decided at a turn depends only on what was in the list at that moment.
 *
 * Everything is a length along the way, in pixels of the scene: a moment is how far the ticker has run then, so that
 * the speed, which may change, is no part of it.
 */
export type Queue = {
  readonly items: readonly QueueItem[];
  readonly gap: number;
  /** Of the separator; 0: there is none. */
  readonly separator: number;
  readonly loop: boolean;
  /** The turn that it goes on from; null: nothing has entered yet. */
  readonly start: QueueStart | null;
};

export type QueueItem = {
  readonly extent: number;
  /** From when on it may enter. */
  readonly fromPx: number;
  /** From when on it enters no more; Infinity: it has not been removed. */
  readonly untilPx: number;
};

export type QueueStart = {
  /** Whose turn it is. */
  readonly item: number;
  /** When the edge is free. */
  readonly freePx: number;
  /** Whether something has just entered then. */
  readonly isFollowing: boolean;
};

/** An item that enters. */
export type Entry = {
  readonly item: number;
  /** When its beginning enters, counted from the beginning of its lap. */
  readonly afterPx: number;
  /** Whether the separator runs before it: it follows another item at once. */
  readonly isJoined: boolean;
};

/** The same entries `laps` times, one lap after the other. */
export type Laps = {
  readonly startPx: number;
  readonly periodPx: number;
  readonly laps: number;
  readonly entries: readonly Entry[];
};

/** A lap is this long at least, so that a ticker of nothing ends. */
const SHORTEST_PX = 1;

/**
 * Lengths are whole numbers of these, 1/1024 px: their sums are exact then, so that whether an item came before its
 * turn does not depend on where one began to count.
 */
const STEPS_PER_PX = 1024;

function toSteps(px: number): number {
  return Math.round(px * STEPS_PER_PX) / STEPS_PER_PX;
}

/** How long an item is with the gap after it, and what goes before it when it is joined. */
function lengthsOf({ items, gap, separator }: Queue): {
  ofItem: (item: number) => number;
  leadPx: number;
} {
  return {
    ofItem: (item) => toSteps(Math.max(SHORTEST_PX, items[item]?.extent ?? 0) + gap),
    leadPx: separator > 0 ? toSteps(separator + gap) : 0,
  };
}

/** Items one after the other, once. */
function runOnce(queue: Queue): Laps[] {
  const { ofItem, leadPx } = lengthsOf(queue);
  const first = queue.start?.item ?? 0;
  const entries: Entry[] = [];
  let freePx = queue.start === null ? -Infinity : toSteps(queue.start.freePx);
  let startPx = 0;
  for (const [item, { fromPx, untilPx }] of queue.items.entries()) {
    if (item < first) continue;
    const turnPx = Math.max(freePx, toSteps(fromPx));
    if (toSteps(untilPx) <= turnPx) continue;
    const isFollowing = entries.length > 0 || (queue.start?.isFollowing ?? false);
    const isJoined = isFollowing && freePx >= toSteps(fromPx);
    const enterPx = turnPx + (isJoined ? leadPx : 0);
    if (entries.length === 0) startPx = enterPx;
    entries.push({ item, afterPx: enterPx - startPx, isJoined });
    freePx = enterPx + ofItem(item);
  }
  return entries.length === 0 ? [] : [{ startPx, periodPx: freePx - startPx, laps: 1, entries }];
}

/** One lap, or the rest of one, from a turn on. */
function lapFrom(queue: Queue, start: QueueStart): Laps {
  const { ofItem, leadPx } = lengthsOf(queue);
  const entries: Entry[] = [];
  const startPx = start.freePx;
  let freePx = startPx;
  for (const [item, { fromPx, untilPx }] of queue.items.entries()) {
    if (item < start.item || toSteps(fromPx) > freePx || toSteps(untilPx) <= freePx) continue;
    const isJoined = start.isFollowing || entries.length > 0;
    const enterPx = freePx + (isJoined ? leadPx : 0);
    entries.push({ item, afterPx: enterPx - startPx, isJoined });
    freePx = enterPx + ofItem(item);
  }
  return { startPx, periodPx: freePx - startPx, laps: 1, entries };
}

/** Laps until nothing changes any more, of which the last ones never end. */
function runInLaps(queue: Queue): Laps[] {
  const changes = queue.items
    .flatMap(({ fromPx, untilPx }) => [toSteps(fromPx), toSteps(untilPx)])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const { leadPx } = lengthsOf(queue);
  const runs: Laps[] = [];
  let freePx = queue.start === null ? (changes[0] ?? 0) : toSteps(queue.start.freePx);
  let isFollowing = queue.start?.isFollowing ?? false;
  const rest = queue.start === null ? null : lapFrom(queue, { ...queue.start, freePx });
  if (rest !== null && queue.start !== null && queue.start.item > 0 && rest.entries.length > 0) {
    runs.push(rest);
    [freePx, isFollowing] = [freePx + rest.periodPx, true];
  }
  for (;;) {
    const lap: Laps = lapFrom(queue, { item: 0, freePx, isFollowing });
    const changePx = changes.find((px) => px > freePx) ?? Infinity;
    if (lap.entries.length === 0) {
      if (changePx === Infinity) return runs;
      [freePx, isFollowing] = [changePx, false];
      continue;
    }
    // Laps are the same that end before a change: items that are passed over have their turn when one ends.
    // The first lap after a rest differs from those after it by what goes before its first item.
    const canRepeat: boolean = isFollowing || leadPx === 0;
    const laps: number = canRepeat
      ? Math.max(1, Math.ceil((changePx - freePx) / lap.periodPx) - 1)
      : 1;
    runs.push({ ...lap, laps });
    const endPx = freePx + laps * lap.periodPx;
    // It ends for whatever numbers it is given: a round that gets nowhere would be the last thing that a thread does.
    if (laps === Infinity || !(endPx > freePx)) return runs;
    [freePx, isFollowing] = [endPx, true];
  }
}

/** All that ever enters, in order. */
export function runsOf(queue: Queue): Laps[] {
  return queue.loop ? runInLaps(queue) : runOnce(queue);
}

/** An item on its way. */
export type Occurrence = {
  readonly item: number;
  readonly enterPx: number;
  readonly isJoined: boolean;
};

/** What enters between two moments, both included; at most `limit`, the latest, those first. */
export function occurrencesBetween(
  runs: readonly Laps[],
  fromPx: number,
  toPx: number,
  limit: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  for (const { startPx, periodPx, laps, entries } of runs.toReversed()) {
    if (startPx > toPx) continue;
    const lastLap = Math.min(laps - 1, Math.floor((toPx - startPx) / periodPx));
    for (let lap = lastLap; lap >= 0; lap--) {
      const lapStartPx = startPx + lap * periodPx;
      if (found.length >= limit || lapStartPx + periodPx < fromPx) break;
      for (const { item, afterPx, isJoined } of entries.toReversed()) {
        const enterPx = lapStartPx + afterPx;
        if (enterPx >= fromPx && enterPx <= toPx && found.length < limit)
          found.push({ item, enterPx, isJoined });
      }
    }
    if (found.length >= limit || startPx < fromPx) break;
  }
  return found;
}
