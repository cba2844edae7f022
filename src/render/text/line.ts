import { toVisualOrder } from './bidi.js';
import { graphemeEnds } from './graphemes.js';
import type { LayoutGlyphs } from './layout-glyphs.js';
import type { ShapedItem, ShapedParagraph, SpanStyle, TextShaper } from './shaper.js';
import type { Extent, GlyphFont, GlyphRun, LineGlyphs } from './text-spec.js';

/** Fonts of a layout: each once. */
export class FontTable {
  readonly fonts: GlyphFont[] = [];
  readonly #places = new Map<GlyphFont, number>();

  indexOf(font: GlyphFont): number {
    const known = this.#places.get(font);
    if (known !== undefined) return known;
    this.#places.set(font, this.fonts.length);
    return this.fonts.push(font) - 1;
  }
}

/** A line from its left edge on. */
export type SetLine = {
  readonly runs: readonly GlyphRun[];
  readonly width: number;
  /** What its glyphs cover, from its left edge and its baseline. */
  readonly ink: Extent | null;
};

/** Glyphs of an item, one span and one level, and whether the line may be stretched after them. */
type Part = {
  readonly item: ShapedItem;
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly level: number;
  readonly isStretched: boolean;
};

const TRAILING = ' \u200b\u2066\u2067\u2068\u2069';
const IDEOGRAPH =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Places inside a line where it can be stretched: after spaces, and between ideographs. */
function stretchPoints(text: string): Set<number> {
  const points = new Set<number>();
  let [before, at, hasInk] = ['', 0, false];
  for (const end of graphemeEnds(text)) {
    const cluster = text.slice(at, end);
    const isGap =
      (before === ' ' && cluster !== ' ') || (IDEOGRAPH.test(before) && IDEOGRAPH.test(cluster));
    if (isGap && hasInk) points.add(at);
    hasInk ||= cluster.trim() !== '';
    [before, at] = [cluster, end];
  }
  return points;
}

/** The first of `count` places from which on something holds, which holds for all after it. */
function firstWhere(count: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The glyphs of a part: those whose clusters begin in it. They stand in a row, in either direction. */
function glyphRange(item: ShapedItem, from: number, to: number): [first: number, end: number] {
  const { first, end, level } = item;
  if (from <= item.from && to >= item.to) return [first, end];
  const { clusters } = item.glyphs;
  const place = (holds: (cluster: number) => boolean): number =>
    first + firstWhere(end - first, (i) => holds(clusters[first + i] ?? 0));
  return level % 2 === 0
    ? [place((at) => at >= from), place((at) => at >= to)]
    : [place((at) => at < to), place((at) => at < from)];
}

/** The items of a line; those that it cuts where that changes them are shaped again. */
function itemsOf(
  paragraph: ShapedParagraph,
  line: { readonly from: number; readonly to: number },
  styles: readonly SpanStyle[],
  shaper: TextShaper,
): ShapedItem[] {
  const { unsafe, items } = paragraph;
  const first = firstWhere(items.length, (i) => (items[i]?.to ?? 0) > line.from);
  const end = firstWhere(items.length, (i) => (items[i]?.from ?? 0) >= line.to);
  return items.slice(first, end).flatMap((item) => {
    const [from, to] = [Math.max(item.from, line.from), Math.min(item.to, line.to)];
    if (from === item.from && to === item.to) return [item];
    const isUnsafe = (from > item.from && unsafe[from] === 1) || (to < item.to && unsafe[to] === 1);
    if (isUnsafe) return [shaper.reshape(paragraph, item, { from, to }, styles[item.span])];
    const [firstGlyph, endGlyph] = glyphRange(item, from, to);
    return [{ ...item, from, to, first: firstGlyph, end: endGlyph }];
  });
}

/** Cuts items into parts of one span and one level, and where the line is stretched. */
function toParts(
  { text, spanOf, base, levels }: ShapedParagraph,
  line: { readonly from: number; readonly to: number },
  items: readonly ShapedItem[],
  points: ReadonlySet<number>,
): Part[] {
  // Spaces at the end of a line have the level of the paragraph (rule L1 of UAX #9).
  let inked = line.to;
  while (levels !== null && inked > line.from && TRAILING.includes(text[inked - 1] ?? '')) inked--;
  const levelAt = (at: number): number =>
    levels === null || at >= inked ? base : (levels[at] ?? base);
  return items.flatMap((item) => {
    const parts: Part[] = [];
    for (let from = item.from; from < item.to;) {
      const [span, level] = [spanOf[from] ?? 0, levelAt(from)];
      let to = from + 1;
      while (
        to < item.to &&
        spanOf[to] === span &&
        levelAt(to) === level &&
        !points.has(to - line.from)
      )
        to++;
      parts.push({ item, from, to, span, level, isStretched: points.has(to - line.from) });
      from = to;
    }
    return parts;
  });
}

/** How far letters may reach out of their font's line, in em, where the font does not say what they cover. */
const UNKNOWN_BOX = { left: -0.1, right: 1.1, top: 1, bottom: -0.3 };
/** What emboldening and slanting add to a glyph's box, in em. */
const BOLD_EM = 0.03;
const SLANT_EM = 0.3;

/** What the runs of a line cover, from its left edge and its baseline downwards; null when they have no ink. */
export function inkOf(
  runs: readonly GlyphRun[],
  { ids, xs, ys }: LineGlyphs,
  fonts: readonly GlyphFont[],
  shaper: TextShaper,
): Extent | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const run of runs) {
    const font = run.font === null ? undefined : fonts[run.font];
    if (font === undefined) continue;
    const { fontSize, isEmboldened, isSlanted } = font;
    const more = (isEmboldened ? BOLD_EM : 0) * fontSize;
    const slant = (isSlanted ? SLANT_EM : 0) * fontSize;
    const boxOf = shaper.boxesOf(font);
    for (let i = run.first; i < run.end; i++) {
      const { left, right, top, bottom } = boxOf(ids[i] ?? 0) ?? UNKNOWN_BOX;
      if (left === right) continue;
      const [x, y] = [xs[i] ?? 0, ys[i] ?? 0];
      x0 = Math.min(x0, x + left * fontSize - more - slant);
      x1 = Math.max(x1, x + right * fontSize + more + slant);
      y0 = Math.min(y0, y - top * fontSize - more);
      y1 = Math.max(y1, y - bottom * fontSize + more);
    }
  }
  return x0 < x1 ? { x0, y0, x1, y1 } : null;
}

