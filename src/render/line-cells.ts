import { LRUCache } from 'lru-cache';
import type { Shadow } from './content.js';
import { alike, digitAt, withDigit } from './text/decimal-digits.js';
import type { TextEngine } from './text/engine.js';
import { partContent, shiftedPart } from './text/line-part.js';
import type { LineSpec, ShapedLine } from './text/shaped-line.js';
import type { PlacedText } from './text/text-block.js';
import { toPiece, type Piece } from './piece.js';

/**
 * Lines whose digits change all the time. A line is set as a whole, with all that its font does between letters, and
 * cut into cells: each digit is one, and what stands between digits. A cell is a bitmap that is painted once; of digits
 * that are as wide as each other only which of them is shown changes, so that a running time costs neither setting nor
 * painting.
 */

export type CellStyle = Omit<LineSpec, 'text'>;

export type CellAppearance = {
  readonly color: string;
  /** The first is on top. */
  readonly shadows: readonly Shadow[];
};

/** A line in its cells. */
export type CellLine = {
  readonly width: number;
  readonly ascent: number;
  readonly descent: number;
  /** The cells with the digits of a text that is like the one it was set for, where its left edge and its baseline are. */
  pieces(text: string, left: number, baseline: number, prefix?: string): Piece[];
};

export type LineCells = (text: string) => CellLine;

/** Lines that are kept as they were set, of one style: a date changes once a day, words every second. */
const KEPT_LINES = 64;

/** Letters stand to the quarter of a pixel where they would, as browsers have them. */
const PHASES = 4;

/** Widths that differ by less are the same. */
const SAME_PX = 0.01;

/** Words are cut into bitmaps of at most so many font sizes. */
const LONGEST_EM = 40;

/** Clusters of a line from `first` up to `end`, and where in its text the digit is that they are; null: they are none. */
export type ClusterGroup = {
  readonly first: number;
  readonly end: number;
  readonly digitAt: number | null;
};

/**
 * Groups the clusters of a line from left to right: digits alone when they are wanted so, and the others in groups of
 * a length that a bitmap can have, cut where no letter is changed by it.
 */
export function groupClusters(
  { clusters, text }: ShapedLine,
  longestPx: number,
  areDigitsAlone: boolean,
): ClusterGroup[] {
  const groups: ClusterGroup[] = [];
  let first = 0;
  const close = (end: number): void => {
    if (end > first) groups.push({ first, end, digitAt: null });
    first = end;
  };
  for (const [i, { from, to, x, width, isSafe }] of clusters.entries()) {
    if (areDigitsAlone && to - from === 1 && digitAt(text, from) !== null) {
      close(i);
      groups.push({ first: i, end: i + 1, digitAt: from });
      first = i + 1;
    } else if (isSafe && x + width - (clusters[first]?.x ?? 0) > longestPx) close(i);
  }
  close(clusters.length);
  return groups;
}

/** A digit, or what stands between digits. */
type Cell = {
  /** From the left edge of the line. */
  readonly x: number;
  /** Where its digit is in the text; null: it has none. */
  readonly digitAt: number | null;
  /** Its bitmap with a digit, so many quarters of a pixel to the right; null when nothing of it is seen. */
  readonly content: (value: number | null, phase: number) => PlacedText | null;
};

function piecesOf(
  cells: readonly Cell[],
  text: string,
  { left, baseline, prefix }: { readonly left: number; readonly baseline: number; prefix: string },
  scale: number,
): Piece[] {
  return cells.flatMap(({ x, digitAt: at, content }, i): Piece[] => {
    const quarters = Math.round((left + x) * scale * PHASES);
    const whole = Math.floor(quarters / PHASES);
    const value = at === null ? null : digitAt(text, at);
    const placed = content(value, quarters - whole * PHASES);
    if (placed === null) return [];
    const place = { x: whole / scale + placed.x, y: baseline + placed.y };
    return [toPiece(`${prefix}${i}`, placed.content, place.x, place.y)];
  });
}

/** Sets lines of one style, in cells. */
export function createLineCells(
  engine: TextEngine,
  style: CellStyle,
  appearance: CellAppearance,
  scale: number,
): LineCells {
  const lines = new LRUCache<string, CellLine>({ max: KEPT_LINES });
  const isTabular = style.digits === 'tabular';
  const setLine = (text: string): ShapedLine => engine.setLine({ ...style, text });

  /** The widest of the ten digits of a system; null: all are as wide as each other. */
  const widestOf = (digit: string): number | null => {
    const widths = Array.from({ length: 10 }, (_, value) => setLine(withDigit(digit, value)).width);
    const widest = Math.max(...widths);
    return widest - Math.min(...widths) < SAME_PX ? null : widest;
  };

  const make = (template: string): CellLine => {
    const line = setLine(template);
    let shift = 0;
    const cells = groupClusters(line, LONGEST_EM * style.fontSize, true).map((group): Cell => {
      const own = line.clusters[group.first];
      const x = (own?.x ?? 0) + shift;
      const digit = group.digitAt === null ? '' : template.charAt(group.digitAt);
      // A font without digits of one width: they stand in the middle of what the widest needs.
      const widest = isTabular && digit !== '' ? widestOf(digit) : null;
      if (widest !== null) shift += widest - (own?.width ?? 0);
      const contents: (PlacedText | null | undefined)[] = [];
      /** Cuts the cell out of the line that has this digit in place of all. */
      const paint = (value: number | null, phase: number): PlacedText | null => {
        const shown = value === null || !isTabular ? line : setLine(withDigit(template, value));
        const part = engine.cut(shown, group.first, group.end);
        const room = widest === null ? 0 : (widest - part.width) / 2;
        const placed = shiftedPart(part, phase / PHASES / scale + room);
        const { ascent, descent } = line;
        const area = { x: 0, y: -ascent, width: part.width, height: ascent + descent };
        return partContent(
          placed,
          { fill: appearance.color, shadows: appearance.shadows, area },
          scale,
        );
      };
      const content = (value: number | null, phase: number): PlacedText | null => {
        const place = (value ?? 0) * PHASES + phase;
        const known = contents[place];
        if (known !== undefined) return known;
        const painted = paint(value, phase);
        contents[place] = painted;
        return painted;
      };
      return { x, digitAt: group.digitAt, content };
    });
    return {
      width: line.width + shift,
      ascent: line.ascent,
      descent: line.descent,
      pieces: (text, left, baseline, prefix = '') =>
        piecesOf(cells, text, { left, baseline, prefix }, scale),
    };
  };

  return (text) => {
    const template = isTabular ? alike(text) : text;
    const known = lines.get(template);
    if (known !== undefined) return known;
    const made = make(template);
    lines.set(template, made);
    return made;
  };
}

/** From the top of a line to its baseline, on a whole pixel. Half of what the line is higher than its font goes above it (CSS half-leading). */
export function baselineOf(
  lineHeight: number,
  { ascent, descent }: Pick<CellLine, 'ascent' | 'descent'>,
  scale: number,
): number {
  const exact = (lineHeight - ascent - descent) / 2 + ascent;
  return Math.round(exact * scale) / scale;
}
