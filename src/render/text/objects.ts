import type { TextLayout } from './text-spec.js';

/**
 * Stands in a text for something that is no text: U+FFFC, at which lines may be broken (class CB of UAX #14) and which
 * has no direction of its own. Its span has nothing else, and says how wide it is.
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

/** Where the objects of a layout are. */
export function objectsOf(layout: TextLayout): ObjectPlace[] {
  return layout.lines.flatMap(({ runs, x: left, top, height }) =>
    runs
      .filter(({ font }) => font === null)
      .map(({ span, x }): ObjectPlace => ({
        span,
        x: left + x,
        lineTop: top,
        lineHeight: height,
      })),
  );
}
