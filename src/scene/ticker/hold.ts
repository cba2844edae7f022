/** Which place of a text stays where it is when the text changes: pure functions of the two. */

/** What two texts begin and end with alike; no letter counts twice. */
export function commonEnds(a: string, b: string): { readonly start: string; readonly end: string } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  if (start > 0 && isHighSurrogate(a.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  if (end > 0 && isLowSurrogate(a.charCodeAt(a.length - end))) end--;
  return { start: a.slice(0, start), end: end === 0 ? '' : a.slice(-end) };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Lengths of a text along its way, and of what it begins and ends with as another one does. */
export type HeldLengths = { readonly whole: number; readonly start: number; readonly end: number };

/**
 * Where a place of a text, counted from its beginning, is in the text that takes its stead: at the same letters, as
 * long as both have them. Beyond the end, in the gap, it is as far from the end.
 */
export function heldPlace(px: number, before: HeldLengths, after: HeldLengths): number {
  if (px > before.whole) return after.whole + px - before.whole;
  if (px <= before.start) return before.start > 0 ? (px * after.start) / before.start : px;
  const left = before.whole - px;
  if (left <= before.end) return after.whole - (left > 0 ? (left * after.end) / before.end : 0);
  const middle = before.whole - before.start - before.end;
  const share = middle > 0 ? (px - before.start) / middle : 0;
  return after.start + share * (after.whole - after.start - after.end);
}
