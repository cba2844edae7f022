import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, reachOf, toContent, type Shadow, type TextBlock } from '../content.js';
import type { ShapedLine } from './shaped-line.js';
import { edgeOf, type PlacedText } from './text-block.js';
import type { Extent, GlyphFont, GlyphRun, LineGlyphs, SpanLines } from './text-spec.js';

/** Some clusters of a line that stand side by side, from the left edge of the first and the line's baseline. */
export type LinePart = {
  /** Equal for equal glyphs in equal places: the same digit of two lines is the same part. */
  readonly key: string;
  /** Where its left edge is in the line. */
  readonly x: number;
  readonly width: number;
  readonly text: string;
  readonly runs: readonly GlyphRun[];
  readonly glyphs: LineGlyphs;
  readonly fonts: readonly GlyphFont[];
  /** What its glyphs cover, downwards from the baseline; null: nothing is seen of it. */
  readonly ink: Extent | null;
};

/** How the letters of a line look. */
export type LineAppearance = {
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

/** The clusters of a line from `first` up to `end`, counted from the left. */
export function cutLine(
  line: ShapedLine,
  first: number,
  end: number,
  inkOf: (runs: readonly GlyphRun[], glyphs: LineGlyphs) => Extent | null,
): LinePart {
  const [leftmost, last] = [line.clusters[first], line.clusters[end - 1]];
  const x = leftmost?.x ?? 0;
  // Runs and the clusters of each stand from left to right, and so do their glyphs.
  const [from, to] = [leftmost?.first ?? 0, last?.end ?? 0];
  const { glyphs: all } = line;
  const glyphs: LineGlyphs = {
    ids: all.ids.slice(from, to),
    xs: all.xs.slice(from, to).map((value) => value - x),
    ys: all.ys.slice(from, to),
    plain: all.plain.slice(from, to),
    clusters: all.clusters.slice(from, to),
  };
  const runs = line.runs
    .filter((run) => run.first < to && run.end > from)
    .map((run): GlyphRun => {
      const begin = Math.max(run.first, from) - from;
      return { ...run, x: run.x - x, first: begin, end: Math.min(run.end, to) - from };
    });
  // Places are told apart to the hundredth of a pixel.
  const rounded = (values: Float32Array): number[] =>
    Array.from(values, (value) => Math.round(value * 100));
  const fonts = runs.map((run) => [run.first, run.font === null ? null : line.fonts[run.font]]);
  return {
    key: JSON.stringify([
      line.fonts[0],
      fonts,
      [...glyphs.ids],
      rounded(glyphs.xs),
      rounded(glyphs.ys),
    ]),
    x,
    width: last === undefined ? 0 : last.x + last.width - x,
    text: line.text,
    runs,
    glyphs,
    fonts: line.fonts,
    ink: inkOf(runs, glyphs),
  };
}

/** A part with its glyphs a little to the right: so that what stands on whole pixels shows them where they belong. */
export function shiftedPart(part: LinePart, dx: number): LinePart {
  if (dx === 0) return part;
  const { ink, runs, glyphs, key } = part;
  return {
    ...part,
    key: `${key} ${dx.toFixed(3)}`,
    runs: runs.map((run) => ({ ...run, x: run.x + dx })),
    glyphs: { ...glyphs, xs: glyphs.xs.map((x) => x + dx) },
    ink: ink === null ? null : { ...ink, x0: ink.x0 + dx, x1: ink.x1 + dx },
  };
}

const NO_LINES: SpanLines = { underline: 0, strikethrough: 0, thickness: 0 };

/**
 * The bitmap of a part, as large as its ink. Its place is from the left edge of the part and the baseline; for parts
 * that change their places it is on whole pixels where these are. Null: nothing is seen of it.
 */
export function partContent(
  part: LinePart,
  appearance: LineAppearance,
  scale: number,
): PlacedText | null {
  const { ink, key, text, runs, glyphs, fonts } = part;
  if (ink === null) return null;
  const [left, top] = [Math.floor(ink.x0 * scale) / scale, Math.floor(ink.y0 * scale) / scale];
  const { x, y, width, height } = appearance.area;
  const block: TextBlock = {
    kind: 'text-block',
    texts: [
      {
        key,
        x: -left,
        y: -top,
        lines: [{ text, x: 0, baseline: 0, runs, glyphs }],
        fonts,
        styles: [
          { ...NO_LINES, fill: appearance.fill, isUnderlined: false, isStruckThrough: false },
        ],
      },
    ],
    stroke: null,
    shadows: appearance.shadows,
    area: { x: x - left, y: y - top, width, height },
    panel: null,
  };
  const size = {
    width: ink.x1 - left,
    height: ink.y1 - top,
    overhang: reachOf(appearance.shadows) + edgeOf(scale),
  };
  return { content: toContent(block, PLAIN, size, scale), x: left, y: top };
}
