import { barPieces, partAlong } from '../../render/bar.js';
import { PLAIN, toContent, type Shadow } from '../../render/content.js';
import { baselineOf, type CellLine } from '../../render/line-cells.js';
import { toPiece, type BoxPart, type Piece, type ViewContext } from '../../render/piece.js';
import type { Arrangement } from './arrangement.js';
import type { PlacedOption } from './order.js';
import type { VoteLayer } from './schema.js';
import type { TextAppearance, VoteTexts } from './texts.js';

/** An option with what is said about it. */
export type ShownOption = PlacedOption & {
  readonly isWinner: boolean;
  readonly figures: string;
  readonly appearance: TextAppearance;
};

/** What the options of a layer have in common. */
export type Poll = {
  readonly layer: VoteLayer;
  readonly arranged: Arrangement;
  readonly isRightToLeft: boolean;
  /** What a full bar stands for, in votes. */
  readonly fullValue: number;
  /** Of figures, in units: smaller than that of labels where they have too little room. */
  readonly figuresFontSize: number;
  readonly barShadows: readonly Shadow[];
  readonly texts: VoteTexts;
};

/** Room between a label and its figures, of the font size. */
const BETWEEN_EM = 0.6;

/** What lies below the bar of an option, and the bar. */
function barOf(
  { option, isWinner }: ShownOption,
  poll: Poll,
  box: BoxPart,
  scale: number,
): Piece[] {
  if (box.width <= 0 || box.height <= 0) return [];
  const { layer, arranged, barShadows, fullValue } = poll;
  const decoration = { ...PLAIN, cornerRadius: layer.barRadius, shadows: barShadows };
  const drawing = { kind: 'rectangle', fill: layer.trackColor } as const;
  const track = toContent(drawing, decoration, box, scale);
  const winnerFill = isWinner ? (layer.winner?.fill ?? null) : null;
  const bar = {
    name: `${option.id} bar`,
    box,
    direction: arranged.direction,
    share: shareOf(option.value, fullValue),
    fill: winnerFill ?? option.color ?? layer.fill,
    cornerRadius: layer.barRadius,
  };
  return [toPiece(`${option.id} track`, track, box.x, box.y), ...barPieces(bar, scale)];
}

function shareOf(value: number, fullValue: number): number {
  return fullValue > 0 ? Math.min(1, value / fullValue) : 0;
}

/** @param room - width that the figures beside it leave, in units */
function labelOf(
  { option, appearance }: ShownOption,
  poll: Poll,
  { text, room }: { readonly text: BoxPart; readonly room: number },
  context: ViewContext,
): Piece[] {
  if (option.label === '' || room <= 0 || text.height <= 0) return [];
  const { layer, arranged, isRightToLeft } = poll;
  const { fontFamily, fontStyle, digits, orientation } = layer;
  const isUpright = orientation === 'vertical';
  const font = { fontFamily, fontStyle, digits, fontSize: arranged.fontSize };
  const align = isUpright ? 'center' : isRightToLeft ? 'right' : 'left';
  const box = { width: room, height: text.height };
  const cell = { ...font, ...appearance, text: option.label, align, x: 0, width: room } as const;
  const bare = { background: 'transparent', cornerRadius: [0, 0], shadows: [] } as const;
  const content = poll.texts.label({ ...box, ...bare, cells: [cell] }, context);
  const x = isRightToLeft && !isUpright ? text.x + text.width - room : text.x;
  return [toPiece(`${option.id} label`, content, x, text.y)];
}

/** Where figures begin: beside the label, or on top of an upright bar, wherever that ends. */
function figuresPlace(
  { option }: ShownOption,
  { layer, arranged, isRightToLeft, fullValue }: Poll,
  { bar, text }: { readonly bar: BoxPart; readonly text: BoxPart },
  line: CellLine,
): { readonly left: number; readonly top: number; readonly height: number } {
  const { height, width } = text;
  if (layer.orientation === 'horizontal')
    return { left: isRightToLeft ? text.x : text.x + width - line.width, top: text.y, height };
  const filled = partAlong(bar, 'up', 0, shareOf(option.value, fullValue) * bar.height);
  const left = bar.x + (bar.width - line.width) / 2;
  return { left, top: filled.y - arranged.lineHeight, height: arranged.lineHeight };
}

/** All that is drawn of an option. */
export function optionPieces(shown: ShownOption, poll: Poll, context: ViewContext): Piece[] {
  const { option, place, figures, appearance } = shown;
  const { layer, arranged, figuresFontSize, texts } = poll;
  const { scale } = context;
  const { bar, text } = arranged.placeAt(place + option.shift);
  const line = texts.figures(layer, appearance, figuresFontSize, context)(figures);
  const { left, top, height } = figuresPlace(shown, poll, { bar, text }, line);
  const baseline = Math.round(top * scale) / scale + baselineOf(height, line, scale);
  const isBeside = layer.orientation === 'horizontal' && figures !== '';
  const taken = isBeside ? line.width + arranged.fontSize * BETWEEN_EM : 0;
  return [
    ...barOf(shown, poll, bar, scale),
    ...labelOf(shown, poll, { text, room: text.width - taken }, context),
    ...line.pieces(figures, left, baseline, `${option.id} figures `),
  ];
}
