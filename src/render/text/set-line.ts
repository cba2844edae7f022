import { toVisualOrder } from './bidi.js';
import { graphemeEnds } from './graphemes.js';
import { toDrawn, type SizedSpan, type StyledText } from './paragraph.js';
import type { TextRun } from './text-spec.js';

/** Runs of a line, from its left edge, and how wide they are together. */
export type SetLine = { readonly runs: readonly TextRun[]; readonly width: number };

type Part = {
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly level: number;
  /** Whether the line may be stretched after it. */
  readonly isStretched: boolean;
};

const TRAILING = /[ \u200b\u2066-\u2069]+$/;
/** Scripts whose letters join: one that is cut off from its neighbour by a change of style keeps its joined form. */
const JOINING =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mandaic}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Adlam}\p{M}]$/u;
/** Asks a font for the joined form: https://www.unicode.org/versions/Unicode15.0.0/ch23.pdf, 23.2. */
export const JOINER = '\u200d';
const IDEOGRAPH =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Levels of a line: spaces at its end have that of the paragraph (rule L1). */
function levelsOf({ text, base, levels }: StyledText): (at: number) => number {
  if (levels === null) return () => 0;
  const end = text.replace(TRAILING, '').length;
  return (at) => (at < end ? (levels[at] ?? base) : base);
}

/** Places inside a line where it can be stretched: after spaces, and between ideographs. */
function stretchPoints(text: string): Set<number> {
  const points = new Set<number>();
  let before = '';
  let at = 0;
  for (const end of graphemeEnds(text)) {
    const sign = text.slice(at, end);
    const isGap =
      (before === ' ' && sign !== ' ') || (IDEOGRAPH.test(before) && IDEOGRAPH.test(sign));
    if (isGap && text.slice(0, at).trim() !== '') points.add(at);
    [before, at] = [sign, end];
  }
  return points;
}

/** The line in parts of one span and one level, cut also where it is stretched. */
function toParts(line: StyledText, points: ReadonlySet<number>): Part[] {
  const levelAt = levelsOf(line);
  const parts: Part[] = [];
  for (let from = 0; from < line.text.length;) {
    const [span, level] = [line.spanOf[from] ?? 0, levelAt(from)];
    let to = from + 1;
    while (
      to < line.text.length &&
      line.spanOf[to] === span &&
      levelAt(to) === level &&
      !points.has(to)
    )
      to++;
    parts.push({ from, to, span, level, isStretched: points.has(to) });
    from = to;
  }
  return parts;
}

export function isJoining(sign: string | undefined): boolean {
  return sign !== undefined && JOINING.test(sign);
}

function drawnText({ text }: StyledText, { from, to }: Part): string {
  const joins = (at: number): boolean =>
    at > 0 && at < text.length && isJoining(text[at - 1]) && isJoining(text[at]);
  return `${joins(from) ? JOINER : ''}${toDrawn(text.slice(from, to))}${joins(to) ? JOINER : ''}`;
}

/**
 * Sets a line from its left edge on. It is stretched to `stretchTo` when that is given and there are places at
 * which that can be done.
 */
export function setLine(
  line: StyledText,
  spans: readonly SizedSpan[],
  stretchTo: number | null,
): SetLine {
  const points = stretchTo === null ? new Set<number>() : stretchPoints(line.text);
  const parts = toParts(line, points).map((part) => {
    const text = drawnText(line, part);
    const width = spans[part.span]?.widthOf(text) ?? 0;
    return { ...part, text, width };
  });
  const natural = parts.reduce((sum, { width }) => sum + width, 0);
  const gaps = parts.filter(({ isStretched }) => isStretched).length;
  const gap = stretchTo === null || gaps === 0 ? 0 : Math.max(0, stretchTo - natural) / gaps;
  let x = 0;
  const runs = toVisualOrder(parts).map(({ span, text, from, to, level, width, isStretched }) => {
    const isRightToLeft = level % 2 === 1;
    if (isStretched && isRightToLeft) x += gap;
    const run: TextRun = { span, text, from, to, isRightToLeft, x, width };
    x += width + (isStretched && !isRightToLeft ? gap : 0);
    return run;
  });
  return { runs: runs.filter(({ text }) => text !== ''), width: x };
}
