import type { MeasureText } from '../text-metrics.js';
import { graphemeEnds } from './graphemes.js';
import { toDrawn } from './paragraph.js';
import { isJoining, JOINER } from './set-line.js';
import type { TextLayout, TextLine, TextRun } from './text-spec.js';

/** The first letters of a run, which stand where they stand in the whole run. */
function cutRun(
  layout: TextLayout,
  line: TextLine,
  run: TextRun,
  to: number,
  measure: MeasureText,
): TextRun {
  const font = layout.fonts[run.span];
  const joiner = isJoining(line.text[to - 1]) && isJoining(line.text[to]) ? JOINER : '';
  // What joins the run to the one before it is at its beginning.
  const before = run.text.startsWith(JOINER) ? JOINER : '';
  const text = before + toDrawn(line.text.slice(run.from, to)) + joiner;
  const width =
    font === undefined
      ? 0
      : Math.min(run.width, measure(font.font, font.letterSpacing, text).width);
  return { ...run, text, to, width, x: run.isRightToLeft ? run.x + run.width - width : run.x };
}

/**
 * A layout of which only the first `share` (0..1) of the signs is shown, in the order in which they are read. The
 * letters do not move: those of joining scripts look as if the next one were there.
 */
export function revealText(layout: TextLayout, share: number, measure: MeasureText): TextLayout {
  if (share >= 1) return layout;
  const ends = layout.lines.map(({ text }) => graphemeEnds(text));
  const total = ends.reduce((sum, { length }) => sum + length, 0);
  // Shares come out of interpolation: one that is a whole number of signs but for the last bit is that number.
  let left = Math.floor(Math.max(0, share) * total + 1e-6);
  const lines = layout.lines.map((line, i): TextLine => {
    const own = ends[i] ?? [];
    const to = left >= own.length ? line.text.length : left === 0 ? 0 : (own[left - 1] ?? 0);
    left = Math.max(0, left - own.length);
    if (to === line.text.length) return line;
    const runs = line.runs.flatMap((run) => {
      if (run.from >= to) return [];
      return [run.to <= to ? run : cutRun(layout, line, run, to, measure)];
    });
    return { ...line, runs };
  });
  return { ...layout, lines };
}
