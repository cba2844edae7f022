import type { Layer } from '../scene/schema/layer.js';
import { frameOf } from './frame-piece.js';
import { baselineOf, createLineCells, type LineCells } from './line-cells.js';
import {
  decorationOf,
  keptByAppearance,
  type LayerView,
  type Piece,
  type ViewContext,
  type ViewOf,
} from './piece.js';
import { toCleanText } from './text/clean.js';
import { alignmentOf } from './text/text-room.js';

/** A layer that shows a time: what all such kinds have. */
type TimeStyle = Extract<Layer, { type: 'clock' | 'countdown' | 'timer' | 'stopwatch' }>;

/** What is the same at every moment. */
type TimeAppearance = {
  readonly lineHeight: number;
  readonly cells: LineCells;
  readonly frame: (width: number, height: number) => Piece[];
};

function timeAppearanceOf(layer: TimeStyle, { scale, text }: ViewContext): TimeAppearance {
  const { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, direction, digits } = layer;
  const decoration = decorationOf(layer);
  const style = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, direction, digits };
  const appearance = { color: layer.color, shadows: decoration.shadows };
  return {
    lineHeight: fontSize * layer.lineHeight,
    cells: createLineCells(text, style, appearance, scale),
    frame: (width, height) => frameOf(decoration, { width, height }, scale),
  };
}

/** A text of one or more lines as a layer shows it. */
function viewLines(
  layer: TimeStyle,
  appearance: TimeAppearance,
  text: string,
  scale: number,
): LayerView {
  const { lineHeight, cells, frame } = appearance;
  const lines = toCleanText(text)
    .split('\n')
    .map((shown) => ({ shown, line: cells(shown) }));
  const natural = Math.max(1, ...lines.map(({ line }) => Math.ceil(line.width)));
  const width = layer.width ?? natural;
  const height = layer.height ?? lineHeight * lines.length;
  const pieces = lines.flatMap(({ shown, line }, i) => {
    const left = (width - line.width) * alignmentOf(layer.align);
    const top = Math.round(i * lineHeight * scale) / scale;
    const prefix = i === 0 ? '' : `${i}:`;
    return line.pieces(shown, left, top + baselineOf(lineHeight, line, scale), prefix);
  });
  return { width, height, pieces: [...frame(width, height), ...pieces] };
}

/** Shows a text that may be another one in every frame, of one or more lines. */
export function createTimeView<L extends TimeStyle>(
  textAt: (layer: L, context: ViewContext) => string,
): ViewOf<L> {
  const keptAppearance = keptByAppearance<TimeAppearance>();
  return (layer, context) => {
    const appearance = keptAppearance(context.appearance, () => timeAppearanceOf(layer, context));
    return viewLines(layer, appearance, textAt(layer, context), context.scale);
  };
}
