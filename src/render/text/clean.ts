import { bidiLevels, type BidiLevels } from './bidi.js';
import type { TextSpec } from './text-spec.js';

/** Characters with the span of each UTF-16 unit and its embedding level. */
export type StyledText = BidiLevels & {
  readonly text: string;
  /** One more than the text has units: an empty text has a span, too. */
  readonly spanOf: Uint16Array;
};

/**
 * Lines of a text that are set; a … stands for the rest. The longest text has fewer than five characters for each of
 * them, and a bitmap eight pixels.
 */
export const MAX_LINES = 1000;

/** Line ends of all systems, and Unicode's own. */
const LINE_END = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const CONTROLS = /[\x00-\x09\x0e-\x1f\x7f-\x9f]/g;
/** Isolates of a text that have an effect; more are bombs, which the ordering of a text takes seconds for. */
const MAX_ISOLATES = 64;
const ISOLATE = /[\u2066-\u2069]/g;

/** A text with one kind of line end and without controls; a tab is a space, as in CSS. */
export function toCleanText(text: string): string {
  return text.replace(LINE_END, '\n').replace(CONTROLS, ' ');
}

/** The same for what has one line: where lines end is a space, and no more than one. */
export function toOneLine(text: string): string {
  const lines = toCleanText(text).split('\n');
  if (lines.length === 1) return lines.join('');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** A paragraph in spans, with its levels. `spanOf` has one more than the text has units. */
export function toStyled(
  text: string,
  spanOf: Uint16Array,
  direction: TextSpec['direction'],
): StyledText {
  let isolates = 0;
  const bounded = text.replace(ISOLATE, (mark) => (++isolates > MAX_ISOLATES ? '\u200b' : mark));
  return { text: bounded, spanOf, ...bidiLevels(bounded, direction) };
}

/** The paragraphs of a text. */
export function toParagraphs({ spans, direction }: TextSpec): StyledText[] {
  const texts = spans.map(({ text }) => toCleanText(text));
  const whole = texts.join('');
  const spanOf = new Uint16Array(whole.length + 1);
  let at = 0;
  texts.forEach((text, span) => {
    spanOf.fill(span, at, at + text.length);
    at += text.length;
  });
  // What comes after the last character is in the span that it ends with.
  spanOf[whole.length] = Math.max(0, spans.length - 1);
  let from = 0;
  return whole.split('\n', MAX_LINES + 1).map((text) => {
    const own = spanOf.subarray(from, from + text.length + 1);
    from += text.length + 1;
    return toStyled(text, own, direction);
  });
}

/** A part of a styled text. */
export function sliceStyled(styled: StyledText, from: number, to: number): StyledText {
  return {
    text: styled.text.slice(from, to),
    spanOf: styled.spanOf.subarray(from, Math.max(from + 1, to + 1)),
    base: styled.base,
    levels: styled.levels?.subarray(from, to) ?? null,
  };
}
