import type { TickerItem } from '../schema/layers/ticker.js';
import { durations, runsOf, type Queue } from './queue.js';

/** Frames from a little before a change are drawn anew with it: what was in sight then is kept as well. */
const MARGIN_MS = 1000;

/** A queue, and how long its way is: from the edge at which items enter to the one at which they leave, pixels. */
export type TickerWay = Omit<Queue, 'items'> & {
  readonly items: readonly TickerItem[];
  readonly way: number;
};

/** The same items with those gone that are out of sight, so that the list does not grow for ever. */
function settledOnce({ items, ...queue }: TickerWay, nowMs: number): TickerItem[] {
  const [run] = runsOf({ ...queue, items });
  const entered = new Map(
    (run?.entries ?? []).map(({ item, afterMs }) => [item, (run?.startMs ?? 0) + afterMs]),
  );
  const { way, gap, separator, speed, extents } = queue;
  const after = way + gap + separator + gap;
  let isFirst = true;
  let hasLost = false;
  return items.flatMap((item, i) => {
    const enterMs = entered.get(i);
    // One that was removed before its turn has no part in what runs.
    if (enterMs === undefined) return [];
    const isGone = enterMs + ((extents[i] ?? 0) + after) / speed <= nowMs;
    if (isFirst && isGone) {
      hasLost = true;
      return [];
    }
    // The first one that stays does not follow one that has gone: it keeps the moment at which it entered.
    const isCutOff = isFirst && hasLost;
    isFirst = false;
    if (!isCutOff) return [item];
    // One that was removed when its separator had entered already comes all the same.
    const { removedAtMs } = item;
    const laterMs = removedAtMs === null ? null : Math.max(removedAtMs, enterMs + 1);
    return [{ ...item, atMs: enterMs, removedAtMs: laterMs }];
  });
}

/** The same with a later beginning: a lap before which nothing is in sight any more. */
function settledInLaps({ items, ...queue }: TickerWay, nowMs: number): readonly TickerItem[] {
  const { way, gap, separator, speed, takenAtMs } = queue;
  const lead = separator > 0 ? separator + gap : 0;
  const latestMs = nowMs - (way + lead) / speed;
  const last = runsOf({ ...queue, items }).findLast(({ startMs }) => startMs <= latestMs);
  if (last === undefined) return items;
  const lap = Math.min(last.laps - 1, Math.floor((latestMs - last.startMs) / last.periodMs));
  const lapMs = last.startMs + Math.max(0, lap) * last.periodMs;
  const beginMs = lapMs + (last.entries[0]?.isJoined === true ? durations(queue).leadMs : 0);
  const isBetween = (atMs: number | null): boolean =>
    atMs !== null && atMs > lapMs && atMs <= beginMs;
  if (items.some(({ atMs, removedAtMs }) => isBetween(atMs) || isBetween(removedAtMs)))
    return items;
  return items
    .filter(({ removedAtMs }) => removedAtMs === null || removedAtMs > beginMs)
    .map((item) => ((item.atMs ?? takenAtMs) <= beginMs ? { ...item, atMs: beginMs } : item));
}

/**
 * The items that matter from a moment on, in a list that has all of them enter when they would have entered anyway.
 */
export function settledItems(ticker: TickerWay, nowMs: number): readonly TickerItem[] {
  const sinceMs = nowMs - MARGIN_MS;
  return ticker.loop ? settledInLaps(ticker, sinceMs) : settledOnce(ticker, sinceMs);
}
