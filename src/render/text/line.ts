import {
  placeKey,
  type ShapedItem,
  type ShapedParagraph,
  type SpanStyle,
  type TextShaper,
} from './shaper.js';
import { toVisualOrder } from './bidi.js';
import { graphemeEnds } from './graphemes.js';
import type { FontPlace } from '../../fonts/open-fonts.js';
import type { Extent, GlyphFont, GlyphRun } from './text-spec.js';

/** Fonts of a layout: each once. */
export class FontTable {
  readonly fonts: GlyphFont[] = [];
  readonly #places = new Map<string, number>();

  indexOf(item: ShapedItem, place: FontPlace, fontSize: number): number {
    const isEmboldened = item.use?.isEmboldened ?? false;
    const isSlanted = item.use?.isSlanted ?? false;
    const isColor = item.use?.face.isColor ?? false;
    const key = `${placeKey(place)} ${fontSize} ${isEmboldened} ${isSlanted}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.fonts.push({ place, fontSize, isEmboldened, isSlanted, isColor });
    this.#places.set(key, this.fonts.length - 1);
    return this.fonts.length - 1;
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
    return [
      isUnsafe
        ? shaper.reshape(paragraph, item, { from, to }, styles[item.span])
        : { ...item, from, to },
    ];
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
function glyphRange(
  { clusters, level }: ShapedItem,
  from: number,
  to: number,
): [first: number, end: number] {
  const at = (i: number): number => clusters[i] ?? 0;
  const count = clusters.length;
  return level % 2 === 0
    ? [firstWhere(count, (i) => at(i) >= from), firstWhere(count, (i) => at(i) >= to)]
    : [firstWhere(count, (i) => at(i) < to), firstWhere(count, (i) => at(i) < from)];
}

/** How far letters may reach out of their font's line, in em, where the font does not say what they cover. */
const UNKNOWN_BOX = { left: -0.1, right: 1.1, top: 1, bottom: -0.3 };
/** What emboldening and slanting add to a glyph's box, in em. */
const BOLD_EM = 0.03;
const SLANT_EM = 0.3;

/** What runs on one baseline cover, downwards from it; null when they have no ink. */
export function inkOf(
  runs: readonly GlyphRun[],
  fonts: readonly GlyphFont[],
  shaper: TextShaper,
): Extent | null {
  const ink = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const run of runs) {
    const font = run.font === null ? undefined : fonts[run.font];
    if (font !== undefined) addInk(ink, run, font, shaper);
  }
  return ink.x0 < ink.x1 ? ink : null;
}

function addInk(
  ink: { x0: number; y0: number; x1: number; y1: number },
  run: Pick<GlyphRun, 'ids' | 'xs' | 'ys' | 'x'>,
  font: GlyphFont,
  shaper: TextShaper,
): void {
  const { fontSize, isEmboldened, isSlanted } = font;
  const more = (isEmboldened ? BOLD_EM : 0) * fontSize;
  const slant = (isSlanted ? SLANT_EM : 0) * fontSize;
  const boxOf = shaper.boxesOf(font.place);
  for (let i = 0; i < run.ids.length; i++) {
    const { left, right, top, bottom } = boxOf(run.ids[i] ?? 0) ?? UNKNOWN_BOX;
    if (left === right) continue;
    const [x, y] = [run.x + (run.xs[i] ?? 0), run.ys[i] ?? 0];
    ink.x0 = Math.min(ink.x0, x + left * fontSize - more - slant);
    ink.x1 = Math.max(ink.x1, x + right * fontSize + more + slant);
    ink.y0 = Math.min(ink.y0, y - top * fontSize - more);
    ink.y1 = Math.max(ink.y1, y - bottom * fontSize + more);
  }
}

/**
 * Sets a line of a paragraph. It is stretched to `stretchTo` when that is not null and there are places at which
 * that can be done.
 */
export function setLine(
  paragraph: ShapedParagraph,
  line: { readonly from: number; readonly to: number },
  styles: readonly SpanStyle[],
  stretchTo: number | null,
  context: { readonly shaper: TextShaper; readonly table: FontTable },
): SetLine {
  const { shaper, table } = context;
  const text = paragraph.text.slice(line.from, line.to);
  const points = stretchTo === null ? new Set<number>() : stretchPoints(text);
  const items = itemsOf(paragraph, line, styles, shaper);
  const parts = toParts(paragraph, line, items, points).map((part) => {
    const [first, end] = glyphRange(part.item, part.from, part.to);
    let width = part.item.use === null ? (styles[part.span]?.objectWidth ?? 0) : 0;
    for (let i = first; i < end; i++) width += part.item.advances[i] ?? 0;
    return { ...part, first, end, width };
  });
  const natural = parts.reduce((sum, { width }) => sum + width, 0);
  const gaps = parts.filter(({ isStretched }) => isStretched).length;
  const gap = stretchTo === null || gaps === 0 ? 0 : Math.max(0, stretchTo - natural) / gaps;
  let x = 0;
  const runs = toVisualOrder(parts).map((part): GlyphRun => {
    const { item, span, from, to, first, end, width, isStretched } = part;
    const isRightToLeft = part.level % 2 === 1;
    if (isStretched && isRightToLeft) x += gap;
    const count = end - first;
    const [xs, ys] = [new Float32Array(count), new Float32Array(count)];
    let pen = 0;
    for (let i = 0; i < count; i++) {
      xs[i] = pen + (item.dx[first + i] ?? 0);
      ys[i] = item.dy[first + i] ?? 0;
      pen += item.advances[first + i] ?? 0;
    }
    const run: GlyphRun = {
      span,
      font:
        item.place === null ? null : table.indexOf(item, item.place, styles[span]?.fontSize ?? 0),
      from: from - line.from,
      to: to - line.from,
      ...{ isRightToLeft, x, width, xs, ys },
      ids: item.ids.subarray(first, end),
      plain: item.plain.subarray(first, end),
      clusters: item.clusters.subarray(first, end).map((cluster) => cluster - line.from),
      clip: null,
    };
    x += width + (isStretched && !isRightToLeft ? gap : 0);
    return run;
  });
  return { runs, width: x, ink: inkOf(runs, table.fonts, shaper) };
}
