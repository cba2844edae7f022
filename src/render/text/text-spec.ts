/** What a text is set from, and what becomes of it: plain data, in units of the layer. */

/** A part of a text with its font. Colours are not here: they do not move letters. */
export type SpanSpec = {
  readonly text: string;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly fontStyle: 'normal' | 'italic';
  readonly letterSpacing: number;
};

export type TextSpec = {
  /** At least one; the first has the font of a text without letters. */
  readonly spans: readonly SpanSpec[];
  /** The box inside of which is set; null: as large as the text. */
  readonly width: number | null;
  readonly height: number | null;
  readonly wrap: 'word' | 'none';
  readonly align: 'start' | 'end' | 'left' | 'center' | 'right' | 'justify';
  readonly verticalAlign: 'top' | 'middle' | 'bottom';
  /** Multiple of the font size. */
  readonly lineHeight: number;
  readonly maxLines: number | null;
  readonly fit: 'none' | 'shrink';
  readonly minFontSize: number;
  readonly direction: 'auto' | 'ltr' | 'rtl';
};

/** Letters of one span and one direction that follow each other: what is drawn at once. */
export type TextRun = {
  /** Place of its span in the text. */
  readonly span: number;
  /** As it is drawn. */
  readonly text: string;
  /** Its part of the line's text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly isRightToLeft: boolean;
  /** From the left edge of the box. */
  readonly x: number;
  readonly width: number;
};

export type TextLine = {
  /** In the order in which it is read, with the … that stands for the rest. */
  readonly text: string;
  readonly x: number;
  readonly width: number;
  /** From the top edge of the box. */
  readonly top: number;
  readonly height: number;
  readonly baseline: number;
  /** From left to right. */
  readonly runs: readonly TextRun[];
};

/** The font of a span as it was set: smaller than asked for when the text had to shrink. */
export type SpanFont = {
  /** A CSS font shorthand. */
  readonly font: string;
  readonly fontSize: number;
  readonly letterSpacing: number;
};

export type TextLayout = {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly TextLine[];
  readonly fonts: readonly SpanFont[];
  /** Whether something was left out for which a … stands. */
  readonly isTruncated: boolean;
};