/** What the lines of a layout have together; `glyphs` takes up those of each line. */
export type LineContext = {
  readonly shaper: TextShaper;
  readonly table: FontTable;
  readonly glyphs: LayoutGlyphs;
};

const EMPTY_LINE: SetLine = { runs: [], width: 0, ink: null };

/**
 * Sets a line of a paragraph. It is stretched to `stretchTo` when that is not null and there are places at which
 * that can be done.
 */
export function setLine(
  paragraph: ShapedParagraph,
  line: { readonly from: number; readonly to: number },
  styles: readonly SpanStyle[],
  stretchTo: number | null,
  context: LineContext,
): SetLine {
  if (line.from === line.to) return EMPTY_LINE;
  const { shaper, table, glyphs } = context;
  const text = paragraph.text.slice(line.from, line.to);
  const points = stretchTo === null ? new Set<number>() : stretchPoints(text);
  const items = itemsOf(paragraph, line, styles, shaper);
  const parts = toParts(paragraph, line, items, points).map((part) => {
    const [first, end] = glyphRange(part.item, part.from, part.to);
    const { advances } = part.item.glyphs;
    let width = part.item.use === null ? (styles[part.span]?.objectWidth ?? 0) : 0;
    for (let i = first; i < end; i++) width += advances[i] ?? 0;
    return { ...part, first, end, width };
  });
  const natural = parts.reduce((sum, { width }) => sum + width, 0);
  const gaps = parts.filter(({ isStretched }) => isStretched).length;
  const gap = stretchTo === null || gaps === 0 ? 0 : Math.max(0, stretchTo - natural) / gaps;
  const count = parts.reduce((sum, { first, end }) => sum + end - first, 0);
  glyphs.reserve(count);
  const { ids, xs, ys, plain, clusters } = glyphs;
  let [x, at] = [0, glyphs.count];
  const runs = toVisualOrder(parts).map((part): GlyphRun => {
    const { item, span, width, isStretched } = part;
    const isRightToLeft = part.level % 2 === 1;
    if (isStretched && isRightToLeft) x += gap;
    const run: GlyphRun = {
      span,
      font: item.font === null ? null : table.indexOf(item.font),
      from: part.from - line.from,
      to: part.to - line.from,
      isRightToLeft,
      x,
      width,
      first: at,
      end: at + part.end - part.first,
      isClipped: false,
    };
    const from = item.glyphs;
    let pen = x;
    for (let i = part.first; i < part.end; i++, at++) {
      ids[at] = from.ids[i] ?? 0;
      xs[at] = pen + (from.dx[i] ?? 0);
      ys[at] = from.dy[i] ?? 0;
      plain[at] = from.plain[i] ?? 0;
      clusters[at] = (from.clusters[i] ?? 0) - line.from;
      pen += from.advances[i] ?? 0;
    }
    x += width + (isStretched && !isRightToLeft ? gap : 0);
    return run;
  });
  glyphs.count = at;
  return { runs, width: x, ink: inkOf(runs, glyphs, table.fonts, shaper) };
}
