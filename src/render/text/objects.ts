import type { MeasureText } from '../text-metrics.js';
import type { TextLayout } from './text-spec.js';

/**
 * Stands in a text for something that is no text: U+FFFC, at which lines may be broken (class CB of UAX #14) and which
 * has no direction of its own. Its span has nothing else, and is as wide as its letter spacing says.
 */
export const OBJECT = '\ufffc';

/** A place of an object in a layout, from the top left of its box. */
export type ObjectPlace = {
  /** Place of its span in the text. */
  readonly span: number;
  readonly x: number;
  readonly lineTop: number;
  readonly lineHeight: number;
};

/** Measures texts in which objects stand. */
export function measureWithObjects(measure: MeasureText): MeasureText {
  return (font, letterSpacing, text) =>
    text === OBJECT
      ? { width: letterSpacing, ascent: 0, descent: 0 }
      : measure(font, letterSpacing, text);
}

/** A layout in two: its letters, and where the objects are among them. */
export function splitObjects(layout: TextLayout): {
  readonly letters: TextLayout;
  readonly objects: readonly ObjectPlace[];
} {
  const objects = layout.lines.flatMap(({ runs, top, height }) =>
    runs
      .filter(({ text }) => text === OBJECT)
      .map(({ span, x }): ObjectPlace => ({ span, x, lineTop: top, lineHeight: height })),
  );
  if (objects.length === 0) return { letters: layout, objects };
  const lines = layout.lines.map((line) => ({
    ...line,
    runs: line.runs.filter(({ text }) => text !== OBJECT),
  }));
  return { letters: { ...layout, lines }, objects };
}
