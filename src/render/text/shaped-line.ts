import { toOneLine } from './clean.js';
import type { ShapedText } from './layout.js';
import type {
  Direction,
  Digits,
  Extent,
  GlyphFont,
  GlyphRun,
  LineGlyphs,
  SpanSpec,
  TextLayout,
  TextSpec,
} from './text-spec.js';

/** What a line is set from. */
export type LineSpec = Omit<SpanSpec, 'objectWidth'> & {
  readonly direction: Direction;
  readonly digits: Digits;
};

/** What people take for one character, or several that are written as one. */
export type LineCluster = {
  /** Its part of the line's text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** Its left edge, from the left edge of the line. */
  readonly x: number;
  readonly width: number;
  /** Its part of the glyphs of the line. */
  readonly first: number;
  readonly end: number;
  /** Whether the line may be cut on its left without a letter looking different: letters that join are not cut apart. */
  readonly isSafe: boolean;
};

/** A line of text, from its left edge and its baseline. */
export type ShapedLine = {
  readonly key: string;
  /** As it is set: without line ends and controls. */
  readonly text: string;
  readonly width: number;
  /** What its first font takes up above and below the baseline: the same for all texts of a style. */
  readonly ascent: number;
  readonly descent: number;
  readonly isRightToLeft: boolean;
  /** From left to right. */
  readonly clusters: readonly LineCluster[];
  readonly runs: readonly GlyphRun[];
  readonly glyphs: LineGlyphs;
  readonly fonts: readonly GlyphFont[];
  /** What its glyphs cover; downwards from the baseline. */
  readonly ink: Extent | null;
};

/** The clusters of a run, from left to right. */
function clustersOf(
  { clusters, xs }: LineGlyphs,
  { x, width, isRightToLeft, to, first, end: last }: GlyphRun,
  isUnsafe: (at: number) => boolean,
): LineCluster[] {
  const starts: { at: number; left: number; glyph: number }[] = [];
  for (let i = first; i < last; i++) {
    const at = clusters[i] ?? 0;
    if (starts.at(-1)?.at === at) continue;
    starts.push({ at, left: starts.length === 0 ? x : (xs[i] ?? x), glyph: i });
  }
  return starts.map(({ at, left, glyph }, i): LineCluster => {
    const after = starts[i + 1];
    const end = isRightToLeft ? (starts[i - 1]?.at ?? to) : (after?.at ?? to);
    // Where text runs to the left, the left edge of a cluster is where the next one begins.
    const isSafe = isRightToLeft ? end === to || !isUnsafe(end) : i === 0 || !isUnsafe(at);
    return {
      from: at,
      to: end,
      x: left,
      width: (after?.left ?? x + width) - left,
      first: glyph,
      end: after?.glyph ?? last,
      isSafe,
    };
  });
}

const NO_GLYPHS: LineGlyphs = {
  ids: new Uint16Array(0),
  xs: new Float32Array(0),
  ys: new Float32Array(0),
  plain: new Uint8Array(0),
  clusters: new Uint32Array(0),
};

/** Sets one line. `setText` and `shape` are those of the engine. */
export function toShapedLine(
  spec: LineSpec,
  setText: (spec: TextSpec) => TextLayout,
  shape: (spec: TextSpec) => ShapedText,
): ShapedLine {
  const { direction, digits, ...span } = spec;
  const whole: TextSpec = {
    spans: [{ ...span, text: toOneLine(span.text), objectWidth: null }],
    width: null,
    height: null,
    wrap: 'none',
    align: 'left',
    verticalAlign: 'top',
    lineHeight: 1,
    maxLines: null,
    fit: 'none',
    minFontSize: span.fontSize,
    direction,
    digits,
  };
  const layout = setText(whole);
  const { paragraphs, styles } = shape(whole);
  const [line, paragraph, style] = [layout.lines[0], paragraphs[0], styles[0]];
  const runs = line?.runs ?? [];
  const glyphs = line?.glyphs ?? NO_GLYPHS;
  return {
    key: layout.key,
    text: line?.text ?? '',
    width: line?.width ?? 0,
    ascent: style?.ascent ?? 0,
    descent: style?.descent ?? 0,
    isRightToLeft: paragraph?.base === 1,
    clusters: runs.flatMap((run) => clustersOf(glyphs, run, (at) => paragraph?.unsafe[at] === 1)),
    runs,
    glyphs,
    fonts: layout.fonts,
    ink: line?.ink ?? null,
  };
}
