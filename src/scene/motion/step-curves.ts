/** Where a staircase jumps, as in https://www.w3.org/TR/css-easing-1/#step-easing-functions. */
export type StepPosition = 'jump-start' | 'jump-end' | 'jump-none' | 'jump-both';

/** The staircase of CSS (https://www.w3.org/TR/css-easing-1/#step-easing-algo). `jump-none` needs two steps at least. */
export function toStepEasing(steps: number, position: StepPosition): (progress: number) => number {
  const jumps = position === 'jump-none' ? steps - 1 : position === 'jump-both' ? steps + 1 : steps;
  const ahead = position === 'jump-start' || position === 'jump-both' ? 1 : 0;
  return (progress) => Math.min(jumps, Math.max(0, Math.floor(progress * steps) + ahead)) / jumps;
}

/** A corner of a broken line; `at` is progress in shares, null where the text leaves it out. */
export type LinearStop = { readonly value: number; readonly at: number | null };

/** Gives every stop its place, as in https://www.w3.org/TR/css-easing-2/#create-a-linear-easing-function. */
function placed(stops: readonly LinearStop[]): { value: number; at: number }[] {
  let furthest = 0;
  const known = stops.map(({ value, at }, i) => {
    const own = at ?? (i === 0 ? 0 : i === stops.length - 1 ? 1 : null);
    if (own === null) return { value, at: own };
    furthest = Math.max(furthest, own);
    return { value, at: furthest };
  });
  return known.map(({ value, at }, i) => {
    if (at !== null) return { value, at };
    const before = known.slice(0, i).findLastIndex((stop) => stop.at !== null);
    const after = known.findIndex((stop, k) => k > i && stop.at !== null);
    const [from, to] = [known[before]?.at ?? 0, known[after]?.at ?? 1];
    return { value, at: from + ((to - from) * (i - before)) / (after - before) };
  });
}

/** The broken line through stops, two at least; beyond the first and the last it goes on as it went. */
export function toLinearEasing(stops: readonly LinearStop[]): (progress: number) => number {
  const points = placed(stops);
  return (progress) => {
    const found = points.findIndex(({ at }) => at > progress);
    const end = Math.max(1, found === -1 ? points.length - 1 : found);
    const [a, b] = [points[end - 1], points[end]];
    if (a === undefined || b === undefined) throw new Error('a line needs two points');
    if (b.at === a.at) return progress < a.at ? a.value : b.value;
    return a.value + ((b.value - a.value) * (progress - a.at)) / (b.at - a.at);
  };
}
