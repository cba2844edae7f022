import { toFont, type MeasureText } from '../text-metrics.js';
import { bidiLevels, type BidiLevels } from './bidi.js';
import type { SpanFont, TextSpec } from './text-spec.js';

/** Letters with the span of each UTF-16 unit and its embedding level. */
export type StyledText = BidiLevels & {
  readonly text: string;
  readonly spanOf: readonly number[];
};

/** A span's font, and what it takes up of a line. */
export type SizedSpan = SpanFont & {
  /** Above and below the baseline, with the font's share of the line's height. */
  readonly above: number;
  readonly below: number;
  readonly widthOf: (text: string) => number;
};

/** Line ends of all systems, and Unicode's own. */
const LINE_END = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const CONTROLS = /[\x00-\x09\x0e-\x1f\x7f]/g;
/** Where a word may be divided: a hyphen at the end of a line, nothing elsewhere. */
export const SOFT_HYPHEN = '\u00ad';
/** Signs that say where text runs to: they have done it when a run is drawn; and hyphens that are not at a line's end. */
const UNSEEN = /[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text as it is drawn: without what only steers it. */
export function toDrawn(text: string): string {
  return text.replace(UNSEEN, '');
}

/** The paragraphs of a text. */
export function toParagraphs({ spans, direction }: TextSpec): StyledText[] {
  const texts = spans.map(({ text }) => text.replace(LINE_END, '\n').replace(CONTROLS, ' '));
  const spanOf = texts.flatMap((text, span) => Array.from({ length: text.length }, () => span));
  let from = 0;
  return texts
    .join('')
    .split('\n')
    .map((text) => {
      const own = spanOf.slice(from, from + text.length);
      // An empty paragraph is as high as the span in which it stands, or after which.
      if (own.length === 0) own.push(spanOf[from] ?? spans.length - 1);
      from += text.length + 1;
      return { text, spanOf: own, ...bidiLevels(text, direction) };
    });
}

/** A part of a styled text. A hyphen that may be there is there when the part ends with it. */
export function sliceStyled(styled: StyledText, from: number, to: number): StyledText {
  const text = styled.text.slice(from, to);
  return {
    text: text.endsWith(SOFT_HYPHEN) ? `${text.slice(0, -1)}-` : text,
    spanOf: styled.spanOf.slice(from, Math.max(from + 1, to)),
    base: styled.base,
    levels: styled.levels?.subarray(from, to) ?? null,
  };
}

/** Fonts of the spans. */
export function sizeSpans(spec: TextSpec, measure: MeasureText): SizedSpan[] {
  return spec.spans.map(({ letterSpacing, ...span }) => {
    const font = toFont(span);
    // As in CSS, the first font of the stack decides, not the one that has the glyphs: lines stay where they are.
    const { ascent, descent } = measure(font, 0, 'x');
    const lineHeight = span.fontSize * spec.lineHeight;
    // Half of what the line is higher than the signs goes above them (CSS half-leading).
    const above = (lineHeight - ascent - descent) / 2 + ascent;
    return {
      font,
      fontSize: span.fontSize,
      letterSpacing,
      above,
      below: lineHeight - above,
      widthOf: (text) => (text === '' ? 0 : measure(font, letterSpacing, text).width),
    };
  });
}

/** What the spans would take up at another size. Widths are proportional to it but for what hinting does. */
export function scaleSpans(spans: readonly SizedSpan[], ratio: number): SizedSpan[] {
  return spans.map((span) => ({
    font: span.font,
    fontSize: span.fontSize * ratio,
    letterSpacing: span.letterSpacing * ratio,
    above: span.above * ratio,
    below: span.below * ratio,
    widthOf: (text) => span.widthOf(text) * ratio,
  }));
}

/** Calls `visit` with each part of a text that has one span. */
export function eachSpan(
  { spanOf }: StyledText,
  from: number,
  to: number,
  visit: (span: number, from: number, to: number) => void,
): void {
  for (let start = from; start < to;) {
    const span = spanOf[start] ?? 0;
    let end = start + 1;
    while (end < to && spanOf[end] === span) end++;
    visit(span, start, end);
    start = end;
  }
}

/** How wide a part of a text is when it stands on a line by itself. */
export function widthOf(
  styled: StyledText,
  from: number,
  to: number,
  spans: readonly SizedSpan[],
): number {
  let width = 0;
  eachSpan(styled, from, to, (span, start, end) => {
    width += spans[span]?.widthOf(toDrawn(styled.text.slice(start, end))) ?? 0;
  });
  return width;
}
