import type { MeasureText } from '../text-metrics.js';
import {
  scaleSpans,
  sizeSpans,
  sliceStyled,
  toParagraphs,
  widthOf,
  type SizedSpan,
  type StyledText,
} from './paragraph.js';
import { setLine, type SetLine } from './set-line.js';
import type { TextLayout, TextLine, TextSpec } from './text-spec.js';
import { truncateLine } from './truncate.js';
import { wrapParagraph } from './wrap.js';

/** A line before it has its place. */
type LooseLine = { readonly styled: StyledText; readonly isLast: boolean };

type Broken = {
  readonly spans: readonly SizedSpan[];
  readonly lines: readonly LooseLine[];
  readonly isTruncated: boolean;
  readonly cutsWords: boolean;
};

/** The steps in which a text shrinks, in units of its largest font. */
const SHRINK_STEP = 0.25;

function breakLines(
  spec: TextSpec,
  paragraphs: readonly StyledText[],
  spans: readonly SizedSpan[],
): Broken {
  const { width, maxLines, direction } = spec;
  const isWrapped = spec.wrap === 'word' && width !== null;
  const broken = paragraphs.flatMap((paragraph) =>
    (isWrapped
      ? wrapParagraph(paragraph, width, spans)
      : [{ from: 0, to: paragraph.text.length, isLast: true, cutsWord: false }]
    ).map((line) => ({ ...line, paragraph })),
  );
  const kept = maxLines === null ? broken : broken.slice(0, maxLines);
  let isTruncated = kept.length < broken.length;
  const lines = kept.map(({ paragraph, from, to, isLast }, i): LooseLine => {
    const isOver =
      maxLines !== null &&
      width !== null &&
      !isWrapped &&
      widthOf(paragraph, from, to, spans) > width;
    const isEnd = i === kept.length - 1 && kept.length < broken.length;
    if (!isOver && !isEnd) return { styled: sliceStyled(paragraph, from, to), isLast };
    isTruncated = true;
    const room = width ?? Number.POSITIVE_INFINITY;
    const styled = truncateLine(paragraph, from, to, room, direction, spans);
    return { styled, isLast: true };
  });
  return { spans, lines, isTruncated, cutsWords: kept.some(({ cutsWord }) => cutsWord) };
}

/** Share of the free width that goes before a line. */
function shareBefore(align: TextSpec['align'], base: number): number {
  if (align === 'center') return 0.5;
  if (align === 'left' || align === 'right') return align === 'left' ? 0 : 1;
  return (align === 'end') === (base === 0) ? 1 : 0;
}

/** Share of the free height that goes above the lines. */
const SHARE_ABOVE = { top: 0, middle: 0.5, bottom: 1 } as const;

function place(spec: TextSpec, broken: Broken): TextLayout {
  const { spans, isTruncated } = broken;
  const isStretched = spec.align === 'justify' && spec.width !== null;
  const set = broken.lines.map(({ styled, isLast }): SetLine & { styled: StyledText } => ({
    styled,
    ...setLine(styled, spans, isStretched && !isLast ? spec.width : null),
  }));
  const width = spec.width ?? Math.ceil(Math.max(1, ...set.map((line) => line.width)));
  const extents = broken.lines.map(({ styled }) => {
    const used = [...new Set(styled.spanOf)].map((i) => spans[i]).filter((span) => !!span);
    const above = Math.max(...used.map((span) => span.above));
    return { above, height: above + Math.max(...used.map((span) => span.below)) };
  });
  const textHeight = extents.reduce((sum, extent) => sum + extent.height, 0);
  const height = spec.height ?? textHeight;
  let top = (height - textHeight) * SHARE_ABOVE[spec.verticalAlign];
  const lines = set.map(({ styled, runs, width: lineWidth }, i): TextLine => {
    const x = (width - lineWidth) * shareBefore(spec.align, styled.base);
    const { above, height: lineHeight } = extents[i] ?? { above: 0, height: 0 };
    const line = {
      text: styled.text,
      x,
      width: lineWidth,
      top,
      height: lineHeight,
      baseline: top + above,
      runs: runs.map((run) => ({ ...run, x: x + run.x })),
    };
    top += lineHeight;
    return line;
  });
  const fonts = spans.map(({ font, fontSize, letterSpacing }) => ({
    font,
    fontSize,
    letterSpacing,
  }));
  return { width, height, lines, fonts, isTruncated };
}

function fits(spec: TextSpec, broken: Broken): boolean {
  if (broken.isTruncated || broken.cutsWords) return false;
  const { lines, width } = place({ ...spec, height: null, align: 'left' }, broken);
  const height = lines.reduce((sum, line) => sum + line.height, 0);
  const isNarrow = spec.width === null || lines.every((line) => line.width <= width + 0.01);
  return isNarrow && (spec.height === null || height <= spec.height + 0.01);
}

/** A spec with its fonts at a part of their size. */
function atRatio(spec: TextSpec, ratio: number): TextSpec {
  const spans = spec.spans.map((span) => ({
    ...span,
    fontSize: span.fontSize * ratio,
    letterSpacing: span.letterSpacing * ratio,
  }));
  return { ...spec, spans };
}

/** The largest size at which a text fits, in steps of its largest font, or the smallest one that is allowed. */
function shrink(
  spec: TextSpec,
  paragraphs: readonly StyledText[],
  full: Broken,
  measure: MeasureText,
): Broken {
  const largest = Math.max(...spec.spans.map(({ fontSize }) => fontSize));
  const smallest = Math.min(largest, spec.minFontSize);
  const last = Math.ceil((largest - smallest) / SHRINK_STEP);
  const ratioAt = (step: number): number =>
    Math.max(smallest, largest - step * SHRINK_STEP) / largest;
  // Searched with the widths of the full size, so that every word is measured once; made sure with its own ones.
  let [low, high] = [0, last];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const spans = scaleSpans(full.spans, ratioAt(middle));
    if (fits(spec, breakLines(spec, paragraphs, spans))) high = middle;
    else low = middle + 1;
  }
  for (let step = low; ; step++) {
    const spans = sizeSpans(atRatio(spec, ratioAt(step)), measure);
    const broken = breakLines(spec, paragraphs, spans);
    if (step >= last || fits(spec, broken)) return broken;
  }
}

/**
 * Sets a text: a pure function of what it is given. Lines are broken by UAX #14, ordered by UAX #9, and as high as
 * the largest of their fonts; all spans of a line stand on one baseline.
 */
export function layoutText(spec: TextSpec, measure: MeasureText): TextLayout {
  const paragraphs = toParagraphs(spec);
  const full = breakLines(spec, paragraphs, sizeSpans(spec, measure));
  const isFine = spec.fit === 'none' || fits(spec, full);
  return place(spec, isFine ? full : shrink(spec, paragraphs, full, measure));
}
