import type { TextEngine } from '../../render/text/engine.js';
import type { TableLayer } from './schema.js';

type Column = TableLayer['columns'][number];

/** What a column looks like and where it is. */
export type PlacedColumn = Pick<Column, 'align' | 'color'> & {
  readonly title: string;
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly x: number;
  readonly width: number;
};

/** The texts of a column, by which it may be as wide as it needs. */
export type ColumnTexts = { readonly column: Column; readonly texts: readonly string[] };

/** The column of the places, before all others. */
export const RANK_COLUMN: Column = {
  key: 'rank',
  title: '#',
  width: 'auto',
  align: 'center',
  format: null,
};

/** What is read by its last letter too: scores, times, sums, with a unit of a few letters. */
function isFigure(text: string): boolean {
  return /\p{Nd}/u.test(text) && (text.match(/\p{L}/gu)?.length ?? 0) <= FIGURE_LETTERS;
}

const FIGURE_LETTERS = 4;

/** How wide a column wants to be, and how narrow it may become: figures are whole, words are trimmed. */
type Wish = { readonly least: number; readonly natural: number };

function wishOf(layer: TableLayer, { column, texts }: ColumnTexts, engine: TextEngine): Wish {
  const { fontFamily, fontStyle, header, cellPadding, digits } = layer;
  const widthOf = (text: string, fontSize: number, fontWeight: number): number => {
    const font = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0 };
    return engine.setLine({ text, ...font, direction: 'auto', digits }).width;
  };
  const title = header.visible ? widthOf(column.title, header.fontSize, header.fontWeight) : 0;
  const fontSize = column.fontSize ?? layer.fontSize;
  const fontWeight = column.fontWeight ?? layer.fontWeight;
  const cells = Math.max(0, ...texts.map((text) => widthOf(text, fontSize, fontWeight)));
  const filled = texts.filter((text) => text !== '');
  const isOfFigures = filled.length > 0 && filled.every(isFigure);
  return {
    least: isOfFigures ? Math.ceil(cells) + 2 * cellPadding : 0,
    natural: Math.ceil(Math.max(title, cells)) + 2 * cellPadding,
  };
}

/**
 * Widths of columns that have so much room together. Where it is too little the widest give way first, so that short
 * names stay whole beside a long one; figures give way only where they alone are too wide.
 */
export function fitColumns(wishes: readonly Wish[], room: number): number[] {
  const sum = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);
  const natural = wishes.map((wish) => wish.natural);
  if (sum(natural) <= room) return natural;
  const least = wishes.map((wish) => wish.least);
  const isTight = sum(least) >= room;
  const atLevel = (level: number): number[] =>
    wishes.map((wish) =>
      isTight ? Math.min(level, wish.least) : Math.min(wish.natural, Math.max(level, wish.least)),
    );
  let [low, high] = [0, Math.max(...natural)];
  for (let i = 0; i < LEVEL_STEPS; i++) {
    const level = (low + high) / 2;
    if (sum(atLevel(level)) > room) high = level;
    else low = level;
  }
  return atLevel(low);
}

/** Halvings after which a level is known to far below a pixel. */
const LEVEL_STEPS = 30;

/** Shares of so much room, none less than the least of its column. */
function shareRoom(shares: readonly number[], least: readonly number[], room: number): number[] {
  const isFixed = shares.map((share) => share === 0);
  for (;;) {
    const fixed = least.reduce((sum, px, i) => (isFixed[i] === true ? sum + px : sum), 0);
    const all = shares.reduce((sum, share, i) => (isFixed[i] === true ? sum : sum + share), 0);
    const unit = all === 0 ? 0 : Math.max(0, room - fixed) / all;
    const next = shares.findIndex(
      (share, i) => isFixed[i] === false && share * unit < (least[i] ?? 0),
    );
    if (next < 0)
      return shares.map((share, i) => (isFixed[i] === true ? (least[i] ?? 0) : share * unit));
    isFixed[next] = true;
  }
}

/**
 * Places columns from left to right: those of pixels and those as wide as their texts first, the others share what is
 * left, as the tracks of a CSS grid do.
 */
export function placeColumns(
  layer: TableLayer,
  columns: readonly ColumnTexts[],
  engine: TextEngine,
): PlacedColumn[] {
  const wishes = columns.map((one) => wishOf(layer, one, engine));
  const shares = columns.map(({ column: { width } }) =>
    typeof width === 'string' && width !== 'auto' ? Number.parseFloat(width) : 0,
  );
  const least = wishes.map((wish, i) => (shares[i] === 0 ? 0 : wish.least));
  const fixed = columns.map(({ column: { width } }) => (typeof width === 'number' ? width : 0));
  const sum = (widths: readonly number[]): number => widths.reduce((a, b) => a + b, 0);
  const room = Math.max(0, layer.width - sum(fixed));
  const auto = fitColumns(
    wishes.map((wish, i) =>
      columns[i]?.column.width === 'auto' ? wish : { least: 0, natural: 0 },
    ),
    Math.max(0, room - sum(least)),
  );
  const shared = shareRoom(shares, least, Math.max(0, room - sum(auto)));
  let x = 0;
  return columns.map(({ column }, i): PlacedColumn => {
    const width = (fixed[i] ?? 0) + (auto[i] ?? 0) + (shared[i] ?? 0);
    const { title, align, color, fontSize, fontWeight } = column;
    const placed = {
      title,
      align,
      color,
      x,
      width,
      fontSize: fontSize ?? layer.fontSize,
      fontWeight: fontWeight ?? layer.fontWeight,
    };
    x += width;
    return placed;
  });
}
