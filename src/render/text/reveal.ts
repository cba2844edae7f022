import { graphemeEnds } from './graphemes.js';
import type { GlyphRun, TextLayout, TextLine } from './text-spec.js';

/** How much of a cluster is shown when its line is shown up to `to`: several characters may be written as one. */
function shareOf(text: string, from: number, end: number, to: number): number {
  const ends = graphemeEnds(text.slice(from, end));
  return ends.filter((at) => from + at <= to).length / Math.max(1, ends.length);
}

/** Where the part of a run that is shown ends, from the left edge of the line, and whether that is inside of a cluster. */
function edgeOf(
  { text, glyphs }: TextLine,
  { x, width, isRightToLeft, to: runEnd, first, end: last }: GlyphRun,
  to: number,
): { readonly edge: number; readonly isInside: boolean } {
  const clusters = glyphs.clusters.subarray(first, last);
  const leftOf = (cluster: number): number => glyphs.xs[first + clusters.indexOf(cluster)] ?? x;
  const starts = [...new Set(clusters)].sort((a, b) => a - b);
  // The cluster in which `to` is or that ends there, and the one after it, as they are read.
  const next = starts.find((at) => at >= to) ?? runEnd;
  const from = starts.findLast((at) => at < to) ?? 0;
  /** Where a cluster begins as it is read. */
  const beginOf = (cluster: number): number => {
    if (!isRightToLeft) return cluster >= runEnd ? x + width : leftOf(cluster);
    if (cluster >= runEnd) return x;
    const before = starts.findLast((at) => at < cluster);
    return before === undefined ? x + width : leftOf(before);
  };
  const isInside = next !== to;
  const [begin, end] = [beginOf(from), beginOf(next)];
  return {
    edge: isInside ? begin + (end - begin) * shareOf(text, from, next, to) : end,
    isInside,
  };
}

/** What of a run is shown when its line is shown up to `to`. Its glyphs keep their places. */
function cutRun(line: TextLine, run: GlyphRun, to: number): GlyphRun {
  const { isRightToLeft } = run;
  const { edge, isInside } = edgeOf(line, run, to);
  const clusters = line.glyphs.clusters.subarray(run.first, run.end);
  const found = clusters.findIndex((at) => (isRightToLeft ? at < to : at >= to));
  const place = run.first + (found < 0 ? clusters.length : found);
  const box = isRightToLeft
    ? { x: edge, width: run.x + run.width - edge, first: place }
    : { width: edge - run.x, end: place };
  return { ...run, ...box, to, isClipped: isInside };
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
      return [run.to <= to || run.font === null ? run : cutRun(line, run, to)];
    });
    return { ...line, runs };
  });
  return { ...layout, lines, key: `${layout.key} ${shown}` };
}
