import type { BlockText } from '../content.js';
import type { TextEngine } from './engine.js';
import { stylesOf } from './text-block.js';
import type { Digits } from './text-spec.js';

/** A text in a row. */
export type RowCell = {
  readonly text: string;
  readonly align: 'left' | 'center' | 'right';
  /** Where the text may stand, in units from the left edge of the row. */
  readonly x: number;
  readonly width: number;
  readonly fontFamily: string;
  readonly fontStyle: 'normal' | 'italic';
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly color: string;
  readonly digits: Digits;
};

/** Sets the text of a cell on one line in the middle of its row, cut off with … where it is too long. */
export function setCell(cell: RowCell, rowHeight: number, text: TextEngine): BlockText {
  const { fontFamily, fontSize, fontWeight, fontStyle, align, color } = cell;
  const layout = text.setText({
    spans: [
      {
        text: cell.text,
        fontFamily,
        fontSize,
        fontWeight,
        fontStyle,
        letterSpacing: 0,
        objectWidth: null,
      },
    ],
    width: cell.width,
    height: rowHeight,
    wrap: 'none',
    align,
    verticalAlign: 'middle',
    lineHeight: 1.2,
    maxLines: 1,
    fit: 'none',
    minFontSize: fontSize,
    direction: 'auto',
    digits: cell.digits,
  });
  const { key, lines, fonts } = layout;
  return { key, x: cell.x, y: 0, lines, fonts, styles: stylesOf(layout, [], color) };
}
