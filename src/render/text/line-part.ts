import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, reachOf, toContent, type Shadow, type TextBlock } from '../content.js';
import type { ShapedLine } from './shaped-line.js';
import { EDGE_PX, type PlacedText } from './text-block.js';
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

/** The clusters of a line from `first` up to `end`, counted from the left. */
export function cutLine(
  line: ShapedLine,
  first: number,
  end: number,
  inkOf: (runs: readonly GlyphRun[], glyphs: LineGlyphs) => Extent | null,
): LinePart {
  const clusters = line.clusters.slice(first, end);
  const [leftmost, last] = [clusters[0], clusters.at(-1)];
  const x = leftmost?.x ?? 0;
  const starts = new Set(clusters.map(({ from }) => from));
  const [ids, xs, ys, plain, begins]: [number[], number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  const runs = line.runs.flatMap((run): GlyphRun[] => {
    const begin = ids.length;
    for (let i = run.first; i < run.end; i++) {
      const cluster = line.glyphs.clusters[i] ?? 0;
      if (!starts.has(cluster)) continue;
      ids.push(line.glyphs.ids[i] ?? 0);
      xs.push((line.glyphs.xs[i] ?? 0) - x);
      ys.push(line.glyphs.ys[i] ?? 0);
      plain.push(line.glyphs.plain[i] ?? 0);
      begins.push(cluster);
    }
    return ids.length === begin ? [] : [{ ...run, x: run.x - x, first: begin, end: ids.length }];
  });
  const glyphs: LineGlyphs = {
    ids: Uint16Array.from(ids),
    xs: Float32Array.from(xs),
    ys: Float32Array.from(ys),
    plain: Uint8Array.from(plain),
    clusters: Uint32Array.from(begins),
  };
  // Places are told apart to the hundredth of a pixel.
  const rounded = (values: readonly number[]): number[] =>
    values.map((value) => Math.round(value * 100));
  const fonts = runs.map((run) => [run.first, run.font === null ? null : line.fonts[run.font]]);
  return {
    key: JSON.stringify([fonts, ids, rounded(xs), rounded(ys)]),
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
export function partContent(part: LinePart, look: LineLook, scale: number): PlacedText | null {
  const { ink, key, text, runs, glyphs, fonts } = part;
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
        lines: [{ text, x: 0, baseline: 0, runs, glyphs }],
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
