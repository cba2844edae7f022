import { GlyphStore } from '../../fonts/glyph-store.js';
import { EMPTY_LINE, FontTable, setLine, type LineContext, type SetLine } from './line.js';
import { LayoutGlyphs } from './layout-glyphs.js';
import type { ShapedParagraph, SpanStyle, TextShaper } from './shaper.js';
import type { TextLayout, TextLine, TextSpec } from './text-spec.js';
import type { Steps } from './allowance.js';
import { MAX_LINES } from './clean.js';
import { truncateLine, withHyphen } from './truncate.js';
import { widthBetween, wrapParagraph } from './wrap.js';

/** A line before it has its place. */
type LooseLine = {
  readonly paragraph: ShapedParagraph;
  readonly from: number;
  readonly to: number;
  readonly isLast: boolean;
};

type Broken = {
  readonly lines: readonly LooseLine[];
  /** Whether there are more lines than are kept. */
  readonly isCutOff: boolean;
  /** Whether a line is longer than its room, and is cut for that. */
  readonly isOver: boolean;
  readonly cutsWords: boolean;
};

/** A text whose letters are known, at one size. */
export type ShapedText = {
  readonly paragraphs: readonly ShapedParagraph[];
  /** By span. */
  readonly styles: readonly SpanStyle[];
};

const TOLERANCE = 0.01;

type LineExtent = { readonly above: number; readonly height: number };

/** What a line takes up above and below its baseline: as much as the largest of its fonts. */
function extentOf(
  { paragraph: { spanOf }, from, to }: LooseLine,
  styles: readonly SpanStyle[],
  lineHeight: number,
): LineExtent {
  let [above, below] = [-Infinity, -Infinity];
  let before = -1;
  for (let at = from; at < Math.max(to, from + 1); at++) {
    const span = spanOf[at] ?? 0;
    const style = styles[span];
    if (span === before || style === undefined) continue;
    before = span;
    const { fontSize, ascent, descent } = style;
    // Half of what the line is higher than the letters goes above them (CSS half-leading).
    const own = (fontSize * lineHeight - ascent - descent) / 2 + ascent;
    above = Math.max(above, own);
    below = Math.max(below, fontSize * lineHeight - own);
  }
  return { above, height: above + below };
}

/** The same of all lines; where all have one style it is worked out once. */
function extentsOf(
  lines: readonly LooseLine[],
  styles: readonly SpanStyle[],
  lineHeight: number,
): LineExtent[] {
  const [first] = lines;
  if (first === undefined || styles.length > 1)
    return lines.map((line) => extentOf(line, styles, lineHeight));
  return new Array<LineExtent>(lines.length).fill(extentOf(first, styles, lineHeight));
}

/** Lines of a text, without what `maxLines` leaves out; `ratio` is the size at which it is set in that of `text`. */
function* breakLines(
  spec: TextSpec,
  { paragraphs, styles }: ShapedText,
  ratio: number,
): Steps<Broken> {
  const { width } = spec;
  const room = width === null ? Infinity : width / ratio;
  const isWrapped = spec.wrap === 'word' && width !== null;
  const most = Math.min(spec.maxLines ?? MAX_LINES, MAX_LINES);
  const lines: LooseLine[] = [];
  let cutsWords = false;
  for (const paragraph of paragraphs) {
    if (lines.length > most) break;
    const { length } = paragraph.text;
    const broken = isWrapped
      ? yield* wrapParagraph(paragraph, room, styles, most - lines.length + 1)
      : [{ from: 0, to: length, isLast: true, cutsWord: false }];
    for (const { from, to, isLast, cutsWord } of broken) {
      if (lines.length < most && cutsWord) cutsWords = true;
      lines.push({ paragraph, from, to, isLast });
    }
  }
  const kept = lines.slice(0, Math.min(most, lines.length));
  return {
    lines: kept,
    isCutOff: kept.length < lines.length,
    isOver: isCutWhenOver(spec) && kept.some((line) => isLongerThan(line, room)),
    cutsWords,
  };
}

/** Lines that may not wrap are cut where their number is limited. */
function isCutWhenOver({ wrap, width, maxLines }: TextSpec): boolean {
  return maxLines !== null && (wrap === 'none' || width === null);
}

function isLongerThan({ paragraph, from, to }: LooseLine, room: number): boolean {
  return widthBetween(paragraph, from, to) > room + TOLERANCE;
}

/** A line as it is set: with a hyphen where a word was divided, or a … for what is left out; `isEnd`: lines after it are. */
function* withEnding(
  spec: TextSpec,
  line: LooseLine,
  isEnd: boolean,
  { shaper, styles, store }: Pick<LineContext, 'shaper' | 'styles' | 'store'>,
): Steps<LooseLine> {
  const { direction } = spec;
  const room = spec.width ?? Infinity;
  const whole = (paragraph: ShapedParagraph, isLast: boolean): LooseLine => ({
    paragraph,
    from: 0,
    to: paragraph.text.length,
    isLast,
  });
  const { paragraph, from, to, isLast } = line;
  if (isEnd || (isCutWhenOver(spec) && isLongerThan(line, room))) {
    const context = { shaper, styles, direction, store };
    return whole(yield* truncateLine(paragraph, line, room, context), true);
  }
  const hyphenated = isLast ? null : withHyphen(paragraph, from, to, direction);
  if (hyphenated === null) return line;
  return whole(yield* shaper.shape(hyphenated, styles, store), isLast);
}

