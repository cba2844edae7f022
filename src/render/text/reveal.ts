import { graphemeEnds } from './graphemes.js';
import type { GlyphRun, TextLayout, TextLine } from './text-spec.js';

/** How much of a cluster is shown when its line is shown up to `to`: several characters may be written as one. */
function shareOf(text: string, from: number, end: number, to: number): number {
  const ends = graphemeEnds(text.slice(from, end));
  return ends.filter((at) => from + at <= to).length / Math.max(1, ends.length);
}

/** Where the part of a run that is shown ends, from its left edge, and whether that is inside of a cluster. */
function edgeOf(
  { clusters, xs, width, isRightToLeft, to: runEnd }: GlyphRun,
  text: string,
  to: number,
): { readonly edge: number; readonly isInside: boolean } {
  // The cluster in which `to` is or that begins there, and the one after it, as they are read.
  const starts = [...new Set(clusters)].sort((a, b) => a - b);
  const next = starts.find((at) => at >= to) ?? runEnd;
  const from = starts.findLast((at) => at < to) ?? 0;
  const leftOf = (cluster: number): number => xs[clusters.indexOf(cluster)] ?? 0;
  /** Where a cluster begins as it is read. */
  const beginOf = (cluster: number): number => {
    if (!isRightToLeft) return cluster >= runEnd ? width : leftOf(cluster);
    if (cluster >= runEnd) return 0;
    const before = starts.findLast((at) => at < cluster);
    return before === undefined ? width : leftOf(before);
  };
  const isInside = next !== to;
  const [begin, end] = [beginOf(from), beginOf(next)];
  const edge = isInside ? begin + (end - begin) * shareOf(text, from, next, to) : end;
  return { edge, isInside };
}

/** The glyphs of a run whose clusters begin before `to`, in units of the line's text. All keep their places. */
function cutRun(run: GlyphRun, text: string, to: number): GlyphRun {
  const { isRightToLeft, clusters } = run;
  const { edge, isInside } = edgeOf(run, text, to);
  const first = isRightToLeft ? clusters.findIndex((at) => at < to) : 0;
  const found = isRightToLeft ? clusters.length : clusters.findIndex((at) => at >= to);
  const end = found < 0 ? clusters.length : found;
  // What runs to the left ends on its left: there its box begins now.
  const moved = isRightToLeft ? edge : 0;
  const box = { x: run.x + moved, width: isRightToLeft ? run.width - edge : edge };
  return {
    ...run,
    ...box,
    to,
    ids: run.ids.subarray(first, end),
    xs: run.xs.subarray(first, end).map((x) => x - moved),
    ys: run.ys.subarray(first, end),
    plain: run.plain.subarray(first, end),
    clusters: clusters.subarray(first, end),
    clip: isInside ? box : null,
  };
}

/**
 * A layout of which only the first `share` (0..1) of the characters is shown, in the order in which they are read.
 * Nothing is shaped anew, so the letters do not move, and those of joining scripts look as if the next one were there.
 */
export function revealText(layout: TextLayout, share: number): TextLayout {
  if (share >= 1) return layout;
  const ends = layout.lines.map(({ text }) => graphemeEnds(text));
  const total = ends.reduce((sum, { length }) => sum + length, 0);
  // Shares come out of interpolation: one that is a whole number of characters but for the last bit is that number.
  const shown = Math.floor(Math.max(0, share) * total + 1e-6);
  let left = shown;
  const lines = layout.lines.map((line, i): TextLine => {
    const own = ends[i] ?? [];
    const to = left >= own.length ? line.text.length : left === 0 ? 0 : (own[left - 1] ?? 0);
    left = Math.max(0, left - own.length);
    if (to === line.text.length) return line;
    const runs = line.runs.flatMap((run) => {
      if (run.from >= to) return [];
      return [run.to <= to || run.font === null ? run : cutRun(run, line.text, to)];
    });
    return { ...line, runs };
  });
  return { ...layout, lines, key: `${layout.key} ${shown}` };
}
