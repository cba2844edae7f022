import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, reachOf, toContent, type Shadow, type TextBlock } from '../content.js';
import type { ShapedLine } from './shaped-line.js';
import { EDGE_PX, type PlacedText } from './text-block.js';
import type { Extent, GlyphFont, GlyphRun, SpanLines } from './text-spec.js';

/** Some clusters of a line that stand side by side, from the left edge of the first and the line's baseline. */
export type LinePart = {
  /** Equal for equal glyphs in equal places: the same digit of two lines is the same part. */
  readonly key: string;
  /** Where its left edge is in the line. */
  readonly x: number;
  readonly width: number;
  readonly text: string;
  readonly runs: readonly GlyphRun[];
  readonly fonts: readonly GlyphFont[];
  /** What its glyphs cover, downwards from the baseline; null: nothing is seen of it. */
  readonly ink: Extent | null;
};

/** How the letters of a line look. */
export type LineLook = {
  readonly fill: Paint;
  /** The first is on top. */
  readonly shadows: readonly Shadow[];
  /** Over which a gradient runs, from the left edge of the part and the baseline. */
  readonly area: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
};

/** Places are told apart to the hundredth of a pixel. */
function rounded(values: Float32Array): number[] {
  return Array.from(values, (value) => Math.round(value * 100));
}

/** The glyphs of a run whose clusters begin in a part of the line's text. */
function sliceRun(run: GlyphRun, from: number, to: number, left: number): GlyphRun[] {
  const isIn = (at: number): boolean => at >= from && at < to;
  const first = run.clusters.findIndex(isIn);
  if (first < 0) return [];
  let end = first;
  while (end < run.clusters.length && isIn(run.clusters[end] ?? -1)) end++;
  // Copied, because a view of them would take all of them along to the thread that paints.
  return [
    {
      ...run,
      x: 0,
      from: Math.max(from, run.from),
      to: Math.min(to, run.to),
      ids: run.ids.slice(first, end),
      xs: run.xs.slice(first, end).map((x) => run.x + x - left),
      ys: run.ys.slice(first, end),
      plain: run.plain.slice(first, end),
      clusters: run.clusters.slice(first, end),
    },
  ];
}

/** The clusters of a line from `first` up to `end`, counted from the left. */
export function cutLine(
  line: ShapedLine,
  first: number,
  end: number,
  inkOf: (runs: readonly GlyphRun[], fonts: readonly GlyphFont[]) => Extent | null,
): LinePart {
  const clusters = line.clusters.slice(first, end);
  const x = clusters[0]?.x ?? 0;
  const last = clusters.at(-1);
  const runs = line.runs.flatMap((run) => {
    const own = clusters.filter(({ from }) => from >= run.from && from < run.to);
    if (own.length === 0) return [];
    const [from, to] = [
      Math.min(...own.map((one) => one.from)),
      Math.max(...own.map((one) => one.to)),
    ];
    return sliceRun(run, from, to, x);
  });
  const glyphs = runs.map(({ font, ids, xs, ys }) => [
    font === null ? null : line.fonts[font],
    [...ids],
    rounded(xs),
    rounded(ys),
  ]);
  return {
    key: JSON.stringify(glyphs),
    x,
    width: last === undefined ? 0 : last.x + last.width - x,
    text: line.text,
    runs,
    fonts: line.fonts,
    ink: inkOf(runs, line.fonts),
  };
}

/** A part with its glyphs a little to the right: so that what stands on whole pixels shows them where they belong. */
export function shiftedPart(part: LinePart, dx: number): LinePart {
  if (dx === 0) return part;
  const { ink, runs, key } = part;
  return {
    ...part,
    key: `${key} ${dx.toFixed(3)}`,
    runs: runs.map((run) => ({ ...run, xs: run.xs.map((x) => x + dx) })),
    ink: ink === null ? null : { ...ink, x0: ink.x0 + dx, x1: ink.x1 + dx },
  };
}

const NO_LINES: SpanLines = { underline: 0, strikethrough: 0, thickness: 0 };

/**
 * The bitmap of a part, as large as its ink. Its place is from the left edge of the part and the baseline; for parts
 * that change their places it is on whole pixels where these are. Null: nothing is seen of it.
 */
export function partContent(part: LinePart, look: LineLook, scale: number): PlacedText | null {
  const { ink, key, text, runs, fonts } = part;
  if (ink === null) return null;
  const [left, top] = [Math.floor(ink.x0 * scale) / scale, Math.floor(ink.y0 * scale) / scale];
  const { x, y, width, height } = look.area;
  const block: TextBlock = {
    kind: 'text-block',
    texts: [
      {
        key,
        x: -left,
        y: -top,
        lines: [{ text, baseline: 0, runs }],
        fonts,
        styles: [{ ...NO_LINES, fill: look.fill, isUnderlined: false, isStruckThrough: false }],
      },
    ],
    stroke: null,
    shadows: look.shadows,
    area: { x: x - left, y: y - top, width, height },
    panel: null,
  };
  const size = { width: ink.x1 - left, height: ink.y1 - top };
  const overhang = reachOf(look.shadows) + EDGE_PX / scale;
  return { content: toContent(block, PLAIN, size, scale, overhang), x: left, y: top };
}
