import { toChannels } from '../../scene/color.js';
import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, toContent, type Content, type Shadow, type TextBlock } from '../content.js';
import type { TextEngine } from './engine.js';
import { setCell, type RowCell } from './cell.js';
import { overhangOf } from './text-room.js';

/** All that a row looks like, wherever it stands. */
export type RowAppearance = {
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

/** A row as one bitmap: its background and its texts. */
export function rowContent(appearance: RowAppearance, scale: number, text: TextEngine): Content {
  const { width, height, background, cornerRadius, shadows } = appearance;
  const block: TextBlock = {
    kind: 'text-block',
    texts: appearance.cells
      .filter((cell) => cell.text !== '' && cell.width > 0)
      .map((cell) => setCell(cell, height, text)),
    stroke: null,
    shadows: [],
    area: { x: 0, y: 0, width, height },
    panel: isVisiblePaint(background) ? { fill: background, border: null, cornerRadius } : null,
  };
  const overhang = overhangOf(Math.max(0, ...appearance.cells.map(({ fontSize }) => fontSize)));
  return toContent(block, { ...PLAIN, shadows }, { width, height, overhang }, scale);
}
