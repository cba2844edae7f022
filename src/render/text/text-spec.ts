import type { FontPlace } from '../../fonts/open-fonts.js';

/** What a text is set from, and what becomes of it: plain data, in units of the layer. */

/** A part of a text with its font. Colours are not here: they do not move letters. */
export type SpanSpec = {
  readonly text: string;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly fontStyle: 'normal' | 'italic';
  /** Pixels after each cluster. */
  readonly letterSpacing: number;
  /** Of what stands here in place of text, whose text is OBJECT then; null: it is text. */
  readonly objectWidth: number | null;
};

/** How digits are set: all as wide as each other, as wide as each is, or as their font has them by itself. */
export type Digits = 'auto' | 'tabular' | 'proportional';

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
  readonly direction: Direction;
  readonly digits: Digits;
};

export type Direction = 'auto' | 'ltr' | 'rtl';

/** The glyphs of one or more lines, from left to right within each of their runs. */
export type LineGlyphs = {
  readonly ids: Uint16Array;
  /** Where each stands: from the left edge of its line, and from the baseline downwards. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  /** 1: it is as wide as its font says, and stands where the one before it ends. */
  readonly plain: Uint8Array;
  /** Where in the line's text the cluster of each begins, in UTF-16 units. */
  readonly clusters: Uint32Array;
};

/** Glyphs of one font, one span and one direction that follow each other: what is drawn at once. */
export type GlyphRun = {
  /** Place of its span in the text. */
  readonly span: number;
  /** Place of its font in the layout's `fonts`; null: it is an object, and has no glyphs. */
  readonly font: number | null;
  /** Its part of the line's text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly isRightToLeft: boolean;
  /** From the left edge of the line. */
  readonly x: number;
  readonly width: number;
  /** Its part of the glyphs of its line. */
  readonly first: number;
  readonly end: number;
  /** Whether no more is seen of it than from `x` over `width`. */
  readonly isClipped: boolean;
};

export type TextLine = {
  /** In the order in which it is read, with the … that stands for the rest. */
  readonly text: string;
  /** From the left edge of the box. */
  readonly x: number;
  readonly width: number;
  /** From the top edge of the box. */
  readonly top: number;
  readonly height: number;
  readonly baseline: number;
  /** What its glyphs cover, from its left edge and its baseline. */
  readonly ink: Extent | null;
  /** From left to right. */
  readonly runs: readonly GlyphRun[];
  /** Those of all lines of its layout. */
  readonly glyphs: LineGlyphs;
};

export type Extent = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
};

/** A font as glyphs are painted with it. */
export type GlyphFont = {
  readonly place: FontPlace;
  readonly fontSize: number;
  /** Drawn bolder, or slanted, because there is no such face. */
  readonly isEmboldened: boolean;
  readonly isSlanted: boolean;
  /** Whether its glyphs have colours of their own. */
  readonly isColor: boolean;
};

/** Lines that go with the letters of a span: where they are from its baseline downwards, and how thick. */
export type SpanLines = {
  readonly underline: number;
  readonly strikethrough: number;
  readonly thickness: number;
};

export type TextLayout = {
  /** The same for layouts of equal specs: short, for those who must tell one from another. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly TextLine[];
  readonly fonts: readonly GlyphFont[];
  /** Of each span, as it was set: smaller than asked for when the text had to shrink. */
  readonly fontSizes: readonly number[];
  readonly spanLines: readonly SpanLines[];
  /** Whether something was left out for which a … stands. */
  readonly isTruncated: boolean;
};
