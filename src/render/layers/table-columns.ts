import type { LayerOf } from '../../scene/schema/layer.js';
import { toFont, type MeasureText } from '../text-metrics.js';

type Table = LayerOf<'table'>;
type Column = Table['columns'][number];

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
  ...{ key: 'rank', title: '#', width: 'auto', align: 'center', format: null },
};

function naturalWidth(layer: Table, { column, texts }: ColumnTexts, measure: MeasureText): number {
  const { fontFamily, fontStyle, header, cellPadding } = layer;
  const look = { fontFamily, fontStyle, fontSize: column.fontSize ?? layer.fontSize };
  const font = toFont({ ...look, fontWeight: column.fontWeight ?? layer.fontWeight });
  const { fontSize, fontWeight } = header;
  const title = header.visible
    ? measure(toFont({ ...look, fontSize, fontWeight }), 0, column.title).width
    : 0;
  const cells = texts.map((text) => measure(font, 0, text).width);
  return Math.ceil(Math.max(title, ...cells)) + 2 * cellPadding;
}

/**
 * Places columns from left to right: those of pixels and those as wide as their texts first, the others share what is
 * left. Where there is too little room, those as wide as their texts are made narrower.
 */
export function placeColumns(
  layer: Table,
  columns: readonly ColumnTexts[],
  measure: MeasureText,
): PlacedColumn[] {
  const wanted = columns.map((one) => {
    const { width } = one.column;
    if (typeof width === 'number') return { fixed: width, auto: 0, share: 0 };
    return width === 'auto'
      ? { fixed: 0, auto: naturalWidth(layer, one, measure), share: 0 }
      : { fixed: 0, auto: 0, share: Number.parseFloat(width) };
  });
  const sum = (part: 'fixed' | 'auto' | 'share'): number =>
    wanted.reduce((total, one) => total + one[part], 0);
  const [fixed, auto, shares] = [sum('fixed'), sum('auto'), sum('share')];
  const room = Math.max(0, layer.width - fixed);
  const narrowing = auto > room ? room / auto : 1;
  const left = Math.max(0, room - auto);
  let x = 0;
  return columns.map(({ column }, i): PlacedColumn => {
    const own = wanted[i] ?? { fixed: 0, auto: 0, share: 0 };
    const shared = shares === 0 ? 0 : (own.share / shares) * left;
    const width = own.fixed + own.auto * narrowing + shared;
    const { title, align, color, fontSize, fontWeight } = column;
    const placed = {
      ...{ title, align, color, x, width },
      fontSize: fontSize ?? layer.fontSize,
      fontWeight: fontWeight ?? layer.fontWeight,
    };
    x += width;
    return placed;
  });
}
