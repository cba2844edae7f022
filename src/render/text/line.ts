import type { GlyphStore } from '../../fonts/glyph-store.js';
import { toVisualOrder } from './bidi.js';
import { scriptOf } from './characters.js';
import { graphemeEnds } from './graphemes.js';
import type { LayoutGlyphs } from './layout-glyphs.js';
import {
  shapingCost,
  type ShapedItem,
  type ShapedParagraph,
  type SpanStyle,
  type TextShaper,
} from './shaper.js';
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
  /** What shaping anew has taken of what it cuts, as allowance.ts counts it. */
  readonly reshapedCost: number;
};

/** Glyphs of an item, one span and one level. */
type Part = {
  readonly item: ShapedItem;
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly level: number;
  /** Its part of the item's glyphs. */
  readonly first: number;
  readonly end: number;
  /** Without what it is stretched by. */
  readonly width: number;
};

type LineRange = { readonly from: number; readonly to: number };

const TRAILING = ' \u200b\u2066\u2067\u2068\u2069';
const IDEOGRAPHIC = new Set(['Hani', 'Hira', 'Kana']);

function isIdeograph(code: number): boolean {
  const isWide = (code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xffef);
  return isWide || IDEOGRAPHIC.has(scriptOf(code) ?? '');
}

/** 1: a line can be stretched before this place in it, which is after spaces or between ideographs. */
function stretchPoints(text: string): Uint8Array {
  const points = new Uint8Array(text.length + 1);
  let [wasSpace, wasIdeograph, at, hasInk] = [false, false, 0, false];
  for (const end of graphemeEnds(text)) {
    const code = text.codePointAt(at) ?? 0;
    const isSpace = code === 0x20 && end === at + 1;
    const isIdeographic = isIdeograph(code);
    const isGap = (wasSpace && !isSpace) || (wasIdeograph && isIdeographic);
    if (isGap && hasInk) points[at] = 1;
    hasInk ||= text.slice(at, end).trim() !== '';
    [wasSpace, wasIdeograph, at] = [isSpace, isIdeographic, end];
  }
  return points;
}

/** Whether a line is stretched where, as it is read, the cluster of a part's glyph ends. */
function isStretchedAt(
  { item, first, end, to, level }: Part,
  glyph: number,
  points: Uint8Array,
  lineFrom: number,
): boolean {
  const { clusters } = item.glyphs;
  const beside = level % 2 === 0 ? glyph + 1 : glyph - 1;
  const next = beside >= first && beside < end ? (clusters[beside] ?? to) : to;
  return next !== clusters[glyph] && points[next - lineFrom] === 1;
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
  { text, unsafe, items }: ShapedParagraph,
  line: LineRange,
  { shaper, styles, store }: LineContext,
): { readonly items: readonly ShapedItem[]; readonly reshapedCost: number } {
  const found: ShapedItem[] = [];
  let reshapedCost = 0;
  const first = firstWhere(items.length, (i) => (items[i]?.to ?? 0) > line.from);
  for (let i = first; i < items.length; i++) {
    const item = items[i];
    if (item === undefined || item.from >= line.to) break;
    const { span, level, script, use, font, glyphs } = item;
    const [from, to] = [Math.max(item.from, line.from), Math.min(item.to, line.to)];
    if (from === item.from && to === item.to) found.push(item);
    else if ((from > item.from && unsafe[from] === 1) || (to < item.to && unsafe[to] === 1)) {
      const part = { from, to, span, level, script, use };
      found.push(shaper.reshape(text, part, styles[span], store));
      reshapedCost += shapingCost(part);
    } else {
      const [firstGlyph, end] = glyphRange(item, from, to);
      found.push({ from, to, span, level, script, use, font, glyphs, first: firstGlyph, end });
    }
  }
  return { items: found, reshapedCost };
}

