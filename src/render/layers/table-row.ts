import { toChannels } from '../../scene/color.js';
import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, toContent, type Content, type Shadow, type TextBlock } from '../content.js';
import { layoutText } from '../text/layout.js';
import type { MeasureText } from '../text-metrics.js';
import { overhangOf } from './text.js';

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
};

/** All that a row looks like, wherever it stands. */
export type RowLook = {
  readonly width: number;
  readonly height: number;
  readonly background: Paint;
  readonly cornerRadius: readonly [upper: number, lower: number];
  readonly shadows: readonly Shadow[];
  readonly cells: readonly RowCell[];
};

/** Whether a fill is seen. */
export function isVisiblePaint(paint: Paint): boolean {
  return typeof paint !== 'string' || toChannels(paint)[3] > 0;
}

/** A row as one bitmap: its background and its texts, each on one line and cut off with … where it is too long. */
export function rowContent(look: RowLook, scale: number, measure: MeasureText): Content {
  const { width, height, background, cornerRadius, shadows } = look;
  const set = look.cells
    .filter((cell) => cell.text !== '' && cell.width > 0)
    .map((cell) => {
      const { text, fontFamily, fontSize, fontWeight, fontStyle } = cell;
      const span = { text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0 };
      const layout = layoutText(
        {
          ...{ spans: [span], width: cell.width, height, align: cell.align, maxLines: 1 },
          ...{ wrap: 'none', verticalAlign: 'middle', lineHeight: 1.2, direction: 'auto' },
          ...{ fit: 'none', minFontSize: fontSize },
        },
        measure,
      );
      return { cell, layout };
    });
  const block: TextBlock = {
    kind: 'text-block',
    styles: set.map(({ cell, layout }) => ({
      ...{ font: layout.fonts[0]?.font ?? '', fontSize: cell.fontSize, letterSpacing: 0 },
      ...{ fill: cell.color, underline: false, strikethrough: false },
    })),
    runs: set.flatMap(({ cell, layout }, style) =>
      layout.lines.flatMap(({ runs, baseline }) =>
        runs.map((run) => ({
          ...{ style, text: run.text, isRightToLeft: run.isRightToLeft },
          ...{ x: cell.x + run.x, baseline, width: run.width },
        })),
      ),
    ),
    stroke: null,
    shadows: [],
    area: { x: 0, y: 0, width, height },
    panel: isVisiblePaint(background) ? { fill: background, border: null, cornerRadius } : null,
  };
  const overhang = overhangOf(Math.max(0, ...look.cells.map(({ fontSize }) => fontSize)));
  return toContent(block, { ...PLAIN, shadows }, { width, height }, scale, overhang);
}