/** Share of the free width that goes before a line. */
function shareBefore(align: TextSpec['align'], base: number): number {
  if (align === 'center') return 0.5;
  if (align === 'left' || align === 'right') return align === 'left' ? 0 : 1;
  return (align === 'end') === (base === 0) ? 1 : 0;
}

/** Share of the free height that goes above the lines. */
const SHARE_ABOVE = { top: 0, middle: 0.5, bottom: 1 } as const;

/** Placing a line takes as long as shaping so many characters, and this part of its own; cutting an item, as shaping it. */
const LINE_CHARACTERS = 4;
const PLACED_PART = 0.4;

function* place(
  spec: TextSpec,
  broken: Broken,
  styles: readonly SpanStyle[],
  shaper: TextShaper,
): Steps<Omit<TextLayout, 'key'>> {
  const table = new FontTable();
  const glyphs = new LayoutGlyphs();
  const isStretched = spec.align === 'justify' && spec.width !== null;
  const context: LineContext = { shaper, styles, table, glyphs, store: new GlyphStore() };
  const loose: LooseLine[] = [];
  const set: SetLine[] = [];
  let longest = 1;
  for (const [i, one] of broken.lines.entries()) {
    const isEnd = broken.isCutOff && i === broken.lines.length - 1;
    const line = yield* withEnding(spec, one, isEnd, context);
    const stretchTo = isStretched && !line.isLast ? spec.width : null;
    const placed = setLine(line, stretchTo, context);
    longest = Math.max(longest, placed.width);
    loose.push(line);
    set.push(placed);
    yield LINE_CHARACTERS + (line.to - line.from) * PLACED_PART + placed.reshapedCost;
  }
  glyphs.trim();
  const width = spec.width ?? Math.ceil(longest);
  const extents = extentsOf(loose, styles, spec.lineHeight);
  let textHeight = 0;
  for (const extent of extents) textHeight += extent.height;
  const height = spec.height ?? textHeight;
  let top = (height - textHeight) * SHARE_ABOVE[spec.verticalAlign];
  const lines = loose.map(({ paragraph, from, to }, i): TextLine => {
    const { runs, width: lineWidth, ink } = set[i] ?? EMPTY_LINE;
    const { above, height: lineHeight } = extents[i] ?? { above: 0, height: 0 };
    const x = (width - lineWidth) * shareBefore(spec.align, paragraph.base);
    const text = paragraph.text.slice(from, to);
    const baseline = top + above;
    const lineTop = top;
    top += lineHeight;
    return {
      text,
      x,
      width: lineWidth,
      top: lineTop,
      height: lineHeight,
      baseline,
      ink,
      runs,
      glyphs,
    };
  });
  return {
    width,
    height,
    lines,
    fonts: table.fonts,
    fontSizes: styles.map(({ fontSize }) => fontSize),
    spanLines: styles.map((style) => style.lines),
    isTruncated: broken.isCutOff || broken.isOver,
  };
}

function fits(spec: TextSpec, broken: Broken, text: ShapedText, ratio: number): boolean {
  if (broken.isCutOff || broken.isOver || broken.cutsWords) return false;
  const room = spec.width === null ? Infinity : spec.width / ratio;
  if (broken.lines.some((line) => isLongerThan(line, room))) return false;
  let height = 0;
  for (const extent of extentsOf(broken.lines, text.styles, spec.lineHeight))
    height += extent.height;
  return spec.height === null || height * ratio <= spec.height + TOLERANCE;
}

/** The steps in which a text shrinks, in units of its largest font. */
const SHRINK_STEP = 0.25;

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
function* shrinkRatio(spec: TextSpec, text: ShapedText): Steps<number> {
  const largest = Math.max(...spec.spans.map(({ fontSize }) => fontSize));
  const smallest = Math.min(largest, spec.minFontSize);
  const ratioAt = (step: number): number =>
    Math.max(smallest, largest - step * SHRINK_STEP) / largest;
  // Letters are as wide as their size is large, so all sizes are tried with the widths of the full one.
  let [low, high] = [0, Math.ceil((largest - smallest) / SHRINK_STEP)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const ratio = ratioAt(middle);
    if (fits(spec, yield* breakLines(spec, text, ratio), text, ratio)) high = middle;
    else low = middle + 1;
  }
  return ratioAt(low);
}

/**
 * Sets a text: lines are broken by UAX #14, ordered by UAX #9, and as high as the largest of their fonts; all spans of
 * a line stand on one baseline. A part at a time; `shape` shapes the spans of a spec.
 */
export function* layoutText(
  spec: TextSpec,
  shape: (spec: TextSpec) => Steps<ShapedText>,
  shaper: TextShaper,
): Steps<Omit<TextLayout, 'key'>> {
  const text = yield* shape(spec);
  const full = yield* breakLines(spec, text, 1);
  if (spec.fit === 'none' || fits(spec, full, text, 1))
    return yield* place(spec, full, text.styles, shaper);
  const smaller = atRatio(spec, yield* shrinkRatio(spec, text));
  const shrunk = yield* shape(smaller);
  const broken = yield* breakLines(smaller, shrunk, 1);
  return yield* place(smaller, broken, shrunk.styles, shaper);
}