/** Cuts items into parts of one span and one level. */
function toParts(
  { text, spanOf, base, levels }: ShapedParagraph,
  line: LineRange,
  items: readonly ShapedItem[],
  styles: readonly SpanStyle[],
): Part[] {
  // Spaces at the end of a line have the level of the paragraph (rule L1 of UAX #9).
  let inked = line.to;
  while (levels !== null && inked > line.from && TRAILING.includes(text[inked - 1] ?? '')) inked--;
  const levelAt = (at: number): number =>
    levels === null || at >= inked ? base : (levels[at] ?? base);
  const parts: Part[] = [];
  for (const item of items) {
    const { advances } = item.glyphs;
    for (let from = item.from; from < item.to;) {
      const [span, level] = [spanOf[from] ?? 0, levelAt(from)];
      let to = from + 1;
      while (to < item.to && spanOf[to] === span && levelAt(to) === level) to++;
      const [first, end] = glyphRange(item, from, to);
      let width = item.use === null ? (styles[span]?.objectWidth ?? 0) : 0;
      for (let i = first; i < end; i++) width += advances[i] ?? 0;
      parts.push({ item, from, to, span, level, first, end, width });
      from = to;
    }
  }
  return parts;
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

/** What the lines of a layout have together. */
export type LineContext = {
  readonly shaper: TextShaper;
  /** By span. */
  readonly styles: readonly SpanStyle[];
  readonly table: FontTable;
  /** Takes up the glyphs of each line, where they stand. */
  readonly glyphs: LayoutGlyphs;
  /** Takes up what is shaped again. */
  readonly store: GlyphStore;
};

export const EMPTY_LINE: SetLine = { runs: [], width: 0, ink: null, reshapedCost: 0 };

/** Where the line is stretched, and by how much at each of these places. */
type Stretch = { readonly points: Uint8Array; readonly gap: number };

function stretchOf(text: string, from: number, parts: readonly Part[], room: number): Stretch {
  const points = stretchPoints(text);
  let gaps = 0;
  for (const part of parts) {
    room -= part.width;
    for (let i = part.first; i < part.end; i++) if (isStretchedAt(part, i, points, from)) gaps++;
  }
  return { points, gap: gaps === 0 ? 0 : Math.max(0, room) / gaps };
}

/** Puts the glyphs of a part down from `x` on; answers where it ends. */
function placeGlyphs(
  part: Part,
  { x, lineFrom }: { readonly x: number; readonly lineFrom: number },
  stretch: Stretch | null,
  glyphs: LayoutGlyphs,
): number {
  const { ids, xs, ys, plain, clusters } = glyphs;
  const { first, end, level } = part;
  const from = part.item.glyphs;
  let [pen, at] = [x, glyphs.count];
  for (let i = first; i < end; i++, at++) {
    const isStretched =
      stretch !== null && stretch.gap > 0 && isStretchedAt(part, i, stretch.points, lineFrom);
    // The end of a cluster that is read to the left is on its left.
    if (isStretched && level % 2 === 1) pen += stretch.gap;
    ids[at] = from.ids[i] ?? 0;
    xs[at] = pen + (from.dx[i] ?? 0);
    ys[at] = from.dy[i] ?? 0;
    plain[at] = isStretched ? 0 : (from.plain[i] ?? 0);
    clusters[at] = (from.clusters[i] ?? 0) - lineFrom;
    pen += from.advances[i] ?? 0;
    if (isStretched && level % 2 === 0) pen += stretch.gap;
  }
  glyphs.count = at;
  return part.item.use === null ? x + part.width : pen;
}

/**
 * Sets a line of a paragraph. It is stretched to `stretchTo` when that is not null and there are places at which
 * that can be done.
 */
export function setLine(
  line: LineRange & { readonly paragraph: ShapedParagraph },
  stretchTo: number | null,
  context: LineContext,
): SetLine {
  const { paragraph, from, to } = line;
  if (from === to) return EMPTY_LINE;
  const { shaper, styles, table, glyphs } = context;
  const { items, reshapedCost } = itemsOf(paragraph, line, context);
  const parts = toParts(paragraph, line, items, styles);
  const stretch =
    stretchTo === null ? null : stretchOf(paragraph.text.slice(from, to), from, parts, stretchTo);
  let count = 0;
  for (const { first, end } of parts) count += end - first;
  glyphs.reserve(count);
  const runs: GlyphRun[] = [];
  let x = 0;
  for (const part of parts.length > 1 ? toVisualOrder(parts) : parts) {
    const { item, span, level } = part;
    const first = glyphs.count;
    const end = placeGlyphs(part, { x, lineFrom: from }, stretch, glyphs);
    runs.push({
      span,
      font: item.font === null ? null : table.indexOf(item.font),
      from: part.from - from,
      to: part.to - from,
      isRightToLeft: level % 2 === 1,
      x,
      width: end - x,
      first,
      end: glyphs.count,
      isClipped: false,
    });
    x = end;
  }
  return { runs, width: x, ink: inkOf(runs, glyphs, table.fonts, shaper), reshapedCost };
}
